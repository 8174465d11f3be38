"""Heavy reading on a standby: which one is asked, what a page says, and what happens without it.

A stand-in takes the standby's place: the same database, of which it is known what it was asked.
``tests/machines/reading.py`` has a real one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone

from scoring import queries
from scoring.models import AuditEvent
from scoring.queries import standby
from tests import cast
from tests.history.ward import seeded
from tests.validation.ward import early, reviewer
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


class StandIn:
    """The default connection under another name; ``fails_at`` is the cursor that breaks."""

    def __init__(self) -> None:
        vars(self).update(real=connections["default"], cursors=0, fails_at=0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.real, name, value)

    def cursor(self) -> Any:
        return self._counted(self.real.cursor)

    def chunked_cursor(self) -> Any:
        return self._counted(self.real.chunked_cursor)

    def close(self) -> None:
        """The real one goes on."""

    def _counted(self, make: Any) -> Any:
        vars(self)["cursors"] += 1
        if self.cursors == self.fails_at:
            raise OperationalError("canceling statement due to conflict with recovery")
        return make()


# What is asked of a standby that is not read from.
POSITION = 1


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A standby that has everything."""
    found = StandIn()
    monkeypatch.setitem(settings.DATABASES, "standby", settings.DATABASES["default"])
    monkeypatch.setattr(standby, "_away_until", 0.0)
    monkeypatch.setitem(connections.settings, "standby", connections.settings["default"])
    _is(monkeypatch, has_all=True)
    connections["standby"] = found  # type: ignore[assignment]
    yield found
    del connections["standby"]


def _is(
    monkeypatch: pytest.MonkeyPatch,
    *,
    receives: bool = True,
    has_all: bool = False,
    replayed_at: datetime | None = None,
) -> None:
    moment = "NULL" if replayed_at is None else f"'{replayed_at.isoformat()}'"
    monkeypatch.setattr(
        standby,
        "_POSITION",
        f"SELECT {receives}, {has_all} AND %s::pg_lsn > '0/0', {moment}::timestamptz",
    )


@pytest.fixture
def client() -> Client:
    early()
    return signed_in(reviewer())


def test_without_the_setting_everything_is_read_from_the_one_database() -> None:
    with queries.heavy_reading(may_lag=True) as as_of:
        assert (as_of, standby.read_from()) == (None, "default")


def test_one_that_has_everything_is_read_without_a_word(stand_in: StandIn, client: Client) -> None:
    for address in ("/validation", "/validation/drift", "/validation/report"):
        vars(stand_in)["cursors"] = 0
        answer = client.get(address)
        assert answer.status_code == 200
        assert stand_in.cursors > POSITION, address
    assert "As of" not in Page(client.get("/validation")).text
    # The line of the access log stands where lines are written.
    assert AuditEvent.objects.using("default").filter(action="validation_viewed").count() == 2


@pytest.mark.parametrize("address", ["/validation", "/validation/drift"])
def test_a_page_that_lags_says_of_when_it_is(
    stand_in: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    replayed_at = timezone.now() - timedelta(seconds=20)
    _is(monkeypatch, replayed_at=replayed_at)
    page = Page(client.get(address))
    assert stand_in.cursors > POSITION
    shown = timezone.localtime(replayed_at)
    assert f"As of {shown:%d-%b-%Y %H:%M:%S}" in page.text
    assert "What was saved since is not included yet." in page.text


def test_what_leaves_the_site_never_lags(
    stand_in: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _is(monkeypatch, replayed_at=timezone.now() - timedelta(seconds=20))
    assert client.get("/validation/report").status_code == 200
    assert client.post("/validation/drift/export").status_code == 200
    assert stand_in.cursors == 2 * POSITION


@pytest.mark.parametrize(
    "state",
    [
        {"replayed_at": timedelta(seconds=90)},
        {"replayed_at": None},
        # It replayed all that it got, and gets nothing any more.
        {"receives": False, "has_all": True},
    ],
)
def test_one_that_is_too_far_behind_is_not_read(
    stand_in: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]
) -> None:
    age = state.get("replayed_at")
    _is(monkeypatch, **state | {"replayed_at": age and timezone.now() - age})
    page = Page(client.get("/validation"))
    assert stand_in.cursors == POSITION
    assert "As of" not in page.text


def test_one_that_is_away_is_left_alone_for_a_while(
    stand_in: StandIn, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    vars(stand_in)["fails_at"] = 1
    for _ in range(2):
        assert client.get("/validation").status_code == 200
    assert stand_in.cursors == 1
    assert (
        caplog.messages.count("The standby does not answer: heavy reading goes to the primary.")
        == 1
    )


def test_one_that_breaks_off_costs_one_more_try(stand_in: StandIn, client: Client) -> None:
    vars(stand_in)["fails_at"] = 2
    client.raise_request_exception = False
    assert client.get("/validation").status_code == 503
    assert client.get("/validation").status_code == 200
    assert stand_in.cursors == 2


def test_an_export_is_streamed_from_it(stand_in: StandIn) -> None:
    seeded(3)
    client = signed_in(cast.rita())
    answer = client.post("/history/export", {"identifiers": "without"})
    before = stand_in.cursors
    rows = answer.getvalue().decode().splitlines()
    # Read after the view, from the database that the view chose.
    assert stand_in.cursors > before
    assert len(rows) > 3
    assert AuditEvent.objects.filter(action="history_exported").exists()
