"""Patients, assessments and outcomes as pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from scoring.entry.folding import normalised_hospital_number
from scoring.entry.ids import uuid_in
from scoring.entry.rules import UNDO_TIME
from scoring.models import (
    Assessment,
    AssessmentChain,
    Outcome,
    Patient,
    PatientCorrection,
    Recalibration,
    RecalibrationDecision,
    User,
)
from scoring.models.codes import OperationStatus, State
from scoring.queries.need_to_know import seen
from scoring.queries.outcomes import TimePointOutcome, by_time_point

# What forms make, each once by its one-time token.
# What forms make; each carries the token of its form.
Record = Assessment | Outcome | PatientCorrection | Recalibration | RecalibrationDecision
Made = TypeVar("Made", bound=Record)
RECENT_ROWS = 10
SHOWN_OF_PATIENT = 3


def patient_by_number(number: str) -> Patient | None:
    """The patient with this hospital number, in whatever spelling it was typed."""
    if "\0" in number:
        # Nobody's, and no database takes it.
        return None
    return Patient.objects.filter(hospital_number=normalised_hospital_number(number)).first()


def patient_by_id(pk: str) -> Patient | None:
    """The patient of an id in a link; None if the text is no id of a patient."""
    found = uuid_in(pk)
    return None if found is None else Patient.objects.filter(pk=found).first()


def patient_of(pk: UUID) -> Patient | None:
    """The patient that a page is about by the id in its address: the patient's, an assessment's."""
    return Patient.objects.filter(Q(pk=pk) | Q(assessments__pk=pk)).first()


def has_synthetic_patients() -> bool:
    """Whether synthetic patients are on record; every page then says so."""
    return Patient.objects.filter(synthetic=True).exists()


def assessments() -> QuerySet[Assessment]:
    """Every version on record with what a row of a list shows, newest first."""
    return Assessment.objects.select_related("patient", "chain").order_by("-created_at", "-id")


def whole_assessments() -> QuerySet[Assessment]:
    """As ``assessments``, with the adjusted risk kept with a version: for a page about one."""
    return assessments().select_related("recalibrated__recalibration")


def predecessor_of(version: Assessment) -> Assessment | None:
    """The version that this one replaced; None where it is the first."""
    found = version.supersedes
    if found and found.patient_id == version.patient_id:
        found.patient = version.patient
    return found


def current_version(chain: AssessmentChain) -> Assessment:
    """The current version of an assessment."""
    return assessments().get(current_of=chain)


PATIENT_IN_LISTS = (
    *(f"patient__{name}" for name in ("family_name", "given_name", "hospital_number")),
    *(f"patient__{name}" for name in ("birth_date", "sex", "synthetic")),
)
# What lists show of a version and its chain: a fifth of their columns.
IN_LISTS = (
    *("created_at", "created_by_name", "state", "operation_date", "fracture_level", "age_years"),
    *("restored_total_points", "not_restored_total_points"),
    *("restored_risk", "not_restored_risk"),
    *("restored_band_low", "restored_band_high", "not_restored_band_low", "not_restored_band_high"),
    "model_version",
    *(f"chain__{name}" for name in ("current", "state", "vas_day_3", "vas_day_30", "rbp")),
    "chain__current__patient",
    *PATIENT_IN_LISTS,
)


def listed_assessments() -> QuerySet[Assessment]:
    """As ``assessments``, for lists, which have many rows and show little of each."""
    return assessments().select_related("chain__current").only(*IN_LISTS)


def made_by_form(kind: type[Made], token: UUID | None) -> Made | None:
    """What a form with this token has made already; None where there is no token to be read."""
    if token is None:
        return None
    made = cast("QuerySet[Made]", kind._default_manager.filter(form_token=token))
    # Most forms are sent once, and a statement that only asks for that is made sooner.
    return made.get() if made.exists() else None


def ward_assessments() -> QuerySet[Assessment]:
    """The latest current versions of the whole ward; voided ones are in no worklist."""
    return _in_use(listed_assessments()).filter(seen("patient__"))[:RECENT_ROWS]


def _in_use(versions: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return versions.filter(current_of__isnull=False).exclude(state=State.VOIDED)


def saved_lately(by: User, pk: UUID) -> Outcome | Assessment | None:
    """The outcome or version with this key, if this user made it in the last ten minutes."""
    since = timezone.now() - UNDO_TIME
    for kind in (Outcome, Assessment):
        mine = kind._default_manager.filter(pk=pk, created_by=by, created_at__gte=since)
        if found := mine.select_related("chain").first():
            return found
    return None


@dataclass(frozen=True)
class ChainOfVersions:
    """One assessment of a patient: current version, those it superseded, outcomes."""

    current: Assessment
    earlier: list[Assessment]
    outcomes: list[TimePointOutcome]


# What the time line shows of a version: a fifth of its columns.
_ON_THE_TIME_LINE = (
    "chain",
    "patient",
    "version",
    "change",
    "reason",
    "created_at",
    "created_by_name",
    "state",
    "birth_date",
    "age_years",
    "operation_date",
    "operation_time",
    "operation_status",
    "fracture_level",
    "mvh_restored",
    "restored_total_points",
    "not_restored_total_points",
    "restored_risk",
    "not_restored_risk",
    "restored_band_low",
    "restored_band_high",
    "not_restored_band_low",
    "not_restored_band_high",
    *(
        f"chain__{name}"
        for name in ("report_year", "report_serial", "current", "state", "operation_date", "rbp")
    ),
)


def patient_chains(patient: Patient) -> list[ChainOfVersions]:
    """The assessments of one patient, the latest first, versions under the current one.

    An assessment that moved to another patient is left with the versions that were made here;
    the latest of them leads to the rest.
    """
    versions: dict[UUID, list[Assessment]] = {}
    # By the patient, who is known already and need not be read again with every version.
    found = patient.assessments.select_related("chain").only(*_ON_THE_TIME_LINE)
    found = found.order_by("-created_at", "-id")
    for assessment in found:
        versions.setdefault(assessment.chain_id, []).append(assessment)
    outcomes = list(Outcome.objects.filter(chain__in=list(versions)).order_by("-version"))
    newest_first = (sorted(found, key=lambda a: -a.version) for found in versions.values())
    return [
        ChainOfVersions(
            current=found[0],
            earlier=found[1:],
            outcomes=by_time_point(found[0].chain, outcomes),
        )
        for found in newest_first
    ]


def assessments_in_use(patient: Patient) -> QuerySet[Assessment]:
    """The latest current versions of a patient; voided ones are left out."""
    return _in_use(listed_assessments()).filter(patient=patient)[:SHOWN_OF_PATIENT]


def comparable_assessments(patient: Patient) -> list[Assessment]:
    """The current versions of a patient, the latest operation first; voided ones are left out."""
    found = _in_use(assessments()).filter(patient=patient)
    return list(found.order_by("-operation_date", "-created_at"))


def earlier_operation(
    patient: Patient, before: date, *, besides: Assessment | None
) -> Assessment | None:
    """The latest operation of a patient that was done before a day; None where there is none."""
    done = _in_use(assessments()).filter(
        patient=patient, operation_status=OperationStatus.DONE, operation_date__lt=before
    )
    if besides is not None:
        done = done.exclude(chain=besides.chain_id)
    return done.exclude(state=State.CANCELLED).order_by("-operation_date").first()


def same_operation(
    patient: Patient, operation_date: date, fracture_level: str, *, besides: Assessment | None
) -> Assessment | None:
    """Another assessment in use of the same vertebra and day; None where there is none."""
    found = _in_use(assessments()).exclude(state=State.CANCELLED)
    found = found.filter(
        patient=patient, operation_date=operation_date, fracture_level=fracture_level
    )
    if besides is not None:
        found = found.exclude(chain=besides.chain_id)
    return found.first()
