"""The page, its report and what is kept of it: choices, cautions, degenerate wards, the log."""

import io
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from scoring.models import AuditEvent
from tests import cast
from tests.history.ward import seeded
from tests.life import acts, browse
from tests.validation.ward import cohort_file, early, on_record, reviewer, with_pain
from tests.web import html
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(reviewer())


def _report(client: Client, query: str = "") -> tuple[int, str]:
    answered = client.get(f"/validation/report{query}")
    assert answered.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answered.content)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def _report_text(client: Client, query: str = "") -> str:
    """What the report says, before it is set on paper, which takes a second."""
    with patch("scoring.http.printing.pdf_of", side_effect=str.encode):
        answered = client.get(f"/validation/report{query}")
    return Page(answered).text


def test_an_empty_ward(client: Client) -> None:
    page = Page(client.get("/validation"))
    assert "Not enough data." in page.text
    assert "0 assessments" in page.text
    assert "Not enough data." in _report_text(client)


def test_an_address_with_an_unknown_model_leads_to_no_earlier_one(client: Client) -> None:
    with cast.by_version_1():
        early()
    refused = client.get("/validation?model=other/9")
    assert refused.status_code == 422
    assert "rong-2025, version 2 rong-2025, version 1" in Page(refused).text


def test_one_patient_is_told_with_reasons(client: Client) -> None:
    with_pain(early())
    page = Page(client.get("/validation"))
    assert "Too few assessments for: Observed / expected, AUC, Calibration slope" in page.text
    assert "376 (78) 1 (1) not yet – 0.40" in page.text
    assert "every patient had the outcome" in page.text
    assert "Assessments with a known outcome 1, of 1 patient " in page.text
    assert "both VAS recorded; a patient counts once for each assessment" in page.text
    said = _report_text(client)
    assert "every patient had the outcome" in said
    assert "Of 1 assessment Number" in said
    assert "nan" not in f"{page.text} {said}".casefold().split()


@pytest.mark.parametrize(
    ("pains", "reason"),
    [
        ([(6, 5), (1, 1)], "every patient has the same risk"),
        ([(1, 1), (1, 2)], "no patient had the outcome"),
    ],
)
def test_wards_that_settle_nothing(
    client: Client, pains: list[tuple[int, int]], reason: str
) -> None:
    for number, (day_3, day_30) in enumerate(pains):
        with_pain(early(cast.person(f"H{number}")), day_3, day_30)
    page = Page(client.get("/validation"))
    assert reason in page.text
    assert "Brier score" in page.text
    assert reason in _report_text(client)


def test_what_the_report_says(client: Client) -> None:
    on_record(cohort_file(), of=range(0, 200))
    acts.provisional("H2")
    query = "?operated_from=1-Mar-2025&population=as_study"
    pages, said = _report(client, query)
    assert pages == 5
    for words in (
        "Too few assessments for: Observed / expected, AUC, Calibration slope",
        "376 (78)",
        "18.4 %, cut-off",
        "Model − treat all",
        "operated from 01-Mar-2025 on; all ten criteria as in the study; "
        "model rong-2025, version 2; real patients only",
        "by Rita Review",
        f"Page {pages} of {pages}",
        "Published, training",
        "0.788 (0.740 to 0.836)",
        "Groups by predicted risk",
        "Smoothed curve",
        "Net benefit",
        "Analyzed, n = 200",
        "Assessments with a known outcome 200, of 200 patients",
        "Sensitivity at the best cut-off",
        "Specificity at the best cut-off",
        "A patient with several assessments counts once for each",
        "Name and signature",
        "doi:10.3389/fsurg.2025.1625518",
    ):
        assert words in said, words
    assert "S0001" not in said
    line = AuditEvent.objects.get(action="validation_printed")
    assert line.detail == {
        "operated_from": "1-Mar-2025",
        "population": "as_study",
        "model": "rong-2025/2",
        "patients": "real",
        "found": 200,
    }


