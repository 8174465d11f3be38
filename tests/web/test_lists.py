"""Worklist, history and patient page: found again by number and by name, page by page."""

import re
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import Assessment, AuditEvent, Patient
from scoring.nomogram.rong2025 import simulated
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests import worked_example as worked
from tests.web.html import Page, elements, signed_in, text

pytestmark = pytest.mark.django_db
MOMENT = datetime(2025, 3, 14, 1, 42, tzinfo=UTC)


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _links(page: Page) -> dict[str, str]:
    return {
        text(e): str(dict(e.attributes)["href"])
        for e in elements(page.root)
        if e.name == "a" and dict(e.attributes).get("href")
    }


def _numbers(page: Page) -> list[str]:
    """Hospital numbers of the rows, top to bottom."""
    return re.findall(r"<span class=\"number\">([HX][^<]*)</span>", page.html)


def _search(client: Client, words: str) -> Page:
    return Page(client.post(reverse("history"), {"q": words}, follow=True))


@pytest.fixture
def ward() -> list[Patient]:
    people = [
        cast.person("H100234", family_name="Wang", given_name="Xiulan"),
        cast.person("H100777", family_name="Müller", given_name="José"),
        cast.person("X1H100", family_name="王", given_name="秀兰"),
        cast.person("H2", family_name="", given_name="", birth_date=None),
        cast.person("H_3", family_name="O'Brien", given_name="Ann"),
        cast.person("H4", family_name="Đặng", given_name="Thị-Hoa"),
    ]
    entry = cast.worked_example(age_years=80)
    return [cast.recorded(person, entry).patient for person in people]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {"H100234", "H100777", "X1H100", "H2", "H_3", "H4"}),
        ("H100", {"H100234", "H100777"}),
        (" h100 234 ", {"H100234"}),
        ("ｈ１００", {"H100234", "H100777"}),
        ("wang", {"H100234"}),
        ("WANG XIU", {"H100234"}),
        ("muller", {"H100777"}),
        ("MÜLLER", {"H100777"}),
        ("jose", {"H100777"}),
        ("王", {"X1H100"}),
        ("秀兰", {"X1H100"}),
        ("o'brien", {"H_3"}),
        ("O’Brien", {"H_3"}),
        ("obri", {"H_3"}),
        ("dang", {"H4"}),
        ("dang thihoa", {"H4"}),
        ("Thi Hoa", {"H4"}),
        ("Thi‐Hoa, DANG", {"H4"}),
        ("hoang", set()),
        ("%", set()),
        ("_", set()),
        ("h_3", {"H_3"}),
        ("nobody", set()),
        ("'; DROP TABLE scoring_patient; --", set()),
        ("\\", set()),
    ],
)
@pytest.mark.usefixtures("ward")
def test_history_finds(client: Client, words: str, found: set[str]) -> None:
    page = _search(client, words)
    assert set(_numbers(page)) == found
    assert page.value("q") == words.strip()


@pytest.mark.usefixtures("ward")
def test_what_is_searched_for_never_stands_in_an_address(client: Client) -> None:
    sent = client.post(reverse("history"), {"q": "Wang"})
    assert sent.status_code == 302
    assert re.fullmatch(r"/history\?search=[0-9a-f]{32}", sent.headers["Location"])
    page = Page(client.get(sent.headers["Location"]))
    assert _numbers(page) == ["H100234"]
    assert not [href for href in _links(page).values() if "wang" in href.lower()]


@pytest.mark.usefixtures("ward")
def test_a_search_belongs_to_the_session_that_made_it(client: Client) -> None:
    address = client.post(reverse("history"), {"q": "Wang"}).headers["Location"]
    page = Page(signed_in(cast.bob()).get(address))
    assert page.value("q") == ""


@pytest.mark.parametrize("words", ["\x00", "Wang\x00", "x" * 20_000, "<script>alert(1)</script>"])
@pytest.mark.usefixtures("ward")
def test_any_search_is_met_with_a_page(client: Client, words: str) -> None:
    response = client.post(reverse("history"), {"q": words}, follow=True)
    # Longer than any name: the form says so.
    assert response.status_code == (422 if len(words) > 100 else 200)
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "after=x_y",
        "before=2025-03-14T01:42:00_00000000-0000-0000-0000-000000000000",
        "before=0001-01-01T00:00:00%2B23:59_00000000-0000-0000-0000-000000000000",
        "after=9999-12-31T23:59:59-23:59_00000000-0000-0000-0000-000000000000",
        "rows=1000000",
        "rows=-1",
        "search=nothing",
        "search=%00",
    ],
)
@pytest.mark.usefixtures("ward")
def test_any_address_of_the_history_is_met_with_a_page(client: Client, query: str) -> None:
    assert client.get(f"{reverse('history')}?{query}").status_code == 200


