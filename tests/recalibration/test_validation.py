"""Does an adjusted version hold? Judged are the assessments made with it, by its own risk."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from scoring.evaluation.outcome_cohort import InclusionStatus
from scoring.models import IndexAssessment
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.validation.cohort import Chosen
from scoring.report.validation.context import can_recalibrate
from scoring.statistics import Predictions, validate
from tests import cast
from tests.life import acts
from tests.recalibration.local import approved, retired
from tests.validation.ward import early, everybody, found, statuses, with_pain
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(cast.rita())


def _next(number: str, **changes: object) -> None:
    with_pain(early(cast.person(number), cast.worked_example(**changes)))


def test_only_what_was_made_with_it_by_its_own_risk() -> None:
    _next("H1")
    kept = approved()
    _next("H2", mvh_restored=False)
    _next("H3", mvh_restored=True)
    acts.provisional("H4")
    acts.voided(cast.recorded(cast.person("H5")))
    retired(kept)
    _next("H6")
    cohort = found(recalibration=kept.number)
    analysed = cohort.risk[cohort.analysed].tolist()
    totals = [183.886, 183.886 - 35.68]
    assert sorted(analysed) == pytest.approx(sorted(map(kept.curve.risk_at, totals)), rel=1e-12)
    assert statuses(cohort) == [
        InclusionStatus.ANALYSED,
        InclusionStatus.ANALYSED,
        InclusionStatus.PROVISIONAL,
        InclusionStatus.VOIDED,
    ]
    # The published risk of all of them is judged as ever.
    assert statuses(found()).count(InclusionStatus.ANALYSED) == 4
    assert not found(recalibration=kept.number + 1).status.size


def test_the_recalibration_of_the_index_assessment_counts() -> None:
    first = acts.provisional()
    kept = approved()
    final = acts.completed(first)
    assert IndexAssessment.objects.get().assessment_id == final.pk
    assert found(recalibration=kept.number).status.size == 1
    retired(kept)
    acts.amended(final)
    assert found(recalibration=kept.number).status.size == 1


def test_the_page_says_which_risk_is_judged(client: Client) -> None:
    _next("H1")
    kept = approved()
    _next("H2")
    address = f"/validation?model=recalibrated/{kept.number}"
    page = Page(client.get(address))
    assert "This evaluates the risk of recalibrated version 1." in page.text
    assert "model recalibrated at this hospital, version 1" in page.text
    assert "Analyzed, n = 1" in page.text
    assert page.value("model") == "recalibrated/1"
    assert "/validation/recalibration" not in page.html
    published = Page(client.get("/validation"))
    assert "This evaluates the risk" not in published.text
    assert "Analyzed, n = 2" in published.text
    # Too few to recalibrate on.
    assert "/validation/recalibration" not in published.html
    report = client.get(address.replace("validation?", "validation/report?"))
    assert report.headers["Content-Type"] == "application/pdf"
    refused = client.get(address.replace("validation?", "validation/recalibration?"), follow=True)
    assert (
        "Only the current version of the published model can be recalibrated." in Page(refused).text
    )


def test_an_unknown_version_is_refused(client: Client) -> None:
    response = client.get("/validation?model=recalibrated/7")
    assert response.status_code == 422
    assert "not one of the available choices" in " ".join(Page(response).beside("model"))


def test_other_hospitals_see_that_it_is_an_adjusted_one() -> None:
    model = (RONG_2025.identifier, RONG_2025.version)
    assert everybody().judged == model
    assert everybody(recalibration=2).judged == (model[0], f"{model[1]}, recalibrated 2")


@pytest.mark.parametrize(
    ("events", "non_events", "changes", "expected"),
    [
        (100, 100, {}, True),
        (99, 500, {}, False),
        (500, 99, {}, False),
        (100, 100, {"synthetic": True}, False),
        (100, 100, {"recalibration": 1}, False),
        (100, 100, {"model": (RONG_2025.identifier, "1")}, False),
    ],
)
def test_recalibrate_is_offered_where_it_does_not_refuse(
    events: int, non_events: int, changes: dict[str, Any], expected: bool
) -> None:
    judged = replace(
        validate(Predictions([0.2, 0.4], [False, True])), n=events + non_events, events=events
    )
    today = (RONG_2025.identifier, RONG_2025.version)
    everybody = {"operated_from": None, "operated_to": None, "population": None}
    chosen = Chosen(**{**everybody, "model": today, "synthetic": False, **changes})
    assert can_recalibrate(judged, chosen) is expected
    assert can_recalibrate(None, chosen) is False
