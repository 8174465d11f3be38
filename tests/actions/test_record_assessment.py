"""Recording an assessment: the paper's example to the digit, once, whole or not at all."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from unittest.mock import patch
from uuid import uuid4

import pytest

from scoring import actions
from scoring.entry import AssessmentEntry, Origin, Submission
from scoring.models import Assessment, AssessmentChain, AuditEvent, Patient, ReportCounter
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests.nomogram.examples import WORKED_EXAMPLE
from tests.same_moment import at_once

Action = AuditEvent.Action
WORKERS = 6


def _nothing_on_record() -> bool:
    models = (Assessment, AssessmentChain, Patient, ReportCounter)
    recording = AuditEvent.objects.exclude(action=Action.USER_CREATED)
    return not any(model.objects.exists() for model in models) and not recording.exists()


@pytest.mark.django_db
def test_the_worked_example_of_the_paper() -> None:
    entry = cast.worked_example(operation_time=time(8, 30))
    kept = cast.recorded(entry=entry)
    result = RONG_2025.assess(WORKED_EXAMPLE)
    (scenario,) = result.scenarios
    assert kept.not_restored_total_points == pytest.approx(183.886, abs=1e-9)
    assert kept.not_restored_risk == pytest.approx(0.761, abs=2e-3)
    # Stored unrounded, to the last bit.
    assert kept.result == result
    assert (kept.not_restored_ci95_low, kept.not_restored_ci95_high) == scenario.ci95
    assert (kept.not_restored_band_low, kept.not_restored_band_high) == scenario.band
    assert kept.restored_risk is None
    points = {
        "age": 19.0,
        "bmd": 16.32,
        "trauma_history": 19.58,
        "posterior_fascia_edema": 44.21,
        "pdw": 23.596,
        "chloride": 25.5,
        "mvh": 35.68,
    }
    for name, expected in points.items():
        assert getattr(kept, f"points_{name}") == pytest.approx(expected, abs=1e-9), name
    assert kept.cautions == [
        {
            "code": "t_score_above_osteoporosis",
            "predictor": "t_score",
            "value": -2.0,
            "low": None,
            "high": -2.5,
        }
    ]


@pytest.mark.django_db
def test_everything_entered_is_kept_as_entered() -> None:
    entry = cast.worked_example(operation_time=time(8, 30), pdw_fl=cast.measured("12,80"))
    kept = cast.recorded(entry=entry)
    expected = {
        "state": "final",
        "change": "new",
        "version": 1,
        "reason": "",
        "supersedes_id": None,
        "created_by": cast.alice(),
        "created_by_name": "Dr Alice Moore",
        "birth_date": cast.BORN,
        "age_source": "birth_date",
        "age_years": 80,
        "operation_date": date(2025, 3, 13),
        "operation_time": time(8, 30),
        "operation_status": "done",
        "fracture_level": "L1",
        "population": "as_study",
        "t_score": Decimal("-2.0"),
        "t_score_entered": "-2.0",
        "dxa_date": date(2025, 3, 10),
        "dxa_site": "lumbar_spine",
        "trauma_history": True,
        "trauma_history_date": date(2025, 3, 9),
        "posterior_fascia_edema": True,
        "mri_date": date(2025, 3, 12),
        "pdw_fl": Decimal("12.80"),
        "pdw_entered": "12,80",
        "pdw_unit": "fL",
        "pdw_date": cast.LAB,
        "chloride_mmol_l": Decimal("105"),
        "chloride_entered": "105",
        "chloride_date": cast.LAB,
        "mvh_restored": False,
        "radiograph_date": date(2025, 3, 14),
        "model_identifier": "rong-2025",
        "model_version": "2",
        "model_name": "Rong 2025, reconstruction 2",
    }
    assert {name: getattr(kept, name) for name in expected} == expected
    assert kept.answers == entry.answers
    assert kept.vas_due_dates == (date(2025, 3, 16), date(2025, 4, 12))


@pytest.mark.django_db
def test_provisional_keeps_both_risks() -> None:
    kept = cast.recorded(entry=cast.before_the_radiograph())
    assert (kept.state, kept.points_mvh) == ("provisional", None)
    restored, not_restored = kept.result.scenarios
    assert (restored.code, not_restored.code) == ("if_restored", "if_not_restored")
    assert restored.total_points == pytest.approx(148.206, abs=1e-9)
    assert not_restored.total_points - restored.total_points == pytest.approx(35.68, abs=1e-9)
    assert not_restored.risk == pytest.approx(0.761, abs=2e-3)
    assert restored.risk == pytest.approx(0.427, abs=2e-3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "population"),
    [
        ({}, "as_study"),
        ({"infection": Answer.NOT_ASSESSED}, "not_fully_assessed"),
        ({"infection": Answer.YES}, "outside"),
        ({"infection": Answer.YES, "single_vertebra": Answer.NOT_ASSESSED}, "outside"),
    ],
)
def test_eligibility_places_the_patient(changes: dict[str, Answer], population: str) -> None:
    kept = cast.recorded(entry=cast.worked_example(answers=cast.study_answers(**changes)))
    assert kept.population == population
    assert {c: kept.answers[c] for c in map(Criterion, changes)} == changes


@pytest.mark.django_db
def test_age_as_stated_where_no_birth_date_is_known() -> None:
    kept = cast.recorded(cast.person(birth_date=None), cast.worked_example(age_years=80))
    assert (kept.age_source, kept.age_years, kept.birth_date) == ("stated", 80, None)
    assert kept.not_restored_total_points == pytest.approx(183.886, abs=1e-9)


@pytest.mark.django_db
def test_a_birth_date_on_record_goes_before_a_stated_age() -> None:
    assert cast.recorded(entry=cast.worked_example(age_years=60)).age_years == 80


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (cast.worked_example(pdw_fl=cast.measured("34.81")), PredictorError),
        (cast.worked_example(chloride_mmol_l=cast.measured("75.7")), PredictorError),
        (cast.worked_example(operation_date=date(2046, 3, 13)), PredictorError),
    ],
    ids=["PDW", "chloride", "age"],
)
def test_what_cannot_be_scored_leaves_no_trace(
    entry: AssessmentEntry, error: type[ValueError]
) -> None:
    by = cast.alice()
    with pytest.raises(error):
        actions.record_assessment(
            by=by, patient=cast.person(), entry=entry, submission=cast.submission()
        )
    assert _nothing_on_record()


@pytest.mark.django_db
def test_without_any_age_there_is_nothing_to_score() -> None:
    with pytest.raises(actions.AgeUnknownError):
        cast.recorded(cast.person(birth_date=None))
    assert _nothing_on_record()


@pytest.mark.django_db
def test_a_failing_access_log_undoes_everything() -> None:
    by = cast.alice()
    original = AuditEvent.objects.create

    def fail_at_the_assessment(**values: object) -> AuditEvent:
        if values["action"] == Action.ASSESSMENT_RECORDED:
            raise RuntimeError("no room on the disk")
        return original(**values)

    with (
        patch.object(AuditEvent.objects, "create", fail_at_the_assessment),
        pytest.raises(RuntimeError, match="no room"),
    ):
        actions.record_assessment(
            by=by, patient=cast.person(), entry=cast.worked_example(), submission=cast.submission()
        )
    assert _nothing_on_record()


@pytest.mark.django_db
def test_the_access_log_says_who_recorded_what_from_where() -> None:
    by = cast.bob()
    kept = actions.record_assessment(
        by=by,
        patient=cast.person(),
        entry=cast.worked_example(),
        submission=Submission(token=uuid4(), origin=Origin(address="192.0.2.7")),
    )
    registered, recording = AuditEvent.objects.exclude(action=Action.USER_CREATED).order_by("id")
    assert registered.action == Action.PATIENT_REGISTERED
    assert registered.patient_id == kept.patient_id
    assert recording.action == Action.ASSESSMENT_RECORDED
    assert recording.assessment_id == kept.pk
    for event in (registered, recording):
        assert (event.actor, event.actor_name) == ("bob", "Dr Bob Keller")
        assert (event.hospital_number, event.address) == ("H100234", "192.0.2.7")


@pytest.mark.django_db
def test_the_same_form_sent_twice_makes_one_assessment() -> None:
    token = uuid4()
    first = cast.recorded(token=token)
    assert cast.recorded(token=token) == first
    assert cast.recorded(first.patient, token=token) == first
    assert (Assessment.objects.count(), Patient.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(action=Action.ASSESSMENT_RECORDED).count() == 1


@pytest.mark.django_db
def test_a_hospital_number_of_somebody_else_is_not_taken_over() -> None:
    cast.recorded()
    with pytest.raises(actions.HospitalNumberTakenError):
        cast.recorded(cast.person(" h100234", family_name="Li"))
    assert (Assessment.objects.count(), Patient.objects.get().family_name) == (1, "Wang")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False], ids=["known patient", "new patient"])
def test_two_presses_at_once_make_one_assessment(known: bool) -> None:
    by, token = cast.alice(), uuid4()
    patient = cast.registered() if known else cast.person()

    def press() -> Assessment:
        return cast.recorded(patient, by=by, token=token)

    made, refused = at_once([press] * WORKERS)
    assert not refused
    assert len({assessment.pk for assessment in made}) == 1
    assert (Assessment.objects.count(), Patient.objects.count()) == (1, 1)
    # The presses that lost took no report number with them.
    assert cast.recorded(made[0].patient, by=by).chain.report_serial == 2


@pytest.mark.django_db(transaction=True)
def test_report_numbers_have_no_gaps_and_no_doubles() -> None:
    by = cast.alice()
    spoiled = cast.worked_example(pdw_fl=cast.measured("99"))

    def record(number: int) -> Assessment:
        kept = cast.recorded(cast.person(f"H{number}"), by=by)
        with pytest.raises(PredictorError):
            cast.recorded(cast.person(f"X{number}"), spoiled, by=by)
        return cast.recorded(kept.patient, by=by)

    _made, refused = at_once([partial(record, n) for n in range(WORKERS)])
    assert not refused
    serials = AssessmentChain.objects.order_by("report_serial").values_list(
        "report_serial", flat=True
    )
    assert list(serials) == list(range(1, 2 * WORKERS + 1))


@pytest.mark.django_db
def test_report_numbers_start_again_with_the_year_of_the_ward() -> None:
    by = cast.alice()
    numbers = []
    for moment in (
        datetime(2025, 12, 31, 15, 59, tzinfo=UTC),  # 23:59 in Shanghai
        datetime(2025, 12, 31, 16, 0, tzinfo=UTC),  # midnight
        datetime(2026, 6, 1, 0, 0, tzinfo=UTC),
    ):
        with patch("django.utils.timezone.now", return_value=moment):
            numbers.append(cast.recorded(cast.person(f"H{moment:%j%H}"), by=by).chain.report_number)
    assert numbers == ["RBP-2025-000001", "RBP-2026-000001", "RBP-2026-000002"]
