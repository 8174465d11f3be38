"""``script/server --demo``: a ward that shows every page what it can do, and how to sign in."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from scoring import actions, queries
from scoring.entry.folding import cjk_characters
from scoring.evaluation.outcome_cohort import InclusionStatus
from scoring.models import (
    Assessment,
    AssessmentChain,
    AuditEvent,
    AuditWaiting,
    Outcome,
    Patient,
    ReportCounter,
    Role,
    User,
)
from scoring.models.codes import State
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics.calibration import observed_expected, recalibration_fit
from scoring.statistics.discrimination import auc
from script.lib.abort import Abort
from script.lib.demonstration import accounts
from script.lib.demonstration.acts import Course
from script.lib.demonstration.courses import PATIENTS, draw_courses
from script.lib.demonstration.make import demonstrate
from script.lib.demonstration.record import Record
from tests import cast
from tests.web.html import Page

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 14)


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def small_ward() -> list[Course]:
    return draw_courses(patients=60, operated_again=5, seed=7, today=TODAY)


def typed_by_staff(courses: list[Course]) -> set[str]:
    """The reasons of versions and of corrected outcomes."""
    return {act.reason for course in courses for act in course.acts} - {""}


# ---- The ward as it is shown -------------------------------------------------------------------


def test_every_page_of_a_small_ward_answers() -> None:
    staff = accounts.make_accounts(timezone.now())
    today = timezone.localdate()
    Record(staff, Random(1)).write(  # noqa: S311
        draw_courses(patients=30, operated_again=2, seed=3, today=today)
    )
    client = Client()
    client.force_login(staff["clinician"])
    for assessment in Assessment.objects.all():
        _must_answer(client, reverse("assessment-result", args=[assessment.pk]))
    for patient in Patient.objects.all():
        _must_answer(client, reverse("patient-detail", args=[patient.pk]))
        assert patient.synthetic
        assert patient.hospital_number.startswith("SYN-")
    worklist = Page(client.get(reverse("worklist"))).text
    assert "2 radiographs, 2 VAS of day 3 and 3 of day 30 due" in worklist
    assert worklist.count("days late") == 1


def test_staff_of_a_chinese_site_write_chinese(settings: Settings) -> None:
    english = typed_by_staff(small_ward())
    settings.LANGUAGE_CODE = "zh-hans"
    courses = small_ward()
    chinese = typed_by_staff(courses)
    assert len(chinese) == len(english) >= 5
    assert not chinese & english
    assert all(cjk_characters(reason) for reason in chinese)
    names = [course.patient.family_name for course in courses]
    assert sum(bool(cjk_characters(name)) for name in names) > 0.8 * len(names)
    staff = accounts.make_accounts(timezone.now()).values()
    assert all(cjk_characters(user.display_name) for user in staff)


def _must_answer(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_shows_everything() -> None:
    said = demonstrate()
    assert f"Demonstration with {PATIENTS} synthetic patients" in said
    counts = [model.objects.count() for model in (Assessment, Outcome, User)]
    assert demonstrate() == said
    assert [model.objects.count() for model in (Assessment, Outcome, User)] == counts
    _planner_knows_the_tables()
    _passwords_open_one_account_of_each_role(said)
    _report_numbers_have_no_gap_and_follow_time()
    _nothing_lies_ahead()
    _names_are_in_one_script()
    _validation_has_plausible_figures()
    _lists_and_exports_answer()
    _ward_has_a_name()
    _log_is_whole()


def _planner_knows_the_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'scoring_assessment'")
        assert cursor.fetchone()[0] > 0


def _passwords_open_one_account_of_each_role(said: str) -> None:
    roles = set()
    for username, password in accounts.shown_passwords().items():
        assert username in said
        assert password in said
        client = Client()
        sent = {"username": username, "password": password}
        assert client.post(reverse("sign-in"), sent).status_code == 302
        roles |= set(User.objects.get(username=username).roles)
    assert roles == {role.value for role in Role}
    assert not User.objects.get(username="keller").has_usable_password()


def _report_numbers_have_no_gap_and_follow_time() -> None:
    last = dict(ReportCounter.objects.values_list("year", "last_serial"))
    first = Assessment.objects.filter(version=1).order_by("created_at", "chain__report_serial")
    given: dict[int, list[int]] = {}
    for year, serial in first.values_list("chain__report_year", "chain__report_serial"):
        given.setdefault(year, []).append(serial)
    assert {year: len(serials) for year, serials in given.items()} == last
    assert all(serials == list(range(1, len(serials) + 1)) for serials in given.values())


def _nothing_lies_ahead() -> None:
    now = timezone.now()
    for model in (Assessment, Outcome, Patient):
        assert not model.objects.filter(created_at__gt=now).exists()
    events = list(AuditEvent.objects.order_by("pk").values_list("at", flat=True))
    assert events == sorted(events)
    states = set(AssessmentChain.objects.values_list("state", flat=True))
    # Nothing is called off in the demonstration.
    assert states == set(State.values) - {State.CANCELLED, State.NO_RADIOGRAPH}


def _names_are_in_one_script() -> None:
    names = set(Patient.objects.values_list("family_name", "given_name"))
    chinese = {pair for pair in names if any(cjk_characters(part) for part in pair)}
    assert len(chinese) > 50
    assert all(cjk_characters(part) for pair in chinese for part in pair)
    assert len(names - chinese) > 200


def _validation_has_plausible_figures() -> None:
    cohort = queries.validation_cohort(
        queries.CohortFilter(model=(RONG_2025.identifier, RONG_2025.version), synthetic=True)
    )
    called_off = {InclusionStatus.CANCELLED, InclusionStatus.NO_RADIOGRAPH}
    found = {InclusionStatus(code) for code in set(cohort.status.tolist())}
    assert found == set(InclusionStatus) - called_off
    predictions = cohort.predictions
    assert len(predictions.event) > 550
    assert 0.65 < auc(predictions) < 0.85
    assert 0.75 < observed_expected(predictions).value < 1.3
    fit = recalibration_fit(predictions)
    assert 0.6 < float(fit.coefficients[1]) < 1.4


def _lists_and_exports_answer() -> None:
    reviewer = Client()
    reviewer.force_login(User.objects.get(username="reviewer"))
    page = _must_answer(reviewer, reverse("validation")).decode()
    assert "Synthetic patients." in page
    for name in ("worklist", "history", "model-versions", "access-log", "validation-report"):
        _must_answer(reviewer, reverse(name))
    for identifiers in ("with", "without"):
        answer = reviewer.post(reverse("history-export"), {"identifiers": identifiers})
        assert answer.status_code == 200
        rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        assert len(rows) == Assessment.objects.count() + 1
    administrator = Client()
    administrator.force_login(User.objects.get(username="administrator"))
    users = _must_answer(administrator, reverse("users")).decode()
    assert all(name in users for name in accounts.shown_passwords())


def _ward_has_a_name() -> None:
    heading = "Demonstration Hospital · Spine Surgery, Ward 7"
    assert queries.ward_settings().heading == heading
    administrator = Client()
    administrator.force_login(User.objects.get(username="administrator"))
    # The time zone is left, so that the card "First steps" is there to look at.
    page = _must_answer(administrator, reverse("users")).decode()
    assert page.count('<li class="done">') == 4
    assert f"{reverse('ward-settings')}#id_time_zone" in page


def _log_is_whole() -> None:
    assert AuditEvent.objects.count() > 3000
    actions.seal_waiting()
    told = io.StringIO()
    call_command("verify_log", stdout=told)
    assert "The access log is whole, and the record" in told.getvalue()
    assert "late" not in told.getvalue()
    assert not AuditWaiting.objects.exists()


# ---- Where there is none -----------------------------------------------------------------------


def test_a_database_with_accounts_or_patients_is_left_alone() -> None:
    cast.alice()
    with pytest.raises(Abort, match="a folder of its own"):
        demonstrate()
    assert not Patient.objects.exists()


def test_there_is_none_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(Abort, match="not for production"):
        demonstrate()
    assert not User.objects.exists()


def test_a_changed_password_is_not_shown_any_more() -> None:
    demonstrate(patients=30, operated_again=2)
    known = accounts.shown_passwords()["reviewer"]
    user = User.objects.get(username="reviewer")
    actions.change_own_password(by=user, password="one of my own", origin=actions.NOWHERE)
    said = demonstrate(patients=30, operated_again=2)
    assert known not in said
    assert "(changed since)" in said
    assert accounts.shown_passwords()["clinician"] in said


def test_too_few_patients_make_no_ward() -> None:
    with pytest.raises(ValueError, match="at least 30 patients"):
        draw_courses(patients=29, operated_again=2, seed=1, today=TODAY)


def test_the_same_day_draws_the_same_ward() -> None:
    assert small_ward() == small_ward()
    other = draw_courses(patients=60, operated_again=5, seed=7, today=TODAY + timedelta(days=1))
    assert other != small_ward()
