"""Patients of a cohort file on record, with the outcomes it gives them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch
from uuid import uuid4

from django.contrib.auth.models import Permission
from django.utils import timezone

from scoring import actions, queries
from scoring.actions.scored import scored_version, stamp
from scoring.entry import AssessmentEntry, Input, PatientEntry
from scoring.evaluation.outcome_cohort import InclusionStatus, OutcomeCohort
from scoring.models import Assessment, AssessmentChain, Outcome, Patient, User
from scoring.models.codes import Change
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import CohortFilter
from scoring.study.cohort_file import CohortFile, read_cohort
from tests import cast
from tests.database_roles import as_owner
from tests.life import acts
from tests.statistics.reference.values import COHORT_CSV

PUBLISHED = (RONG_2025.identifier, RONG_2025.version)
# Assessed the day after the operation, before any VAS.
ASSESSED_AT = timezone.make_aware(datetime(2025, 3, 14, 15, 0))


def reviewer() -> User:
    """May see the validation, and nothing besides."""
    found = User.objects.filter(username="rita").first()
    user = found or actions.create_user(
        by=None, username="rita", display_name="Rita Review", password=cast.PASSWORD
    )
    return reviewer_too(user)


def reviewer_too(user: User) -> User:
    """Somebody who may see it besides what they may else."""
    # Past the roles, which the site can't give.
    with as_owner():
        user.user_permissions.add(Permission.objects.get(codename="view_validation"))
    return user


def everybody(**changes: object) -> CohortFilter:
    """Whoever there is, of the published model."""
    return CohortFilter(**{"model": PUBLISHED, **changes})  # type: ignore[arg-type]


def found(**changes: object) -> OutcomeCohort:
    """The cohort as the page reads it."""
    return queries.validation_cohort(everybody(**changes))


def cohort_file() -> CohortFile:
    """The 569 patients whose numbers R has worked out, too."""
    with COHORT_CSV.open("rb") as stream:
        return read_cohort(stream)


def _number(value: float) -> Input:
    number = Decimal(repr(value))
    return Input(value=number, typed=str(number))


def _entry(patients: CohortFile, place: int, operated_on: date) -> AssessmentEntry:
    cohort = patients.cohort
    return cast.worked_example(
        operation_date=operated_on,
        radiograph_date=operated_on + timedelta(days=1),
        age_years=int(cohort["age_years"][place]),
        t_score=_number(float(cohort["t_score"][place])),
        trauma_history=bool(cohort["trauma_history"][place]),
        posterior_fascia_edema=bool(cohort["posterior_fascia_edema"][place]),
        pdw_fl=_number(float(cohort["pdw_fl"][place])),
        chloride_mmol_l=_number(float(cohort["chloride_mmol_l"][place])),
        mvh_restored=bool(cohort["mvh_restored"][place]),
    )


def on_record(
    patients: CohortFile,
    *,
    of: range | None = None,
    operated_on: Callable[[int], date] = lambda _place: cast.OPERATION,
    pain: Callable[[int], bool] | None = None,
    user: User | None = None,
) -> None:
    """Put them on record at a stroke; the database's own triggers do the rest.

    By place in the file: ``operated_on`` is the day of the operation, ``pain`` the outcome where it
    is not the file's.
    """
    user, now = user or cast.alice(), timezone.now()
    has_pain = pain or (lambda place: bool(patients.event[place]))
    places = of or range(len(patients.ids))
    people = [
        Patient(
            hospital_number=patients.ids[place],
            sex="not_known",
            created_at=now,
            created_by=user,
        )
        for place in places
    ]
    Patient.objects.bulk_create(people)
    first = AssessmentChain.objects.count() + 1
    chains = AssessmentChain.objects.bulk_create(
        AssessmentChain(report_year=2025, report_serial=first + i) for i in range(len(people))
    )
    versions = []
    for place, patient, chain in zip(places, people, chains, strict=True):
        day = operated_on(place)
        version = scored_version(patient=patient, entry=_entry(patients, place, day))
        version.chain, version.version, version.change = chain, 1, Change.NEW
        stamp(version, by=user, token=uuid4(), at=ASSESSED_AT + (day - cast.OPERATION))
        versions.append(version)
    Assessment.objects.bulk_create(versions)
    Outcome.objects.bulk_create(
        Outcome(
            chain=chain,
            time_point=day,
            version=1,
            vas=6 if has_pain(place) else 2,
            measured_on=operated_on(place) + timedelta(days=day),
            form_token=uuid4(),
            created_at=now,
            created_by=user,
            created_by_name=str(user),
        )
        for place, chain in zip(places, chains, strict=True)
        for day in (3, 30)
    )


def with_pain(assessment: Assessment, day_3: int = 6, day_30: int = 5) -> Assessment:
    """Both VAS of an assessment recorded."""
    acts.outcome(assessment, acts.measured(3, day_3))
    acts.outcome(assessment, acts.measured(30, day_30))
    return assessment


def made_at(
    moment: datetime,
    patient: Patient | PatientEntry | None = None,
    entry: AssessmentEntry | None = None,
) -> Assessment:
    """A final assessment recorded at a moment of the ward's clock."""
    with patch.object(timezone, "now", return_value=moment):
        return cast.recorded(patient, entry)


def early(
    patient: Patient | PatientEntry | None = None, entry: AssessmentEntry | None = None
) -> Assessment:
    """Made the day after the operation, as wards make them."""
    return made_at(ASSESSED_AT, patient, entry)


def statuses(cohort: OutcomeCohort) -> list[InclusionStatus]:
    """Where each assessment stands, in the order of the statuses."""
    return sorted(InclusionStatus(code) for code in cohort.status.tolist())


def only(cohort: OutcomeCohort) -> InclusionStatus:
    """Where the one assessment stands."""
    (status,) = statuses(cohort)
    return status
