"""Ward settings: stated by an administrator, shown to everybody, each change on record."""

import io
from typing import Any, Unpack

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import Settings

from scoring import actions, queries
from scoring.models import AuditEvent, Role, User, WardSettings
from tests import cast
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/ward"
ENTRIES = {
    "hospital_name": "湖北省第一人民医院",
    "ward_name": "脊柱外科二病区",
    "time_zone": "Asia/Shanghai",
    "pdw_unit": "fL",
    "paper": "A4",
    "shows_first_steps": "on",
}


def save(client: Client, **changes: str) -> Any:
    return client.post(PAGE, {**ENTRIES, "revision": "0", **changes})


def changed(**facts: Unpack[actions.WardFacts]) -> WardSettings:
    return actions.change_ward_settings(
        by=cast.adam(),
        facts=facts,
        opened=queries.ward_settings().revision,
        origin=actions.NOWHERE,
    )


def details() -> list[dict[str, object]]:
    lines = AuditEvent.objects.filter(action=AuditEvent.Action.WARD_SETTINGS_CHANGED)
    details = [line.detail for line in lines.order_by("pk")]
    assert all(detail.pop("record") for detail in details)
    return details


def test_what_is_saved_holds_for_everybody_at_once_and_is_on_record() -> None:
    reader = signed_in(cast.alice())
    assert "湖北" not in reader.get("/").content.decode()
    assert save(signed_in(cast.adam())).status_code == 302
    assert "湖北省第一人民医院 · 脊柱外科二病区" in reader.get("/").content.decode()
    (detail,) = details()
    assert detail == {
        "hospital_name": "湖北省第一人民医院",
        "hospital_name_before": "",
        "ward_name": "脊柱外科二病区",
        "ward_name_before": "",
        "time_zone": "Asia/Shanghai",
        "time_zone_before": "",
        "pdw_unit": "fL",
        "pdw_unit_before": "",
    }
    line = AuditEvent.objects.get(action=AuditEvent.Action.WARD_SETTINGS_CHANGED)
    assert (line.actor, line.actor_name) == ("adam", "Adam Berg")


def test_each_change_is_a_revision_and_none_where_nothing_changed() -> None:
    client = signed_in(cast.adam())
    save(client)
    save(client, revision="1")
    save(client, revision="1", ward_name="Spine 2")
    kept = list(WardSettings.objects.order_by("revision").values_list("revision", "ward_name"))
    assert kept == [(1, "脊柱外科二病区"), (2, "Spine 2")]
    assert details()[1] == {"ward_name": "Spine 2", "ward_name_before": "脊柱外科二病区"}


def test_the_name_of_the_environment_holds_until_it_is_changed(settings: Settings) -> None:
    settings.WARD_NAME = "Orthopaedics 3"
    client = signed_in(cast.adam())
    assert "Orthopaedics 3" in signed_in(cast.alice()).get("/").content.decode()
    assert Page(client.get(PAGE)).control("ward_name").value == "Orthopaedics 3"
    save(client, hospital_name="", ward_name="Spine 2")
    assert details()[0]["ward_name_before"] == "Orthopaedics 3"
    page = signed_in(cast.alice()).get("/").content.decode()
    assert "Spine 2" in page
    assert "Orthopaedics 3" not in page


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("hospital_name", "x" * 81, "at most 80"),
        ("hospital_name", "North \u202elatipsoH", "reverses the direction of writing (U+202E)"),
        ("hospital_name", "\u200b", "it begins with an invisible character (U+200B)"),
        ("hospital_name", "---", "has no letter"),
        ("time_zone", "", "not chosen"),
        ("time_zone", "Mars/Olympus", "does not know this time zone"),
        ("time_zone", "../../etc/passwd", "does not know this time zone"),
        ("pdw_unit", "furlong", "not one of the available choices"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    name: str, value: str, said: str
) -> None:
    response = save(signed_in(cast.adam()), **{name: value})
    page = Page(response)
    assert response.status_code == 422
    assert said in page.html
    assert page.control("ward_name").value == ENTRIES["ward_name"]
    assert not details()


def test_two_administrators_at_once_lose_nothing() -> None:
    """Different facts are merged; the same fact is asked for again, with what holds now."""
    one = signed_in(cast.adam())
    other = signed_in(cast.account("eve", "Eve Lang", Role.ADMINISTRATOR))
    assert save(one).status_code == 302
    assert save(one, revision="1", hospital_name="North Hospital").status_code == 302
    assert save(other, revision="1", pdw_unit="GSD").status_code == 302
    now = queries.ward_settings()
    assert (now.hospital_name, now.pdw_unit) == ("North Hospital", "GSD")
    response = save(other, revision="1", hospital_name="South Hospital")
    page = Page(response)
    assert response.status_code == 422
    assert "this was changed to “North Hospital”" in page.html
    assert page.control("hospital_name").value == "South Hospital"
    # What only the other one changed is not set back.
    assert page.control("pdw_unit").value == "GSD"
    assert (
        save(other, revision="3", hospital_name="South Hospital", pdw_unit="GSD").status_code == 302
    )
    assert queries.ward_settings().hospital_name == "South Hospital"


