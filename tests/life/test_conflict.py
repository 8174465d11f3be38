"""Two people amend at once: the second one sees both and loses nothing typed."""

import pytest
from django.test import Client

from scoring.models import Assessment, AuditEvent
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Assessment:
    return cast.recorded()


def _his(bobs: Client, of: Assessment, **changes: str) -> Assessment:
    """Bob is quicker: he corrects the PDW."""
    his = {"pdw_fl": "13.1", "reason": "PDW of the day before"} | changes
    data = browse.filled(bobs, "assessment-amend", of, **his)
    browse.led_to(browse.sent(bobs, "assessment-amend", of, data))
    return acts.read(Assessment.objects.latest("created_at").pk)


def test_the_second_one_sees_both_and_loses_nothing(
    client: Client, bobs: Client, of: Assessment
) -> None:
    mine = browse.filled(
        client, "assessment-amend", of, chloride_mmol_l="96,5", reason="Chloride misread"
    )
    theirs = _his(bobs, of)
    response = browse.sent(client, "assessment-amend", of, mine)
    assert response.status_code == 409
    page = Page(response)
    assert "Dr Bob Keller saved version 2 on" in page.text
    assert browse.rows(page, "h-theirs") == [["Platelet distribution width", "12.8 fL", "13.1 fL"]]
    assert "PDW of the day before" in browse.section(page, "h-theirs")
    assert browse.rows(page, "h-mine") == [
        ["Platelet distribution width", "13.1 fL", "12.8 fL"],
        ["Serum chloride", "105 mmol/L", "96.5 mmol/L"],
    ]
    assert browse.as_shown(page) == mine | {"sent": "1"}
    assert browse.links(page)["Open their version"] == browse.address("assessment-result", theirs)
    assert Assessment.objects.count() == 2


def test_saved_again_mine_is_on_top_of_theirs(client: Client, bobs: Client, of: Assessment) -> None:
    mine = browse.filled(
        client, "assessment-amend", of, chloride_mmol_l="96", reason="Chloride misread"
    )
    theirs = _his(bobs, of)
    page = Page(browse.sent(client, "assessment-amend", of, mine))
    # The form goes to their version now, and takes what Alice decides about it.
    assert f'action="{browse.address("assessment-amend", theirs)}"' in page.html
    again = browse.as_shown(page) | {"pdw_fl": "13.1"}
    at = browse.led_to(browse.sent(client, "assessment-amend", theirs, again))
    made = acts.read(Assessment.objects.get(version=3).pk)
    assert at == browse.address("assessment-result", made)
    assert (made.supersedes_id, made.reason) == (theirs.pk, "Chloride misread")
    assert (float(made.pdw_fl), float(made.chloride_mmol_l)) == (13.1, 96.0)
    changed = browse.section(browse.opened(client, "assessment-result", made), "h-changes")
    assert "Serum chloride 105 mmol/L 96 mmol/L" in changed
    assert "Platelet" not in changed


def test_a_third_one_in_between_is_met_with_both_again(
    client: Client, bobs: Client, of: Assessment
) -> None:
    mine = browse.filled(client, "assessment-amend", of, pdw_fl="9", reason="another sample")
    theirs = _his(bobs, of)
    again = browse.as_shown(Page(browse.sent(client, "assessment-amend", of, mine)))
    third = _his(bobs, theirs, chloride_mmol_l="101", reason="Chloride too")
    response = browse.sent(client, "assessment-amend", theirs, again)
    assert response.status_code == 409
    page = Page(response)
    assert browse.rows(page, "h-theirs") == [["Serum chloride", "105 mmol/L", "101 mmol/L"]]
    assert browse.as_shown(page)["pdw_fl"] == "9"
    browse.led_to(browse.sent(client, "assessment-amend", third, browse.as_shown(page)))
    assert Assessment.objects.count() == 4


def test_completed_meanwhile(client: Client, bobs: Client) -> None:
    of = acts.provisional("H100900")
    mine = browse.filled(client, "assessment-amend", of, pdw_fl="9", reason="another sample")
    completed = acts.completed(of, by=cast.bob())
    page = Page(browse.sent(client, "assessment-amend", of, mine))
    theirs = browse.rows(page, "h-theirs")
    assert theirs == [["Middle vertebral height restored", "not known yet", "no"]]
    assert [
        "Middle vertebral height restored",
        "no",
        "not known yet",
    ] in browse.rows(page, "h-mine")
    again = browse.as_shown(page) | {"mvh_restored": "no"}
    browse.led_to(browse.sent(client, "assessment-amend", completed, again))
    made = Assessment.objects.get(version=3)
    assert (made.state, float(made.pdw_fl)) == ("final", 9.0)


def test_moved_to_another_patient_meanwhile(client: Client, of: Assessment) -> None:
    mine = browse.filled(client, "assessment-amend", of, pdw_fl="9", reason="another sample")
    acts.amended(of, patient=cast.person("H100901", family_name="Li"), by=cast.bob())
    page = Page(browse.sent(client, "assessment-amend", of, mine))
    old, new = "Wang, Xiulan, 14-Jul-1944, H100234", "Li, Xiulan, 14-Jul-1944, H100901"
    assert browse.rows(page, "h-theirs") == [["Patient", old, new]]
    assert ["Patient", new, old] in browse.rows(page, "h-mine")
    # The banner is about the assessment as it stands, the form about what Alice had entered.
    assert page.value("hospital_number") == "H100234"


def test_voided_meanwhile_nothing_typed_is_lost(client: Client, of: Assessment) -> None:
    mine = browse.filled(client, "assessment-amend", of, pdw_fl="9", reason="another sample")
    voided = acts.voided(of, by=cast.bob())
    response = browse.sent(client, "assessment-amend", of, mine)
    assert response.status_code == 409
    page = Page(response)
    assert "Dr Bob Keller voided this assessment on" in page.text
    assert browse.links(page)["Undo the void"] == browse.address("assessment-reinstate", voided)
    again = browse.as_shown(page)
    assert again == mine | {"sent": "1"}
    # Still voided: refused again, still all there.
    response = browse.sent(client, "assessment-amend", voided, again)
    assert response.status_code == 409
    assert browse.as_shown(Page(response)) == again
    back = acts.reinstated(voided)
    response = browse.sent(client, "assessment-amend", voided, again)
    assert response.status_code == 409
    browse.led_to(browse.sent(client, "assessment-amend", back, again))
    assert float(Assessment.objects.get(version=4).pdw_fl) == 9.0


def test_a_conflict_changes_nothing_and_is_no_line_of_something_done(
    client: Client, bobs: Client, of: Assessment
) -> None:
    mine = browse.filled(client, "assessment-amend", of, pdw_fl="9", reason="another sample")
    _his(bobs, of)
    browse.sent(client, "assessment-amend", of, mine)
    amended = AuditEvent.objects.filter(action=AuditEvent.Action.ASSESSMENT_AMENDED)
    assert [event.actor for event in amended] == ["bob"]


def test_whoever_voids_or_undoes_second_is_shown_what_stands(client: Client, bobs: Client) -> None:
    of = cast.recorded(cast.person("H100902"))
    mine = browse.filled(client, "assessment-void", of, reason="wrong patient")
    amended = acts.amended(of, by=cast.bob())
    at = browse.led_to(browse.sent(client, "assessment-void", of, mine))
    assert at == browse.address("assessment-result", amended)
    assert browse.messages(client, at)[0].endswith("Nothing was changed.")
    assert acts.read(amended.pk).is_current
