"""Assessments and their versions."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.laboratory_sources import NOTHING_TAKEN, Taken, keep_sources
from scoring.actions.log import log_event
from scoring.actions.patients import HospitalNumberTakenError, register_patient
from scoring.actions.recalibrations import keep_recalibrated
from scoring.actions.scored import scored_version, stamp
from scoring.entry import AssessmentEntry, PatientEntry, Submission
from scoring.models import Assessment, AssessmentChain, AuditEvent, Patient, ReportCounter, User
from scoring.models.codes import Change


def record_assessment(
    *,
    by: User,
    patient: Patient | PatientEntry,
    entry: AssessmentEntry,
    submission: Submission,
    taken: Taken = NOTHING_TAKEN,
) -> Assessment:
    """Score and keep a first version; the same form sent twice gives the one it made.

    ``taken``: the results of laboratories that the values were taken from.

    Raises PredictorError where a predictor cannot be scored, AgeUnknownError without any age,
    and HospitalNumberTakenError where a new patient's number is on record; nothing is kept then.
    """
    already = queries.made_by_form(Assessment, submission.token)
    if already is not None:
        return already
    try:
        return _record_first_version(
            by=by, patient=patient, entry=entry, submission=submission, taken=taken
        )
    except (IntegrityError, HospitalNumberTakenError):
        # A second press that ran alongside the first: its token is there by now.
        already = queries.made_by_form(Assessment, submission.token)
        if already is None:
            raise
        return already


@transaction.atomic
def _record_first_version(
    *,
    by: User,
    patient: Patient | PatientEntry,
    entry: AssessmentEntry,
    submission: Submission,
    taken: Taken,
) -> Assessment:
    now = timezone.now()
    if isinstance(patient, PatientEntry):
        patient = register_patient(by=by, entry=patient, origin=submission.origin)
    assessment = scored_version(patient=patient, entry=entry)
    assessment.chain = _new_chain(now)
    assessment.version = 1
    assessment.change = Change.NEW
    stamp(assessment, by=by, token=submission.token, at=now)
    assessment.save(force_insert=True)
    recalibrated = keep_recalibrated(assessment)
    sources = keep_sources(assessment, taken)
    # The database made it the chain's current version.
    assessment.chain.refresh_from_db()
    log_event(
        by=by,
        action=AuditEvent.Action.ASSESSMENT_RECORDED,
        origin=submission.origin,
        assessment=assessment,
        record=[assessment.chain, assessment, *recalibrated, *sources],
    )
    return assessment


def _new_chain(now: datetime) -> AssessmentChain:
    """A chain with the next report number of the year; the counter's row is the lock."""
    year = timezone.localtime(now).year
    ReportCounter.objects.get_or_create(year=year)
    counter = ReportCounter.objects.select_for_update().get(year=year)
    counter.last_serial += 1
    counter.save()
    return AssessmentChain.objects.create(report_year=year, report_serial=counter.last_serial)
