"""What was entered, scored: the rows that versions of an assessment are made of."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from scoring.entry import AssessmentEntry
from scoring.entry.rules import completed_years
from scoring.models import Assessment, Patient, User
from scoring.models.codes import AgeSource, State
from scoring.models.readback import SCENARIO_FIELDS
from scoring.nomogram.eligibility import population
from scoring.nomogram.model import Result
from scoring.nomogram.rong2025.model import RONG_2025


class AgeUnknownError(ValueError):
    """Neither a birth date on record nor a stated age: there is nothing to score."""


def stamp(assessment: Assessment, *, by: User, token: UUID, at: datetime) -> None:
    """Who made a version, when, and from which form."""
    assessment.form_token = token
    assessment.created_at = at
    assessment.created_by = by
    assessment.created_by_name = str(by)


def scored_version(
    *, patient: Patient, entry: AssessmentEntry, age_as_in: Assessment | None = None
) -> Assessment:
    """An unsaved version: what was entered and what the model makes of it.

    The age follows from the patient's birth date on the day of the operation, or is the one
    entered, or the one frozen with an earlier version.
    """
    birth_date = patient.birth_date if age_as_in is None else age_as_in.birth_date
    stated = entry.age_years if age_as_in is None else age_as_in.age_years
    age_years = stated if birth_date is None else completed_years(birth_date, entry.operation_date)
    if age_years is None:
        raise AgeUnknownError
    result = RONG_2025.assess(entry.inputs(age_years))
    return Assessment(
        patient=patient,
        birth_date=birth_date,
        age_source=AgeSource.STATED if birth_date is None else AgeSource.BIRTH_DATE,
        age_years=age_years,
        state=State.PROVISIONAL if result.provisional else State.FINAL,
        population=population(entry.answers),
        **entry.recorded(),
        **_computed(result),
    )


def _computed(result: Result) -> dict[str, object]:
    values: dict[str, object] = {f"points_{name}": points for name, points in result.points.items()}
    for scenario in result.scenarios:
        prefix = "restored" if scenario.late_answer else "not_restored"
        numbers = (scenario.total_points, scenario.risk, *scenario.ci95, *scenario.band)
        values |= {
            f"{prefix}_{field}": number
            for field, number in zip(SCENARIO_FIELDS, numbers, strict=True)
        }
    return values | {
        "cautions": [asdict(caution) for caution in result.cautions],
        "model_identifier": result.model.identifier,
        "model_version": result.model.version,
        "model_name": result.model.name,
    }
