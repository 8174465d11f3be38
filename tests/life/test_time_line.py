"""All of one patient on one page: assessments, versions, outcomes, and the trend."""

from datetime import timedelta

import pytest
from django.test import Client

from scoring.display import percent_text
from scoring.entry import AssessmentEntry
from scoring.models import Assessment
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests import worked_example as worked
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db


def _page(client: Client, of: Assessment) -> Page:
    return browse.opened(client, "patient-detail", of.patient)


def test_every_version_can_be_opened_the_current_one_first(client: Client) -> None:
    first = acts.provisional()
    second = acts.completed(first)
    third = acts.amended(second, reason="level read again")
    page = _page(client, first)
    assert "1 assessment" in page.text
    assert "2 earlier versions" in page.text
    links = browse.links(page)
    assert links[third.chain.report_number] == browse.address("assessment-result", third)
    assert links["version 2"] == browse.address("assessment-result", second)
    assert links["version 1"] == browse.address("assessment-result", first)
    assert page.html.index("version 2<") < page.html.index("version 1<")
    said = browse.section(page, f"h-{third.pk}")
    assert "amended: level read again" in said
    assert "Final" in said
    assert worked.RISK in said


def test_outcomes_stand_with_their_assessment(client: Client) -> None:
    of = cast.recorded()
    page = _page(client, of)
    assert "VAS, day 3 due 16-Mar-2025" in page.text
    assert "VAS, day 30 due 12-Apr-2025" in page.text
    assert "Residual back pain not yet" in page.text
    acts.outcome(of, acts.measured(3, 5))
    acts.outcome(of, acts.measured(30, 4))
    page = _page(client, of)
    assert "VAS, day 3 5 , 16-Mar-2025" in page.text
    assert "VAS, day 30 4 , 12-Apr-2025" in page.text
    assert "Residual back pain yes" in page.text
    day_30 = acts.read(of.pk).chain.outcomes.get(time_point=30)
    acts.outcome(of, acts.not_evaluable(30, "died"), expected=day_30)
    page = _page(client, of)
    assert "VAS, day 30 died (corrected)" in page.text
    assert "Residual back pain not evaluable" in page.text


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (cast.worked_example(), "Study cut-off 18.4 % at or above Assessed"),
        (cast.worked_example(posterior_fascia_edema=False, mvh_restored=True), " below Assessed"),
        (cast.before_the_radiograph(posterior_fascia_edema=False), " depends on MVH Assessed"),
    ],
    ids=["at or above", "below", "depends"],
)
def test_where_the_risk_stands_to_the_cut_off(
    client: Client, entry: AssessmentEntry, said: str
) -> None:
    text = _page(client, cast.recorded(entry=entry)).text
    assert said in " ".join(text.split())


def test_the_newest_assessment_comes_first_and_the_trend_shows_them_all(client: Client) -> None:
    first = cast.recorded()
    assert not _page(client, first).has_id("h-trend")
    later = cast.worked_example(
        operation_date=cast.OPERATION + timedelta(days=200),
        radiograph_date=None,
        mvh_restored=True,
    )
    second = cast.recorded(first.patient, later)
    page = _page(client, first)
    assert page.html.index(f"h-{second.pk}") < page.html.index(f"h-{first.pk}")
    drawn = browse.section(page, "h-trend")
    for said in ("13-Mar-2025", "29-Sep-2025"):
        assert said in drawn, drawn
    assert worked.WHOLE in drawn
    # A year older on the later day, and the height restored.
    assert percent_text(RONG_2025.risk(147.256)).removesuffix(" %") in drawn


def test_voided_and_moved_ones_are_not_in_the_trend(client: Client) -> None:
    of = cast.recorded()
    second = cast.recorded(of.patient)
    assert _page(client, of).has_id("h-trend")
    acts.voided(second)
    assert not _page(client, of).has_id("h-trend")
    third = cast.recorded(of.patient)
    assert _page(client, of).has_id("h-trend")
    acts.amended(third, patient=cast.person("H8", family_name="Li"))
    assert not _page(client, of).has_id("h-trend")


def test_a_provisional_one_is_completed_from_here(client: Client) -> None:
    of = acts.provisional()
    assert browse.links(_page(client, of))["Complete"] == browse.address("assessment-complete", of)
    acts.completed(of)
    assert "Complete" not in browse.links(_page(client, of))


def test_the_next_assessment_starts_from_here_with_the_patient_shown(client: Client) -> None:
    of = cast.recorded()
    page = Page(client.get(browse.links(_page(client, of))["New assessment"]))
    linked = [href for href in browse.links(_page(client, of)).values() if "patient=" in href]
    assert linked == [f"/assessments/new?patient={of.patient_id}"]
    page = Page(client.get(linked[0]))
    assert page.value("hospital_number") == "H100234"
    assert "Wang, Xiulan" in page.text
