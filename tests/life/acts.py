"""What people of the ward do to an assessment, with the usual words filled in.

Every one goes through the actions, as the site does it, and gives what is on record afterwards.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from scoring import actions, queries
from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from scoring.models import Assessment, Outcome, Patient, Role, User
from scoring.nomogram.eligibility import Answer
from tests import cast

REASON = "Chloride was read from the wrong sheet"


def cara() -> User:
    """Dr Cara Novak, the third of the ward."""
    return cast.account("cara", "Dr Cara Novak", Role.CLINICIAN)


def read(pk: UUID) -> Assessment:
    """A version as a page reads it."""
    return queries.assessments().get(pk=pk)


def provisional(hospital_number: str = "H100234", **changes: object) -> Assessment:
    """An assessment that waits for its radiograph."""
    return cast.recorded(cast.person(hospital_number), cast.before_the_radiograph(**changes))


def completed(
    of: Assessment,
    *,
    restored: bool = False,
    radiograph_date: date | None = None,
    new_fracture: Answer | None = None,
    by: User | None = None,
    token: UUID | None = None,
) -> Assessment:
    made = actions.complete(
        by=by or cast.alice(),
        assessment=of,
        mvh_restored=restored,
        radiograph_date=radiograph_date,
        new_fracture=new_fracture,
        submission=cast.submission(token),
    )
    return read(made.pk)


def amended(
    of: Assessment,
    entry: AssessmentEntry | None = None,
    patient: Patient | PatientEntry | None = None,
    *,
    reason: str = REASON,
    by: User | None = None,
    token: UUID | None = None,
) -> Assessment:
    made = actions.amend(
        by=by or cast.alice(),
        assessment=of,
        patient=patient or of.patient,
        entry=entry or of.entry,
        reason=reason,
        submission=cast.submission(token),
    )
    return read(made.pk)


def voided(
    of: Assessment,
    *,
    reason: str = "entered for the wrong patient",
    by: User | None = None,
    token: UUID | None = None,
) -> Assessment:
    made = actions.void(
        by=by or cast.alice(), assessment=of, reason=reason, submission=cast.submission(token)
    )
    return read(made.pk)


def reinstated(
    of: Assessment,
    *,
    reason: str = "it was the right patient",
    by: User | None = None,
    token: UUID | None = None,
) -> Assessment:
    made = actions.reinstate(
        by=by or cast.alice(), assessment=of, reason=reason, submission=cast.submission(token)
    )
    return read(made.pk)


def without_radiograph(of: Assessment, **more: Any) -> Assessment:
    return _waiting(actions.note_no_radiograph, of, **more)


def cancelled(of: Assessment, **more: Any) -> Assessment:
    return _waiting(actions.cancel_operation, of, **more)


def resumed(of: Assessment, **more: Any) -> Assessment:
    return _waiting(actions.resume, of, **more)


def _waiting(
    action: Callable[..., Assessment],
    of: Assessment,
    *,
    reason: str = "",
    by: User | None = None,
    token: UUID | None = None,
) -> Assessment:
    made = action(
        by=by or cast.alice(), assessment=of, reason=reason, submission=cast.submission(token)
    )
    return read(made.pk)


def measured(
    time_point: int, vas: int, on: date | None = None, new_fracture: bool | None = None
) -> OutcomeEntry:
    """A VAS, asked for on the very day unless told otherwise."""
    return OutcomeEntry(
        time_point=time_point,
        vas=vas,
        measured_on=on or cast.OPERATION + timedelta(days=time_point),
        new_fracture=new_fracture,
    )


def not_evaluable(time_point: int, why: str = "lost") -> OutcomeEntry:
    """Why there is no VAS."""
    return OutcomeEntry(time_point=time_point, vas=None, measured_on=None, not_evaluable=why)


def outcome(
    of: Assessment,
    entry: OutcomeEntry,
    *,
    expected: Outcome | None = None,
    reason: str = "",
    by: User | None = None,
    token: UUID | None = None,
) -> Outcome:
    made = actions.record_outcome(
        by=by or cast.alice(),
        assessment=of,
        entry=entry,
        expected=expected,
        reason=reason or ("misread" if expected else ""),
        submission=cast.submission(token),
    )
    return Outcome.objects.select_related("chain").get(pk=made.pk)


def corrected(
    patient: Patient,
    entry: PatientEntry,
    *,
    reason: str = "misspelt at admission",
    by: User | None = None,
    token: UUID | None = None,
) -> Patient:
    made = actions.correct_patient(
        by=by or cast.alice(),
        patient=patient,
        entry=entry,
        reason=reason,
        submission=cast.submission(token),
    )
    return Patient.objects.get(pk=made.pk)


def operated_ago(days_ago: int, number: str) -> Assessment:
    """A provisional assessment of somebody operated on some days ago."""
    day = timezone.localdate() - timedelta(days=days_ago)
    entry = cast.before_the_radiograph(operation_date=day)
    return cast.recorded(cast.person(number), entry)
