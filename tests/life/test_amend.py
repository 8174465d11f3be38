"""Any input can be corrected with a reason; old and new stand side by side."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scoring.display import percent_text
from scoring.models import Assessment
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests import worked_example as worked
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db


def _amend(client: Client, of: Assessment, **changes: str) -> Assessment:
    """Open the form, change something, save; the version it made."""
    data = browse.filled(client, "assessment-amend", of, reason=acts.REASON) | changes
    data |= {"confirmed": "nothing_changed"}
    at = browse.led_to(browse.sent(client, "assessment-amend", of, data))
    made = acts.read(Assessment.objects.latest("created_at").pk)
    assert at == browse.address("assessment-result", made)
    return made


def test_the_form_opens_with_everything_as_it_was_typed(client: Client) -> None:
    entry = cast.worked_example(
        pdw_fl=cast.measured("12,80"),
        chloride_mmol_l=cast.measured("１０５"),
        t_score=replace(cast.measured("-2.0", None), typed="−2.0"),
        operation_time=time(8, 5),
        answers=cast.study_answers(infection=Answer.NOT_ASSESSED),
    )
    of = cast.recorded(entry=entry)
    page = browse.opened(client, "assessment-amend", of)
    expected = cast.form_data(
        pdw_fl="12,80",
        chloride_mmol_l="１０５",
        t_score="−2.0",
        dxa_date="",
        operation_time="08:05",
        infection="not_assessed",
    )
    identity = {"family_name", "given_name", "birth_date", "sex", "form_token"}
    for name in set(expected) - identity:
        assert page.value(name) == expected[name], name
    assert page.value("reason") == ""
    assert page.value("known_patient") == str(of.patient_id)
    assert "Wang, Xiulan" in page.text
    assert "Error:" not in page.text
    assert "183.89" in page.text


def test_saved_as_it_opens_nothing_differs_but_the_version(client: Client) -> None:
    of = cast.recorded(entry=cast.worked_example(operation_time=time(8, 5)))
    made = _amend(client, of)
    assert (made.version, made.change, made.reason) == (2, "amend", acts.REASON)
    assert (made.entry, made.result, made.patient) == (of.entry, of.result, of.patient)
    changed = browse.section(browse.opened(client, "assessment-result", made), "h-changes")
    assert changed.endswith("No value changed.")


def test_the_page_reads_both_versions_once_and_the_sources_of_the_new_one(client: Client) -> None:
    made = _amend(client, cast.recorded())
    with CaptureQueriesContext(connection) as asked:
        browse.opened(client, "assessment-result", made)
    statements = [query["sql"] for query in asked]
    assert sum('SELECT "scoring_assessment"."age_years"' in each for each in statements) == 2
    assert sum('FROM "scoring_laboratorysource"' in each for each in statements) == 1


def test_old_and_new_stand_side_by_side_with_the_effect(client: Client) -> None:
    made = _amend(client, cast.recorded(), chloride_mmol_l="96", mvh_restored="yes")
    page = browse.opened(client, "assessment-result", made)
    changed = browse.section(page, "h-changes")
    for said in (
        f"Reason: {acts.REASON}",
        "Serum chloride 105 mmol/L 96 mmol/L",
        "Middle vertebral height restored no yes",
        "Points, Serum chloride 25.50 48.45",
        "Points, MVH restored at 24 h 35.68 0",
        "Total points 183.89 171.16",
        f"Risk {worked.RISK} {percent_text(RONG_2025.risk(171.156))}",
    ):
        assert said in changed, changed
    assert "Platelet" not in changed
    assert "(amended), replaces version 1" in page.text


def test_the_caution_of_a_corrected_value_goes_with_it(client: Client) -> None:
    of = cast.recorded(entry=cast.worked_example(chloride_mmol_l=cast.measured("96")))
    assert "Serum chloride 96" in browse.opened(client, "assessment-result", of).text
    made = _amend(client, of, chloride_mmol_l="105")
    assert [c.predictor for c in made.result.cautions] == ["t_score"]


def test_a_final_one_can_become_provisional_again(client: Client) -> None:
    made = _amend(client, cast.recorded(), mvh_restored="not_known_yet", radiograph_date="")
    assert (made.state, made.mvh_restored) == ("provisional", None)
    assert browse.links(Page(client.get("/")))["Complete Wang, Xiulan"]


@pytest.mark.parametrize("reason", ["", "   ", "\t"])
def test_without_a_reason_nothing_is_saved_and_all_is_kept(client: Client, reason: str) -> None:
    of = cast.recorded()
    data = browse.filled(client, "assessment-amend", of, chloride_mmol_l="96,0", pdw_fl="13.1")
    response = browse.sent(client, "assessment-amend", of, data | {"reason": reason})
    assert response.status_code == 422
    page = Page(response)
    assert any("a reason is needed" in error for error in page.beside("reason"))
    kept = browse.as_shown(page)
    for name in set(data) - {"reason"}:
        assert kept[name] == data[name], name
    assert Assessment.objects.count() == 1


def test_a_wrong_value_is_said_at_its_field_and_the_reason_is_kept(client: Client) -> None:
    of = cast.recorded()
    data = browse.filled(
        client, "assessment-amend", of, pdw_fl="40", reason='<b>misread</b> & "so"'
    )
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 422
    page = Page(response)
    assert any("you entered 40 fL" in error for error in page.beside("pdw_fl"))
    assert page.value("reason") == data["reason"]
    assert Assessment.objects.count() == 1


def test_a_reason_is_shown_as_it_was_written(client: Client) -> None:
    made = _amend(client, cast.recorded(), reason='<b>misread</b> & "so"')
    page = browse.opened(client, "assessment-result", made)
    assert "&lt;b&gt;misread&lt;/b&gt;" in page.html
    assert "<b>misread" not in page.html


def test_a_reason_has_room_for_500_characters_and_no_more(client: Client) -> None:
    of = cast.recorded()
    assert _amend(client, of, reason="x" * 500).reason == "x" * 500
    of = acts.read(Assessment.objects.get(version=2).pk)
    data = browse.filled(client, "assessment-amend", of, reason="y" * 501)
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 422
    assert Page(response).value("reason") == "y" * 501


def test_a_planned_operation_that_took_place_is_amended_to_done(client: Client) -> None:
    """The form says at once what no longer fits, and takes the day it was really done on."""
    yesterday = timezone.localdate() - timedelta(days=1)
    of = acts.provisional(operation_status="planned", operation_date=yesterday)
    page = browse.opened(client, "assessment-amend", of)
    assert any("marked planned" in error for error in page.beside("operation_date"))
    data = browse.as_shown(page) | {"reason": "done as planned"}
    assert browse.sent(client, "assessment-amend", of, data).status_code == 422
    made = _amend(client, of, operation_status="done")
    assert (made.operation_status, made.operation_date) == ("done", yesterday)


def test_another_operation_date_scores_the_age_on_that_day(client: Client) -> None:
    made = _amend(
        client,
        cast.recorded(),
        operation_date="14-Jul-2024",
        radiograph_date="15-Jul-2024",
        **dict.fromkeys(
            ["dxa_date", "trauma_history_date", "mri_date", "pdw_date", "chloride_date"], ""
        ),
    )
    assert (made.age_years, made.operation_date) == (80, date(2024, 7, 14))
    earlier = _amend(client, made, operation_date="13-Jul-2024", radiograph_date="14-Jul-2024")
    assert earlier.age_years == 79
    page = browse.opened(client, "assessment-result", earlier)
    assert "Points, Age 19.00 19.95" in browse.section(page, "h-changes")


def test_a_superseded_version_leads_to_the_current_one(client: Client) -> None:
    first = cast.recorded()
    second = acts.amended(first)
    at = browse.led_to(client.get(browse.address("assessment-amend", first)))
    assert at == browse.address("assessment-result", second)
    assert browse.messages(client, at)[0].startswith("Version 1 is no longer current.")


def test_a_voided_one_is_not_amended_but_says_what_to_do(client: Client) -> None:
    of = acts.voided(cast.recorded())
    at = browse.led_to(client.get(browse.address("assessment-amend", of)))
    assert at == browse.address("assessment-result", of)
    assert browse.messages(client, at) == [
        "This assessment is voided: undo the void first. Nothing was changed."
    ]
    page = browse.opened(client, "assessment-result", of)
    assert "Amend" not in browse.links(page)
    assert "Undo the void" in browse.links(page)


def test_a_stated_age_can_be_corrected(client: Client) -> None:
    of = cast.recorded(cast.person(birth_date=None), cast.worked_example(age_years=80))
    assert browse.opened(client, "assessment-amend", of).value("age_years") == "80"
    made = _amend(client, of, age_years="82")
    assert (made.age_years, made.age_source) == (82, "stated")
    page = browse.opened(client, "assessment-result", made)
    assert "Age, as stated 80 82" in browse.section(page, "h-changes")


def test_a_corrected_birth_date_is_scored_by_an_amendment(client: Client) -> None:
    """What is on record keeps its age, says so, and the next version has the corrected one."""
    of = cast.recorded()
    acts.corrected(of.patient, cast.person(birth_date=date(1934, 7, 14)))
    caution = "The date of birth was corrected later."
    assert caution in browse.opened(client, "assessment-result", acts.read(of.pk)).text
    made = _amend(client, of)
    assert (made.age_years, made.birth_date) == (90, date(1934, 7, 14))
    page = browse.opened(client, "assessment-result", made)
    assert caution not in page.text
    changed = browse.section(page, "h-changes")
    assert "Points, Age 19.00 9.50" in changed
    assert "Date of birth 14-Jul-1944 14-Jul-1934" in changed


def test_an_unreadable_token_is_refused(client: Client) -> None:
    of = cast.recorded()
    data = browse.filled(client, "assessment-amend", of, reason=acts.REASON)
    for token in ("", "x", f"{uuid4()}x"):
        response = browse.sent(client, "assessment-amend", of, data | {"form_token": token})
        assert response.status_code == 422
    assert Assessment.objects.count() == 1
