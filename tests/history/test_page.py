"""The page of the history: filters in the address, errors beside fields, bounded queries."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertInHTML

from scoring import actions
from scoring.entry import OutcomeEntry
from scoring.models import Assessment, AuditEvent
from scoring.queries import HistoryFilter
from scoring.web.rows import list_rows
from tests import cast
from tests.history.ward import seeded
from tests.life import acts
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
HISTORY = "/history"


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _rows(page: Page) -> int:
    return page.html.count('class="who"')


def test_an_outcome_goes_with_its_assessment_to_another_patient(client: Client) -> None:
    moved = cast.recorded()
    acts.amended(moved, patient=cast.registered("H7", family_name="Zhao"))
    acts.outcome(moved, acts.measured(3, 9))
    newer, older = list_rows(HistoryFilter().found())
    assert [newer[name] for name in ("vas_day_3", "vas_day_30", "rbp")] == ["9", "—", "not yet"]
    assert [older[name] for name in ("vas_day_3", "vas_day_30", "rbp")] == ["—", "—", "not counted"]


def test_filters_stand_in_the_address_and_the_text_does_not(client: Client) -> None:
    cast.recorded()
    posted = {"q": "Wang", "assessed_from": "01.02.2020", "state": "final", "cutoff": "", "x": "y"}
    address = client.post(HISTORY, posted).headers["Location"]
    query = parse_qs(urlsplit(address).query)
    assert set(query) == {"search", "assessed_from", "state"}
    assert "wang" not in address.lower()
    page = Page(client.get(address))
    assert page.value("q") == "Wang"
    assert page.value("assessed_from") == "01.02.2020"
    assert page.value("state") == "final"
    assert _rows(page) == 1
    assert "1 assessment version ·" in page.text
    assert "Every version of every assessment" in page.text


def test_the_same_text_keeps_its_key_and_old_ones_are_dropped(client: Client) -> None:
    first = client.post(HISTORY, {"q": "Wang"}).headers["Location"]
    assert client.post(HISTORY, {"q": "Wang"}).headers["Location"] == first
    for number in range(25):
        client.post(HISTORY, {"q": f"Name{number}"})
    assert len(client.session["searches"]) == 20
    cast.recorded()
    page = Page(client.get(first))
    # All there is must not be shown where a name was asked for.
    assert _rows(page) == 0
    assert "has expired" in page.text
    assert not AuditEvent.objects.filter(action="history_searched").exists()


def test_what_the_filters_offer_is_what_is_on_record_now(client: Client) -> None:
    cast.recorded()
    assert "Dr Bob Keller" not in Page(client.get(HISTORY)).text
    bob = cast.bob()
    # Somebody who never assessed is nobody to choose.
    assert "Dr Bob Keller" not in Page(client.get(HISTORY)).text
    cast.recorded(cast.person("H200000"), by=bob)
    page = Page(client.get(HISTORY))
    assert "Dr Bob Keller" in page.text
    assert page.value("clinician") == ""
    assert Page(client.get(f"{HISTORY}?clinician={bob.pk}")).value("clinician") == str(bob.pk)
    # Filters that are drawn again are those of this address, not of the one before.
    assert Page(client.get(HISTORY)).value("clinician") == ""


def test_a_text_searched_for_is_never_drawn_for_others(client: Client) -> None:
    address = client.post(HISTORY, {"q": "Wang", "state": "final"}).headers["Location"]
    assert Page(client.get(address)).value("q") == "Wang"
    for other in (f"{HISTORY}?state=final", HISTORY):
        assert "Wang" not in signed_in(cast.bob()).get(other).content.decode()
    kept = str(vars(caches["default"])["_cache"])
    assert "Any state" in kept
    assert "Wang" not in kept


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("assessed_from=31-Feb-2026", "assessed_from", "you entered “31-Feb-2026”"),
        ("assessed_from=02-Mar-2026&assessed_to=01-Mar-2026", "assessed_to", "before the first"),
        ("state=lost", "state", "lost is not one of the available choices"),
        ("clinician=99999999", "clinician", "not one of the available choices"),
        ("clinician=x", "clinician", "not one of the available choices"),
        ("model=rong-2025", "model", "not one of the available choices"),
    ],
)
def test_a_wrong_filter_is_told_beside_its_field(
    client: Client, query: str, field: str, said: str
) -> None:
    cast.recorded()
    response = client.get(f"{HISTORY}?{query}")
    assert response.status_code == 422
    page = Page(response)
    assert said in " ".join(page.beside(field))
    assert _rows(page) == 0
    for name, values in parse_qs(query).items():
        if name.startswith("assessed"):
            assert page.value(name) == values[0]


def test_rows_show_outcomes_and_voids(client: Client) -> None:
    kept = cast.recorded()
    for time_point, vas, day in ((3, 5, 16), (30, 4, 12)):
        entry = OutcomeEntry(
            time_point=time_point,
            vas=vas,
            measured_on=cast.OPERATION.replace(month=3 if time_point == 3 else 4, day=day),
        )
        actions.record_outcome(
            by=cast.alice(),
            assessment=kept,
            entry=entry,
            expected=None,
            reason="",
            submission=cast.submission(),
        )
    other = cast.recorded(cast.person("H9"))
    cast.next_version(other, state="voided", change="void")
    page = Page(client.get(f"{HISTORY}?state=voided"))
    assert _rows(page) == 1
    assert '<tr class="voided">' in page.html
    assert "not counted" in page.text
    page = Page(client.get(f"{HISTORY}?outcome=yes"))
    assert _rows(page) == 1
    assertInHTML(
        '<td class="num" data-label="VAS day 3">5</td>'
        '<td class="num" data-label="VAS day 30">4</td>'
        '<td class="nowrap" data-label="Residual back pain">yes</td>',
        page.html,
    )
    assert (
        "No assessment version matches these filters."
        in Page(client.get(f"{HISTORY}?outcome=no")).text
    )


def test_pages_keep_filters(client: Client) -> None:
    patient = cast.registered()
    for _ in range(17):
        cast.recorded(patient)
    address = client.post(HISTORY, {"q": "wang", "cutoff": "at_or_above"}).headers["Location"]
    page = Page(client.get(address))
    link = page.html.split('href="?')[1].split('"')[0].replace("&amp;", "&")
    assert "cutoff=at_or_above" in link
    older = Page(client.get(f"{HISTORY}?{link}"))
    assert (_rows(page), _rows(older)) == (15, 2)
    assert "17 assessment versions · 15 rows, from" in page.text


def test_looking_is_logged_with_what_was_asked(client: Client) -> None:
    cast.recorded()
    client.get(client.post(HISTORY, {"q": "wang", "state": "final"}).headers["Location"])
    event = AuditEvent.objects.get(action="history_searched")
    assert event.detail == {"text": "wang", "state": "final", "found": 1}


def _queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_the_rows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # The session is written every 20 seconds, which a busy computer may take.
    monkeypatch.setattr("scoring.web.session_limits._GRAIN_SECONDS", 3600)
    cast.recorded()
    one = cast.recorded(cast.person("H2"), cast.before_the_radiograph())
    addresses = {
        reverse("worklist"): 20,
        HISTORY: 15,
        f"{HISTORY}?state=current&cutoff=at_or_above&rows=50": 15,
        f"{HISTORY}?rows=50&before=2030-01-01T00:00:00%2B00:00_{one.pk}": 15,
        reverse("patient-detail", args=[one.patient_id]): 15,
    }
    for address in addresses:
        client.get(address)
    few = {address: _queries_of(client, address) for address in addresses}
    seeded(400)
    for _ in range(8):
        cast.recorded(one.patient)
    many = {address: _queries_of(client, address) for address in addresses}
    assert many == few
    for address, bound in addresses.items():
        assert many[address] <= bound, (address, many[address])
    assert Assessment.objects.count() == 410
