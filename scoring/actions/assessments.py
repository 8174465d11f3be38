"""Assessments and their versions."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from scoring import nomogram
from scoring.actions.log import log_event
from scoring.actions.patients import HospitalNumberTakenError, register_patient
from scoring.entry import AssessmentEntry, PatientEntry, Submission
from scoring.models import Assessment, AssessmentChain, AuditEvent, Patient, ReportCounter, User
from scoring.models.assessment import SCENARIO_FIELDS
from scoring.models.codes import AgeSource, Change, State
from scoring.nomogram.eligibility import population


class AgeUnknownError(ValueError):
    """Neither a birth date on record nor a stated age: there is nothing to score."""


def record_assessment(
    *, by: User, patient: Patient | PatientEntry, entry: AssessmentEntry, submission: Submission
) -> Assessment:
    """Score and keep a first version; the same form sent twice gives the one it made.

    Raises PredictorError where a predictor cannot be scored, AgeUnknownError without any age,
    and HospitalNumberTakenError where a new patient's number is on record; nothing is kept then.
    """
    already = Assessment.objects.filter(form_token=submission.token).first()
    if already is not None:
        return already
    try:
        return _record_first_version(by=by, patient=patient, entry=entry, submission=submission)
    except (IntegrityError, HospitalNumberTakenError):
        # A second press that ran alongside the first: its token is there by now.
        already = Assessment.objects.filter(form_token=submission.token).first()
        if already is None:
            raise
        return already


@transaction.atomic
def _record_first_version(
    *, by: User, patient: Patient | PatientEntry, entry: AssessmentEntry, submission: Submission
) -> Assessment:
    now = timezone.now()
    if isinstance(patient, PatientEntry):
        patient = register_patient(by=by, entry=patient, origin=submission.origin)
    assessment = scored_version(patient=patient, entry=entry)
    assessment.chain = _new_chain(now)
    assessment.version = 1
    assessment.change = Change.NEW
    _stamp(assessment, by=by, token=submission.token, at=now)
    assessment.save(force_insert=True)
    log_event(
        by=by,
        action=AuditEvent.Action.ASSESSMENT_RECORDED,
        origin=submission.origin,
        assessment=assessment,
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


def _stamp(assessment: Assessment, *, by: User, token: UUID, at: datetime) -> None:
    assessment.form_token = token
    assessment.created_at = at
    assessment.created_by = by
    assessment.created_by_name = str(by)


def scored_version(*, patient: Patient, entry: AssessmentEntry) -> Assessment:
    """An unsaved version: what was entered and what the model makes of it."""
    age_years = patient.age_on(entry.operation_date)
    age_source = AgeSource.BIRTH_DATE
    if age_years is None:
        age_years, age_source = entry.age_years, AgeSource.STATED
    if age_years is None:
        raise AgeUnknownError
    result = nomogram.assess(entry.inputs(age_years))
    return Assessment(
        patient=patient,
        birth_date=patient.birth_date,
        age_source=age_source,
        age_years=age_years,
        state=State.PROVISIONAL if result.provisional else State.FINAL,
        population=population(entry.answers),
        **_entered(entry),
        **_computed(result),
    )


def _entered(entry: AssessmentEntry) -> dict[str, object]:
    return {
        **{criterion.value: answer.value for criterion, answer in entry.answers.items()},
        "operation_date": entry.operation_date,
        "operation_time": entry.operation_time,
        "operation_status": entry.operation_status,
        "fracture_level": entry.fracture_level,
        "t_score": entry.t_score.value,
        "t_score_entered": entry.t_score.entered,
        "dxa_date": entry.t_score.source_date,
        "dxa_site": entry.dxa_site,
        "trauma_history": entry.trauma_history,
        "trauma_history_date": entry.trauma_history_date,
        "posterior_fascia_edema": entry.posterior_fascia_edema,
        "mri_date": entry.mri_date,
        "pdw_fl": entry.pdw.value,
        "pdw_entered": entry.pdw.entered,
        "pdw_unit": "fL",
        "pdw_date": entry.pdw.source_date,
        "chloride_mmol_l": entry.chloride.value,
        "chloride_entered": entry.chloride.entered,
        "chloride_date": entry.chloride.source_date,
        "mvh_restored": entry.mvh_restored,
        "radiograph_date": entry.radiograph_date,
    }


def _computed(result: nomogram.Result) -> dict[str, object]:
    values: dict[str, object] = {
        f"points_{name}": points for name, points in result.points.as_dict().items()
    }
    for scenario in result.scenarios:
        prefix = "restored" if scenario.mvh_restored else "not_restored"
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