def test_pages_forward_and_back_with_equal_moments(client: Client) -> None:
    patient = cast.registered()
    for n in range(37):
        # Groups of ten that were recorded in the same microsecond.
        with patch("django.utils.timezone.now", return_value=MOMENT + timedelta(minutes=n // 10)):
            cast.recorded(patient)
    expected = [
        str(pk)
        for pk in Assessment.objects.order_by("-created_at", "-id").values_list("pk", flat=True)
    ]
    address, seen, pages = reverse("history"), [], []
    while True:
        page = Page(client.get(address))
        pages.append(re.findall(r'class="who" href="/assessments/([0-9a-f-]+)"', page.html))
        seen += pages[-1]
        if "Older" not in _links(page):
            break
        address = reverse("history") + _links(page)["Older"]
    assert seen == expected
    assert [len(rows) for rows in pages] == [15, 15, 7]
    back = []
    while "Newer" in _links(page):
        page = Page(client.get(reverse("history") + _links(page)["Newer"]))
        back.append(re.findall(r'class="who" href="/assessments/([0-9a-f-]+)"', page.html))
    assert back == [pages[1], pages[0]]
    rows_50 = Page(client.get(f"{reverse('history')}?rows=50"))
    assert rows_50.html.count('class="who"') == 37


def test_a_search_keeps_its_words_from_page_to_page(client: Client) -> None:
    wang, other = cast.registered(), cast.registered("H9", family_name="Li")
    for _ in range(16):
        cast.recorded(wang)
        cast.recorded(other)
    first = _search(client, "wang")
    second = Page(client.get(reverse("history") + _links(first)["Older"]))
    assert (len(_numbers(first)), len(_numbers(second))) == (15, 1)
    assert set(_numbers(second)) == {"H100234"}
    assert second.value("q") == "wang"


def test_history_shows_every_version_with_its_state(client: Client) -> None:
    cast.next_version(cast.recorded())
    page = Page(client.get(reverse("history")))
    assert len(_numbers(page)) == 2
    assert page.html.count("state-superseded") == 1


def test_the_worklist_has_one_list_of_the_wards_recent_ones(client: Client) -> None:
    cast.recorded(cast.person("H1"), by=cast.alice())
    cast.recorded(cast.person("H2"), cast.before_the_radiograph(), by=cast.bob())
    page = Page(client.get(reverse("worklist")))
    assert not page.has_id("h-mine")
    (ward,) = (
        text(e)
        for e in elements(page.root)
        if dict(e.attributes).get("aria-labelledby") == "h-ward"
    )
    assert "H1" in ward
    assert "H2" in ward
    assert worked.EITHER in ward
    assert "148.21 or 183.89" in ward
    assert "Dr Bob Keller" in ward


def test_an_empty_ward_says_so(client: Client) -> None:
    assert "None yet." in Page(client.get(reverse("worklist"))).text
    assert "No assessment yet." in Page(client.get(reverse("history"))).text


def test_patient_page_folds_earlier_versions(client: Client) -> None:
    first = cast.recorded()
    second = cast.next_version(first)
    other = cast.recorded(first.patient, cast.before_the_radiograph())
    page = Page(client.get(reverse("patient-detail", args=[first.patient_id])))
    assert "2 assessments" in page.text
    assert "1 earlier version" in page.text
    for version in (first, second, other):
        assert reverse("assessment-result", args=[version.pk]) in page.html
    assert "Wang, Xiulan" in page.text
    assert AuditEvent.objects.filter(action="patient_viewed").count() == 1


def test_patient_without_assessment(client: Client) -> None:
    page = Page(client.get(reverse("patient-detail", args=[cast.registered().pk])))
    assert "No assessment yet." in page.text


def test_a_superseded_result_says_so(client: Client) -> None:
    first = cast.recorded()
    cast.next_version(first)
    page = Page(client.get(reverse("assessment-result", args=[first.pk])))
    assert "Superseded" in page.text


def test_synthetic_data_are_marked_once_on_every_page(client: Client) -> None:
    assert "SYNTHETIC" not in Page(client.get(reverse("worklist"))).text
    kept = cast.recorded(cast.person(synthetic=True))
    for name, arguments in (
        ("worklist", []),
        ("history", []),
        ("about", []),
        ("assessment-new", []),
        ("assessment-result", [kept.pk]),
        ("patient-detail", [kept.patient_id]),
    ):
        shown = Page(client.get(reverse(name, args=arguments))).text
        assert shown.count("SYNTHETIC") == 1, name


def test_about_tells_the_numbers_of_the_publication(client: Client) -> None:
    page = Page(client.get(reverse("about")))
    for said in (
        "0.95 × (100 − age in years)",
        "3.47 × (PDW in fL − 6)",
        "2.55 × (115 − chloride in mmol/L)",
        f"{RONG_2025.line.p50_points:.2f}",
        f"{RONG_2025.line.k_points_per_logit:.2f}",
        "76.8 %",
        "569",
        "117",
        "18.4 %",
        "76.1 %",
        "71.0 %",
        "183.89",
        worked.RISK,
        worked.RANGE,
        "Recruited Jan 2018 to Jun 2020",
        "up to 1 %",
        # How the line was found, and what of it was simulated.
        "34.8 fL and 75.8 mmol/L rest on “no axis above 100 points”",
        f"{simulated.SIMULATED_STUDIES:,} simulated studies",
        f"AUC of about {simulated.EXPECTED_AUC:.3f}",
        "and sensitivity and specificity",
        "10.3389/fsurg.2025.1625518",
    ):
        assert said in page.text, said
    assert "< 1 –" not in page.text
