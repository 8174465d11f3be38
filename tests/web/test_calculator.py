"""The calculator: the live form without a patient, which saves nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from scoring.display import percent_text, points_text
from scoring.models import Assessment, AuditEvent, Patient
from scoring.nomogram.contributions import contributions
from scoring.nomogram.logistic import Interval
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report import summary_text
from tests import cast
from tests import worked_example as worked
from tests.nomogram.examples import WORKED_EXAMPLE
from tests.web.html import Page, signed_in, text

pytestmark = pytest.mark.django_db
CALCULATOR = "/calculator"
# The worked example of the model: 183.89 points.
EXAMPLE = {
    "age_years": "80",
    "pdw_fl": "12.8",
    "pdw_unit": "fL",
    "chloride_mmol_l": "105",
    "t_score": "-2.0",
    "trauma_history": "yes",
    "posterior_fascia_edema": "yes",
    "mvh_restored": "no",
}


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def test_a_caution_promises_no_report_of_what_is_not_saved(client: Client) -> None:
    said = Page(client.post(CALCULATOR, EXAMPLE)).text
    assert "Still calculated." in said
    assert "printed on the report" not in said


def test_it_gives_the_risk_and_the_whole_result_and_saves_nothing(client: Client) -> None:
    response = client.post(CALCULATOR, EXAMPLE)
    assert response.status_code == 200
    page = Page(response)
    assert text(page.by_id("live-total")) == "183.89"
    assert text(page.by_id("live-risk-final")) == worked.RISK
    assert f"About {worked.WHOLE} of 100 similar patients" in page.text
    assert "Nothing is saved." in page.text
    assert page.has_id("h-nomogram")
    shown = text(page.by_id("calculated"))
    (scenario,) = RONG_2025.assess(WORKED_EXAMPLE).scenarios
    for found in contributions(RONG_2025, scenario):
        assert points_text(abs(found.difference)) in shown
        assert percent_text(found.risk_at_average) in shown
    assert "It does not say that a predictor can be changed" in shown
    assert not Assessment.objects.exists()
    assert not Patient.objects.exists()
    assert not AuditEvent.objects.filter(patient_id__isnull=False).exists()


def test_it_answers_as_one_types(client: Client) -> None:
    data = {"trauma_history": "yes", "posterior_fascia_edema": "yes"}
    page = Page(client.post(CALCULATOR, data, headers={"HX-Request": "true"}))
    assert text(page.by_id("live-total")) == "63.79"
    assert "Incomplete: 5 of 7 left" in page.text
    assert text(page.by_id("calculated")) == ""
    assert "<html" not in page.html


def test_both_results_where_the_height_is_not_known(client: Client) -> None:
    page = Page(client.post(CALCULATOR, EXAMPLE | {"mvh_restored": "not_known_yet"}))
    assert text(page.by_id("live-total")) == "148.21 or 183.89"
    assert "If the height is restored" in text(page.by_id("calculated"))
    assert "Risk with the average here, if not restored" in text(page.by_id("calculated"))


def test_what_is_missing_or_wrong_stands_beside_its_field(client: Client) -> None:
    response = client.post(CALCULATOR, EXAMPLE | {"age_years": "30", "t_score": ""})
    assert response.status_code == 422
    page = Page(response)
    assert "you entered 30 years; allowed is 50 to 100 years." in page.text
    assert text(page.by_id("calculated")) == ""
    assert re.search(r'href="#id_age_years"\s*>\s*Age', page.html)


def test_outside_the_study_population_nobody_was_similar(client: Client) -> None:
    page = Page(client.post(CALCULATOR, EXAMPLE | {"previous_spinal_surgery": "yes"}))
    assert "Outside the study population: Previous spinal surgery." in page.text
    assert f"By the model, about {worked.WHOLE} of 100 patients" in page.text
    assert "No patients like this one were in the study." in page.text
    assert "similar patients" not in page.text


def test_it_starts_empty_but_for_the_unit_of_the_ward(client: Client) -> None:
    page = Page(client.get(reverse("calculator")))
    assert "Incomplete: 7 of 7 left" in page.text
    assert "not answered" not in page.text


def test_where_the_range_straddles_the_cutoff_no_side_is_taken(client: Client) -> None:
    """119.20 points: 18.6 %, above the cut-off; other lines that are possible give 18.2 %."""
    less = {
        "age_years": "64",
        "posterior_fascia_edema": "no",
        "mvh_restored": "yes",
    }
    page = Page(client.post(CALCULATOR, EXAMPLE | less))
    assert text(page.by_id("live-total")) == "119.20"
    assert "At the cut-off 18.4 %: the side depends on the reconstruction" in page.text


def test_the_side_of_the_cutoff_in_lists() -> None:
    def side(*bands: tuple[float, float]) -> str:
        return summary_text.side_text([Interval(*band) for band in bands])

    assert side((0.10, 0.18)) == "below"
    # The cut-off itself counts as above.
    assert side((0.184, 0.25)) == "at or above"
    assert side((0.183, 0.184)) == "depends on reconstruction"
    assert side((0.10, 0.12), (0.40, 0.45)) == "depends on MVH"
    assert side((0.17, 0.20), (0.40, 0.45)) == "depends on reconstruction"