def test_outcomes_of_an_earlier_version_are_offered(client: Client) -> None:
    said = "Assessments so far were made with version 1."
    assert said not in Page(client.get("/validation")).text
    with cast.by_version_1():
        kept = with_pain(early(cast.person("H1")))
    page = Page(client.get("/validation?operated_from=1-Mar-2025"))
    assert f"This is about version 2 of the model. {said}" in page.text
    offered = browse.links(page)["Validate version 1"]
    assert "operated_from=1-Mar-2025" in offered
    found = Page(client.get(f"/validation{offered}")).text
    assert "Not enough data." not in found
    assert kept.not_restored_risk is not None
    assert "model=rong-2025%2F1" in offered
    # As soon as the current version has an outcome, the page is about that.
    with_pain(early(cast.person("H2")))
    assert said not in Page(client.get("/validation")).text


def test_looking_is_logged_and_the_log_says_it_in_words(client: Client) -> None:
    reader = reviewer()
    client.get("/validation?operated_to=2026-01-31")
    line = AuditEvent.objects.get(action="validation_viewed")
    assert (line.actor, line.patient_id) == ("rita", None)
    assert line.detail["operated_to"] == "2026-01-31"
    assert reader.has_perm("scoring.view_validation")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("operated_from=soon", "enter a date such as"),
        ("operated_from=2026-02-01&operated_to=2026-01-01", "before the first one"),
        ("model=another/1", "another/1"),
    ],
)
def test_a_wrong_choice_is_told_and_stays(client: Client, query: str, said: str) -> None:
    answered = client.get(f"/validation?{query}")
    assert answered.status_code == 422
    page = Page(answered)
    assert said in page.html
    assert "Participant flow" not in page.text
    assert not AuditEvent.objects.filter(action="validation_viewed").exists()
    assert client.get(f"/validation/report?{query}").status_code == 302


def test_every_number_of_a_plot_stands_in_a_table(client: Client) -> None:
    on_record(cohort_file(), of=range(0, 150))
    page = Page(client.get("/validation"))
    titles = [html.text(one) for one in html.elements(page.root) if one.name == "title"]
    # Subgroups follow: two comparisons, each for wide and for narrow pages.
    assert titles[-7:-4] == ["ROC curve", "Calibration plot", "Decision curve"]
    assert page.text.count("Numbers of this plot") == 3
    for heading in ("Cut-offs", "Groups by predicted risk", "Smoothed curve", "Net benefit"):
        assert heading in page.text


# ---- Synthetic patients -------------------------------------------------------------------------


def test_only_synthetic_patients_are_shown_as_such(client: Client) -> None:
    seeded(120)
    page = Page(client.get("/validation"))
    assert "Synthetic patients." in page.text
    assert "synthetic patients only" in page.text
    assert page.value("patients") == "synthetic"
    assert "Synthetic patients. These figures say nothing" in _report_text(client)


def test_real_patients_come_first_and_alone(client: Client) -> None:
    seeded(60)
    with_pain(early())
    page = Page(client.get("/validation"))
    assert page.value("patients") == "real"
    assert "Synthetic patients." not in page.text
    assert "1 assessment" in page.text
    both = Page(client.get("/validation?patients=synthetic"))
    assert "Synthetic patients." in both.text
    assert "Show the synthetic patients" not in both.text


@pytest.mark.parametrize("path", ["/validation", "/validation/drift"])
def test_where_no_real_patient_counts_the_synthetic_ones_are_offered(
    client: Client, path: str
) -> None:
    early()
    assert "Show the synthetic patients" not in Page(client.get(path)).text
    seeded(1)
    page = Page(client.get(path))
    assert "Only real patients are counted. Show the synthetic patients" in page.text
    assert f'{path}?patients=synthetic"' in page.html or '"?patients=synthetic"' in page.html


def test_a_ward_without_synthetic_patients_offers_none(client: Client) -> None:
    with_pain(early())
    page = Page(client.get("/validation"))
    assert "patients" not in [control.name for control in page.controls]


def test_the_page_needs_no_more_queries_for_more_patients(client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/validation")
        return len(asked)

    seeded(40)
    few = statements()
    on_record(cohort_file(), of=range(0, 60))
    assert abs(statements() - few) <= 2
