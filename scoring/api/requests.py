"""What is sent about the record: objects whose keys are those of the record."""

from typing import Any

from pydantic import create_model

from scoring.api import values
from scoring.api.shape import Body, needing
from scoring.forms import AssessmentForm
from scoring.models.codes import (
    FRACTURE_LEVELS,
    DxaSite,
    NotEvaluable,
    OperationStatus,
    Rbp,
    TimePoint,
)
from scoring.models.patient import Sex
from scoring.nomogram.eligibility import Answer, Criterion, Population
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.model import AGE, RONG_2025
from scoring.queries import CutoffSide, DisplayState

MOST_ROWS = 50
_MOST_CONFIRMED = 50
_NOT_KNOWN = "null: not known."
_IDENTITY = f"{_NOT_KNOWN} Not needed with the id of a patient on record."


class Patient(Body):
    """Whose assessment it is: somebody on record by number and id, or a new patient's identity."""

    model_config = needing("hospital_number")

    hospital_number: Any = values.text(longest=32)
    id: Any = values.identifier(
        nullable=True, description="Of a patient on record whom the application has been shown."
    )
    family_name: Any = values.text(longest=100, nullable=True, description=_IDENTITY)
    given_name: Any = values.text(longest=100, nullable=True, description=_IDENTITY)
    birth_date: Any = values.day(nullable=True, description=_IDENTITY)
    sex: Any = values.choice(Sex.values, nullable=True)


def _of(predictor: Predictor) -> Any:
    if predictor == AGE:
        return values.number(
            {"type": "integer"},
            nullable=True,
            description="In years; needed where the date of birth is not known.",
        )
    if isinstance(predictor, NumericPredictor):
        return values.of_predictor(predictor)
    if predictor.may_be_unknown:
        return values.answer(nullable=True, description="null: not known yet.")
    return values.answer()


def _version_fields() -> dict[str, Any]:
    """The fields of the form, in its order."""
    kinds: dict[str, Any] = {
        "operation_status": values.choice(OperationStatus.values),
        "operation_date": values.day(),
        "operation_time": values.clock(),
        "fracture_level": values.choice([code for code, _word in FRACTURE_LEVELS]),
        **{criterion.value: values.choice(list(Answer)) for criterion in Criterion},
    }
    for predictor in RONG_2025.predictors:
        kinds[predictor.field] = _of(predictor)
        beside = predictor.provenance
        if beside is None:
            continue
        if beside.unit_field:
            kinds[beside.unit_field] = values.unit(RONG_2025.numeric[predictor.field].unit)
        if beside.site_field:
            kinds[beside.site_field] = values.choice(DxaSite.values, nullable=True)
        kinds[beside.date_field] = values.day(nullable=True)
    return kinds


def _needed() -> list[str]:
    fields = AssessmentForm().fields
    # Not asked before the operation.
    later = Criterion.NEW_VERTEBRAL_FRACTURE.value
    return [name for name in _KINDS if fields[name].required and name != later]


_KINDS = _version_fields()
_fields: dict[str, Any] = {name: (Any, kind) for name, kind in _KINDS.items()}
Version: type[Body] = create_model("Version", __base__=Body, **_fields)
Version.model_config.update(needing(*_needed()))
Version.model_rebuild(force=True)


class Confirmed(Body):
    """The keys of unusual values that are right; the answer that asks about them names the keys."""

    confirmed: Any = values.texts(
        longest=1000,
        most=_MOST_CONFIRMED,
        description="The keys of “questions” that somebody has answered.",
    )


class NewAssessment(Confirmed):
    """A first version."""

    patient: Patient
    version: Version  # type: ignore[valid-type]


class Reason(Body):
    """Why a record is changed."""

    model_config = needing("reason")

    reason: Any = values.text(longest=500)


class OptionalReason(Body):
    """Why, where the address says what happened."""

    reason: Any = values.text(longest=500, nullable=True)


class Postponement(Confirmed):
    """The new day of a planned operation."""

    model_config = needing("operation_date")

    operation_date: Any = values.day()


class Amendment(Reason, Confirmed):
    """The whole corrected version; without ``patient`` it stays that of the same patient."""

    model_config = needing("reason", "version")

    version: Version  # type: ignore[valid-type]
    patient: Patient | None = None


class Completion(Confirmed):
    """The finding of the 24-hour radiograph."""

    model_config = needing("mvh_restored")

    mvh_restored: Any = values.answer()
    radiograph_date: Any = values.day(nullable=True)
    new_vertebral_fracture: Any = values.choice(
        [Answer.YES.value, Answer.NO.value],
        nullable=True,
        description="Whether a vertebra fractured since; only where it was not assessed before.",
    )


class Correction(Reason, Confirmed):
    """The whole corrected identity."""

    model_config = needing(
        "hospital_number", "family_name", "given_name", "birth_date", "sex", "reason"
    )

    hospital_number: Any = values.text(longest=32)
    family_name: Any = values.text(longest=100, nullable=True, description=_NOT_KNOWN)
    given_name: Any = values.text(longest=100, nullable=True, description=_NOT_KNOWN)
    birth_date: Any = values.day(nullable=True, description=_NOT_KNOWN)
    sex: Any = values.choice(Sex.values)


class Move(Reason):
    """The ward that a patient is to belong to."""

    model_config = needing("ward", "reason")

    ward: Any = values.text(
        longest=100, nullable=True, description="Its name; null: of no ward, open to everybody."
    )


class NewOutcome(Confirmed):
    """A VAS with its date, or why there is none; a correction needs a reason."""

    vas: Any = values.number({"type": "integer", "minimum": 0, "maximum": 10}, nullable=True)
    measured_on: Any = values.day(nullable=True)
    not_evaluable: Any = values.choice(NotEvaluable.values, nullable=True)
    new_vertebral_fracture: Any = values.answer(
        nullable=True, description=f"Asked with the VAS of day {TimePoint.DAY_30.value}."
    )
    reason: Any = values.text(longest=500, nullable=True)


class Search(Body):
    """What the assessments on record are narrowed down to."""

    text: Any = values.text(
        longest=100,
        nullable=True,
        description="Hospital number, name, birth date or report number.",
    )
    assessed_from: Any = values.day(nullable=True)
    assessed_to: Any = values.day(nullable=True)
    state: Any = values.choice([one.value for one in DisplayState], nullable=True)
    cutoff: Any = values.choice([one.value for one in CutoffSide], nullable=True)
    outcome: Any = values.choice(Rbp.values, nullable=True)
    population: Any = values.choice([one.value for one in Population], nullable=True)
    rows: Any = values.number(
        {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        nullable=True,
        description="15 if left out.",
    )
    before: Any = values.text(
        longest=100, nullable=True, description="“older” of the answer before."
    )
