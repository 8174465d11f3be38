"""Rules across fields: the operation, dates of sources, the radiograph, eligibility."""

from datetime import datetime
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import Assessment
from scoring.nomogram.eligibility import Criterion, study_answer
from scoring.words.eligibility import CRITERION_NAMES
from tests import cast
from tests.web.html import Page, new_assessment, signed_in

pytestmark = pytest.mark.django_db
SOURCES = ("dxa_date", "mri_date", "pdw_date", "chloride_date")
PLANNED: dict[str, Any] = {
    "operation_status": "planned",
    "operation_date": cast.from_today(3),
    "mvh_restored": "not_known_yet",
    "radiograph_date": "",
    "birth_date": "14-Jul-1950",
    **dict.fromkeys([*SOURCES, "trauma_history_date"], ""),
}


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _said(client: Client, name: str, **changes: Any) -> str:
    data = cast.form_data(**changes)
    response = new_assessment(client, data)
    page = Page(response)
    assert response.status_code == 422
    assert not Assessment.objects.exists()
    assert {field: page.value(field) for field in data} == data
    return " ".join(page.beside(name))


def _saved(client: Client, **changes: Any) -> Assessment:
    response = new_assessment(client, cast.form_data(**changes))
    assert response.status_code == 302, " ".join(Page(response).by_id("summary").__str__().split())
    return Assessment.objects.get()


@pytest.mark.parametrize("days", [0, 1, 365])
def test_planned_from_today_to_a_year_ahead(client: Client, days: int) -> None:
    kept = _saved(client, **PLANNED | {"operation_date": cast.from_today(days)})
    assert (kept.operation_status, kept.state) == ("planned", "provisional")
    page = Page(client.get(reverse("assessment-result", args=[kept.pk])))
    assert "PKP of L1 planned for" in page.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            PLANNED | {"operation_date": cast.from_today(-1)},
            "past, but the operation is marked planned",
        ),
        (PLANNED | {"operation_date": cast.from_today(366)}, "01-Jan-2000 to a year from today"),
        (
            {"operation_date": cast.from_today(1), "radiograph_date": ""},
            "in the future, but the operation is marked done",
        ),
        (
            {"operation_date": "31-Dec-1999", "radiograph_date": ""},
            "01-Jan-2000 to a year from today",
        ),
        ({"operation_date": ""}, "nothing entered; enter a date such as 14-Mar-2026."),
        (
            {"operation_date": "9999-12-31", "radiograph_date": ""},
            "01-Jan-2000 to a year from today",
        ),
        ({"operation_date": "0001-01-01"}, "01-Jan-2000 to a year from today"),
    ],
)
def test_the_day_of_the_operation(client: Client, changes: dict[str, Any], said: str) -> None:
    assert said in _said(client, "operation_date", **changes)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_height_is_not_known_before_the_operation(client: Client, answer: str) -> None:
    said = _said(client, "mvh_restored", **PLANNED | {"mvh_restored": answer})
    assert "the operation is marked planned, but the height is known only 24 h after it." in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"radiograph_date": "12-Mar-2025"}, "from the day of the operation to today"),
        ({"radiograph_date": cast.from_today(1)}, "from the day of the operation to today"),
        ({"mvh_restored": "not_known_yet"}, "but the height is “Not known yet”"),
    ],
)
def test_the_day_of_the_radiograph(client: Client, changes: dict[str, Any], said: str) -> None:
    assert said in _said(client, "radiograph_date", **changes)


@pytest.mark.parametrize("day", ["", "14-Mar-2025", "16-Mar-2025"])
def test_radiographs_that_are_taken(client: Client, day: str) -> None:
    assert _saved(client, radiograph_date=day).state == "final"


def test_an_operation_is_not_done_at_a_time_still_ahead(client: Client) -> None:
    with mock.patch.object(timezone, "localtime", return_value=datetime(2025, 3, 13, 8, 29)):
        said = _said(client, "operation_time", operation_time="08:30")
    assert "you entered 08:30, which is later today, but the operation is marked done." in said


def test_no_trauma_has_no_date(client: Client) -> None:
    said = _said(client, "trauma_history_date", trauma_history="no")
    assert "you entered 09-Mar-2025, but the answer is “No”. Clear the date" in said