def test_settings_are_read_anew_by_each_request_in_one_statement() -> None:
    client = signed_in(cast.alice())
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    about = [each["sql"] for each in asked if "scoring_wardsettings" in each["sql"]]
    assert len(about) == 1
    with CaptureQueriesContext(connection) as asked:
        client.get("/healthz")
    assert not asked.captured_queries


def test_china_comes_first_and_the_server_is_what_is_offered(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    page = Page(signed_in(cast.adam()).get(PAGE))
    html = page.html
    assert html.index("Asia/Shanghai (Beijing time)") < html.index('value="Africa/Abidjan"')
    assert page.control("time_zone").value == "Europe/Berlin"


def test_utc_is_not_chosen_in_passing(settings: Settings) -> None:
    settings.TIME_ZONE = "Etc/UTC"
    administrator = signed_in(cast.adam())
    assert Page(administrator.get(PAGE)).control("time_zone").value == ""
    assert save(administrator, time_zone="").status_code == 422
    assert save(administrator, time_zone="Etc/UTC").status_code == 302
    assert Page(administrator.get(PAGE)).control("time_zone").value == "Etc/UTC"


@pytest.mark.parametrize(
    ("unit", "chosen", "said"),
    [
        ("", "", None),
        ("fL", "fL", "fL is your laboratory's unit."),
        ("%", "", "Your laboratory reports %."),
        ("GSD", "", "Your laboratory reports GSD."),
    ],
)
def test_the_form_says_whose_unit_it_begins_with(unit: str, chosen: str, said: str | None) -> None:
    if unit:
        changed(pdw_unit=unit)
    page = Page(signed_in(cast.alice()).get(reverse("assessment-new")))
    assert page.control("pdw_unit").value == chosen
    assert ("laboratory's unit" in page.html or "Your laboratory reports" in page.html) is bool(
        said
    )
    if said:
        assert said in page.html.replace("&#x27;", "'")
    # No other answer comes with it.
    assert page.control("fracture_level").value == ""
    assert not [control for control in page.controls if control.chosen]


def test_a_draft_keeps_the_unit_that_was_chosen_against_the_laboratory() -> None:
    changed(pdw_unit="fL")
    response = signed_in(cast.alice()).post(reverse("assessment-new"), cast.form_data(pdw_unit="%"))
    page = Page(response)
    assert page.control("pdw_unit").value == "%"
    assert "the model needs PDW in fL" in page.html


def test_a_unit_that_is_not_scored_is_pointed_out() -> None:
    changed(pdw_unit="%")
    page = Page(signed_in(cast.adam()).get(PAGE))
    assert "Your laboratory reports PDW in %. The model needs PDW in fL." in page.html


@pytest.mark.parametrize(
    ("hospital", "ward", "over"),
    [
        ("x" * 80, "y" * 50, 0),
        ("x" * 80, "y" * 53, 3),
        ("湖" * 40, "脊" * 25, 0),
        ("湖" * 66, "", 2),
    ],
)
def test_both_names_fit_one_line_of_the_report(hospital: str, ward: str, over: int) -> None:
    response = save(signed_in(cast.adam()), hospital_name=hospital, ward_name=ward)
    assert response.status_code == (422 if over else 302)
    if over:
        assert f"shorten them by {over} letters" in response.content.decode()


LATIN = "University Hospital of the Ludwig Maximilian University, Campus Grosshadern Nord"
CHINESE = "华中科技大学同济医学院附属协和医院" * 5


@pytest.mark.parametrize(
    ("hospital", "ward"),
    [
        ("湖北省第一人民医院", "脊柱外科二病区"),
        (LATIN, "Department of Orthopaedic and Trauma Surgery, Ward G2"[: 130 - len(LATIN)]),
        (CHINESE[:45], CHINESE[45:65]),
        ("<script>alert(1)</script>", "}body{display:none}"),
    ],
)
def test_the_head_of_the_report_names_hospital_and_ward_on_one_page(
    hospital: str, ward: str
) -> None:
    changed(hospital_name=hospital, ward_name=ward)
    assessment = cast.recorded()
    address = reverse("assessment-report", args=[assessment.pk])
    response = signed_in(cast.alice()).get(address)
    (page,) = PdfReader(io.BytesIO(response.content)).pages
    said = "".join(page.extract_text().split())
    assert "".join(hospital.split()) in said
    assert "".join(ward.split()) in said
    assert "183.89" in said


def test_the_report_of_the_validation_names_both() -> None:
    changed(hospital_name="North Hospital", ward_name="Spine 2")
    cast.recorded()
    response = signed_in(cast.rita()).get(reverse("validation-report"))
    first = PdfReader(io.BytesIO(response.content)).pages[0]
    assert "North Hospital · Spine 2" in first.extract_text()


def test_a_command_can_state_them_too() -> None:
    made = actions.change_ward_settings(
        by=None, facts={"ward_name": "Demo"}, opened=0, origin=actions.NOWHERE
    )
    assert (made.changed_by, made.changed_by_name) == (None, "")
    assert "Demo" in signed_in(cast.alice()).get("/").content.decode()
    assert User.objects.count() == 1
