"""The page "Month by month": figures, signals, empty wards, the setting by user, CSV, the log."""

import csv
import io
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from scoring import actions, queries
from scoring.models import AuditEvent
from scoring.report.validation.by_user import FEWEST_NAMED
from tests import cast
from tests.life import acts
from tests.validation.ward import (
    ASSESSED_AT,
    cohort_file,
    early,
    everybody,
    on_record,
    reviewer,
    with_pain,
)
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/validation/drift"
# One patient every fifth day: March to September 2025.
MANY = 34


def operated_on(place: int) -> date:
    return cast.OPERATION + timedelta(days=5 * place)


def more_pain_than_expected() -> None:
    """Everybody from the twentieth patient on."""
    on_record(
        cohort_file(), of=range(MANY), operated_on=operated_on, pain=lambda place: place >= 20
    )


@pytest.fixture
def client() -> Client:
    return signed_in(reviewer())


def switched_on() -> None:
    actions.change_ward_settings(
        by=None,
        facts={"shows_users_funnel": True},
        opened=queries.ward_settings().revision,
        origin=actions.NOWHERE,
    )


# ---- What it says -------------------------------------------------------------------------------


def test_nobody(client: Client) -> None:
    page = Page(client.get(PAGE))
    assert "Not enough data." in page.text
    assert "Numbers by month" not in page.text
    assert "Export the months" not in page.text
    assert "Signal" not in page.text


def test_one_patient_is_no_ratio(client: Client) -> None:
    with_pain(early())
    page = Page(client.get(PAGE))
    assert "No signal." in page.text
    assert "Mar 2025 1 1 0.8 too few 0 0" in page.text
    assert "until 200 assessments are analyzed" in page.text


def test_a_month_tells_how_many_are_pending(client: Client) -> None:
    with_pain(early(cast.person("H1")))
    acts.outcome(early(cast.person("H2")), acts.measured(3, 6))
    page = Page(client.get(PAGE))
    assert "incomplete, outcomes pending: Mar 2025: 1" in page.text
    assert "Mar 2025 1 1 0.8 too few 1 0" in page.text


def test_only_pending_outcomes(client: Client) -> None:
    early()
    page = Page(client.get(PAGE))
    assert "Not enough data." in page.text
    assert "Mar 2025 0 – – – 1 0" in page.text


def test_a_signal_says_what_was_found_and_what_to_look_at(client: Client) -> None:
    more_pain_than_expected()
    page = Page(client.get(PAGE))
    assert "More residual back pain than the model expects since Jun 2025:" in page.text
    assert "Less residual back pain" not in page.text
    assert "The chart reached its limit on " in page.text
    assert "A signal changes nothing by itself." in page.text
    for look in ("Data entry and units", "Case mix", "Completeness of outcomes", "in practice"):
        assert look in page.text
    # The same sentence, quietly, on the page of the validation.
    said = page.text[page.text.index("More residual") : page.text.index(" A signal changes")]
    validation = Page(client.get("/validation"))
    assert f"Latest signal: {said} Month by month" in validation.text


def test_no_signal_while_outcomes_are_as_the_file_has_them(client: Client) -> None:
    on_record(cohort_file(), of=range(MANY), operated_on=operated_on)
    assert "No signal." in Page(client.get(PAGE)).text
    assert "Latest signal" not in Page(client.get("/validation")).text


def test_a_signal_is_for_reviewers_alone() -> None:
    more_pain_than_expected()
    worklist = Page(signed_in(cast.alice()).get("/"))
    assert "than the model expects" not in worklist.text
    assert signed_in(cast.alice()).get(PAGE).status_code == 403


def test_the_period_is_that_of_the_form(client: Client) -> None:
    more_pain_than_expected()
    page = Page(client.get(f"{PAGE}?operated_to=2025-05-31"))
    assert "No signal." in page.text
    assert "May 2025" in page.text
    assert "Jun 2025" not in page.text
    answered = client.get(f"{PAGE}?operated_from=soon")
    assert answered.status_code == 422
    assert "enter a date such as" in Page(answered).html


def test_the_report_has_it_too(client: Client) -> None:
    more_pain_than_expected()
    with patch("scoring.http.printing.pdf_of", side_effect=str.encode):
        said = Page(client.get("/validation/report")).text
    assert "More residual back pain than the model expects since Jun 2025:" in said
    assert "Jul 2025" in said
    assert "Steiner et al. 2000" in said


# ---- The file, and the log ----------------------------------------------------------------------


def test_the_file_has_the_figures_of_the_page(client: Client) -> None:
    on_record(cohort_file(), of=range(12), operated_on=operated_on, pain=lambda place: place == 0)
    answered = client.post(f"{PAGE}/export?operated_from=2025-03-01")
    text = b"".join(answered.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["month"] for row in rows] == ["2025-03", "2025-04", "2025-05"]
    assert [row["analyzed"] for row in rows] == ["4", "6", "2"]
    assert [row["residual_back_pain"] for row in rows] == ["1", "0", "0"]
    cohort = queries.validation_cohort(everybody())
    assert sum(float(row["expected"]) for row in rows) == pytest.approx(cohort.risk.sum(), abs=1e-5)
    line = AuditEvent.objects.get(action="drift_exported")
    assert line.detail["operated_from"] == "2025-03-01"
    assert line.detail["found"] == 12


def test_looking_is_logged(client: Client) -> None:
    client.get(f"{PAGE}?operated_to=2026-01-31")
    line = AuditEvent.objects.get(action="drift_viewed")
    assert (line.actor, line.detail["operated_to"]) == ("rita", "2026-01-31")
    client.get(f"{PAGE}?operated_to=never")
    assert AuditEvent.objects.filter(action="drift_viewed").count() == 1
    assert client.post(f"{PAGE}/export?operated_to=never").status_code == 302
    assert not AuditEvent.objects.filter(action="drift_exported").exists()


# ---- By user ------------------------------------------------------------------------------------


def test_by_user_is_off_until_an_administrator_switches_it_on(client: Client) -> None:
    with_pain(early())
    assert "by user" not in Page(client.get(PAGE)).text
    switched_on()
    page = Page(client.get(PAGE))
    assert "Observed and expected by user" in page.text
    assert "does not compare surgeons" in page.text


def test_users_with_few_assessments_are_not_named(client: Client) -> None:
    cohort, few = cohort_file(), FEWEST_NAMED - 1
    on_record(cohort, of=range(FEWEST_NAMED), user=cast.alice())
    on_record(cohort, of=range(FEWEST_NAMED, FEWEST_NAMED + few), user=cast.bob())
    switched_on()
    found = queries.validation_by_user(everybody())
    assert [(one.name, one.figures.n) for one in found] == [
        ("Dr Alice Moore", FEWEST_NAMED),
        ("Dr Bob Keller", few),
    ]
    events = sum(bool(event) for event in cohort.event[:FEWEST_NAMED])
    assert found[0].figures.events == events
    page = Page(client.get(PAGE))
    assert f"1 Dr Alice Moore {FEWEST_NAMED} {events} " in page.text
    assert "Bob" not in page.text
    assert f"1 user with fewer than {FEWEST_NAMED} assessments analyzed" in page.text


def test_who_completed_an_assessment_recorded_its_index_assessment() -> None:
    """Neither who began it nor who amended it later."""
    with patch.object(timezone, "now", return_value=ASSESSED_AT):
        made = acts.completed(acts.provisional(), by=cast.bob())
    with_pain(acts.amended(made, by=acts.cara()))
    assert [one.name for one in queries.validation_by_user(everybody())] == ["Dr Bob Keller"]