@pytest.mark.parametrize("name", SOURCES)
def test_sources_lie_before_the_operation(client: Client, name: str) -> None:
    said = _said(client, name, **{name: "14-Mar-2025"})
    assert "you entered 14-Mar-2025, which is after the operation" in said


@pytest.mark.parametrize("name", [*SOURCES, "trauma_history_date"])
def test_sources_do_not_lie_ahead_nor_long_past(client: Client, name: str) -> None:
    for day in (cast.from_today(1), "31-Dec-1999"):
        assert "allowed is 01-Jan-2000 to today." in _said(client, name, **{name: day})


def test_sources_may_be_left_open_and_the_result_says_so(client: Client) -> None:
    kept = _saved(
        client,
        **dict.fromkeys([*SOURCES, "trauma_history_date", "dxa_site", "radiograph_date"], ""),
    )
    assert [getattr(kept, name) for name in SOURCES] == [None] * len(SOURCES)
    page = Page(client.get(reverse("assessment-result", args=[kept.pk])))
    assert page.text.count("laboratory, date not stated") == 2
    assert "DXA, date not stated" in page.text
    assert "radiograph, date not stated" in page.text


def test_sources_on_the_day_of_the_operation_are_taken(client: Client) -> None:
    kept = _saved(client, **dict.fromkeys(SOURCES, "13-Mar-2025"))
    assert kept.pdw_date == cast.OPERATION


def _shown(client: Client, **changes: Any) -> Page:
    kept = _saved(client, **changes)
    return Page(client.get(reverse("assessment-result", args=[kept.pk])))


@pytest.mark.parametrize("criterion", Criterion)
def test_outside_the_study_population_is_said(client: Client, criterion: Criterion) -> None:
    other = "no" if study_answer(criterion) == "yes" else "yes"
    page = _shown(client, **{criterion.value: other})
    assert "Outside the study population." in page.text
    assert str(CRITERION_NAMES[criterion]) in page.text
    assert "All 10 criteria answered" not in page.text
    assert Assessment.objects.get().population == "outside"


@pytest.mark.parametrize("criterion", Criterion)
def test_what_is_not_assessed_is_said(client: Client, criterion: Criterion) -> None:
    page = _shown(client, **{criterion.value: "not_assessed"})
    # A new fracture is asked about again later on.
    is_later = criterion is Criterion.NEW_VERTEBRAL_FRACTURE
    assert ("Eligibility not fully assessed. Not assessed:" in page.text) is not is_later
    later = "New vertebral fracture: asked again with the day-30 VAS."
    assert (later if is_later else str(CRITERION_NAMES[criterion])) in page.text
    assert "Outside the study population" not in page.text
    assert "All 10 criteria answered" not in page.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"t_score": "-2.4"}, "Caution: T-score −2.4. It is above −2.5"),
        ({"pdw_fl": "7,9"}, "Caution: PDW 7.9 fL. It lies outside 8 to 18"),
        ({"pdw_fl": "34.8"}, "Caution: PDW 34.8 fL. It lies outside 8 to 18"),
        (
            {"chloride_mmol_l": "110.1"},
            "Caution: Serum chloride 110.1 mmol/L. It lies outside 97 to",
        ),
        ({"birth_date": "13-Mar-1934"}, "Caution: Age 91 years. It lies outside 54 to 90"),
    ],
)
def test_cautions_are_said_and_kept(client: Client, changes: dict[str, Any], said: str) -> None:
    assert said in _shown(client, **{"t_score": "-2.5"} | changes).text
    assert len(Assessment.objects.get().cautions) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"t_score": "-2.5"},
        {"t_score": "-2.5", "pdw_fl": "8"},
        {"t_score": "-2.5", "pdw_fl": "18"},
        {"t_score": "-2.5", "chloride_mmol_l": "97"},
        {"t_score": "-2.5", "chloride_mmol_l": "110"},
    ],
)
def test_no_caution_within_the_usual_range(client: Client, changes: dict[str, Any]) -> None:
    assert "Caution:" not in _shown(client, **changes).text
    assert Assessment.objects.get().cautions == []
