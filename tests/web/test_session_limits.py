"""Sessions end after a time without activity, and after a working day, whatever the page says."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from scoring.models import AuditEvent
from scoring.web import session_limits
from tests import cast
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
IDLE, HOURS = 15 * 60, 12 * 60 * 60
WORKLIST = "/"


class Clock:
    """The time of the sessions, in seconds."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def _clock() -> Iterator[Clock]:
    clock = Clock()
    with patch("scoring.web.session_limits.time.time", clock):
        yield clock


@pytest.fixture
def clock() -> Iterator[Clock]:
    with _clock() as clock:
        yield clock


def _is_in(client: Client) -> bool:
    response = client.get(reverse("about"))
    assert response.status_code in {200, 302}
    return bool(response.status_code == 200)


def _state(client: Client) -> dict[str, object]:
    state: dict[str, object] = client.get(reverse("session")).json()
    return state


def test_the_limits_are_a_quarter_of_an_hour_and_twelve_hours(settings: Settings) -> None:
    assert (settings.IDLE_SECONDS, settings.SESSION_COOKIE_AGE) == (IDLE, HOURS)


def test_signed_out_after_the_idle_time_to_the_second(clock: Clock) -> None:
    client = signed_in(cast.alice())
    clock.now += IDLE - 1
    assert _state(client)["seconds_left"] == 1
    clock.now += 1
    state = _state(client)
    # What was typed is sent with it, to be kept.
    assert state.pop("form_secret")
    assert state == {"user": None, "seconds_left": 0, "extendable": True}
    assert not _is_in(client)


def test_the_end_is_on_record_with_its_reason(clock: Clock) -> None:
    client = signed_in(cast.alice())
    clock.now += IDLE
    assert not _is_in(client)
    event = AuditEvent.objects.get(action=AuditEvent.Action.SIGN_OUT)
    assert (event.actor, event.detail) == ("alice", {"reason": "idle"})


def test_asking_leaves_the_end_to_the_request_that_brings_the_form(clock: Clock) -> None:
    """Its answer would bring a cookie of its own, and might come after that of the kept form."""
    client = signed_in(cast.alice())
    clock.now += IDLE
    for _ in range(2):
        response = client.get(reverse("session"))
        assert response.json()["user"] is None
        assert not response.cookies
    assert not AuditEvent.objects.filter(action=AuditEvent.Action.SIGN_OUT).exists()
    client.post(reverse("session-end"), {"signed_in": cast.alice().pk})
    assert AuditEvent.objects.filter(action=AuditEvent.Action.SIGN_OUT).count() == 1


def test_of_two_requests_at_once_one_ends_it(rf: RequestFactory) -> None:
    client = signed_in(cast.alice())
    requests = []
    for _ in range(2):
        request = rf.get(WORKLIST)
        request.user = cast.alice()
        # Both have read their session before either ends it.
        request.session = SessionStore(client.cookies["sessionid"].value)
        assert request.session["active"]
        requests.append(request)
    for request in requests:
        session_limits.end(request, "idle")
        assert not request.user.is_authenticated
    assert AuditEvent.objects.filter(action=AuditEvent.Action.SIGN_OUT).count() == 1
    assert not _is_in(client)


def test_a_button_pressed_too_late_leads_back_to_its_page(clock: Clock) -> None:
    """The button's own address takes forms alone: opened after the sign-in, it said so."""
    alice = cast.alice()
    page = "http://testserver" + reverse("user-change", args=[alice.uuid])
    home = reverse("users")
    for referer, leads_to in ((page, page), ("", home), ("http://[::1", home)):
        client = signed_in(cast.adam())
        clock.now += IDLE
        late = client.post(reverse("user-disable", args=[alice.uuid]), headers={"referer": referer})
        sign_in = Page(client.get(late.headers["Location"]))
        sent = {"username": "adam", "password": cast.PASSWORD, "next": sign_in.value("next")}
        assert client.post(reverse("sign-in"), sent).headers["Location"] == leads_to
    assert cast.alice().is_active


def test_signing_out_too_late_leads_nowhere_else(clock: Clock) -> None:
    client = signed_in(cast.alice())
    clock.now += IDLE
    assert client.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")
    assert AuditEvent.objects.filter(action=AuditEvent.Action.SIGN_OUT).count() == 1


def test_the_session_itself_is_gone(clock: Clock) -> None:
    """Not even a clock that is set back brings it to life."""
    client = signed_in(cast.alice())
    before = client.cookies["sessionid"].value
    clock.now += IDLE
    assert not _is_in(client)
    clock.now -= IDLE
    client.cookies["sessionid"] = before
    assert not _is_in(client)


def test_any_use_extends_the_session(clock: Clock) -> None:
    client = signed_in(cast.alice())
    for _ in range(3):
        clock.now += IDLE - 30
        assert _is_in(client)
    clock.now += IDLE - 30
    assert client.post(reverse("session-extend")).json()["seconds_left"] == IDLE
    clock.now += IDLE
    assert not _is_in(client)


def test_asking_how_long_is_left_extends_nothing(clock: Clock) -> None:
    client = signed_in(cast.alice())
    for minute in range(1, 15):
        clock.now += 60
        assert _state(client)["seconds_left"] == IDLE - 60 * minute
    clock.now += 60
    assert not _is_in(client)


def test_the_activity_is_not_written_at_every_request(
    clock: Clock, django_assert_num_queries: object
) -> None:
    client = signed_in(cast.alice())
    clock.now += 5
    with patch.object(client.session.__class__, "save") as save:
        assert _is_in(client)
        save.assert_not_called()
        clock.now += 20
        assert _is_in(client)
        save.assert_called_once()


def test_twelve_hours_are_the_end_however_busy(clock: Clock) -> None:
    client = signed_in(cast.alice())
    for _ in range(HOURS // 600 - 1):
        clock.now += 600
        assert client.post(reverse("session-extend")).json()["seconds_left"] > 0
    state = _state(client)
    assert (state["seconds_left"], state["extendable"]) == (600, False)
    clock.now += 600
    assert not _is_in(client)
    event = AuditEvent.objects.get(action=AuditEvent.Action.SIGN_OUT)
    assert event.detail == {"reason": "session hours"}


def test_the_limits_are_settings(clock: Clock, settings: Settings) -> None:
    settings.IDLE_SECONDS = 120
    client = signed_in(cast.alice())
    clock.now += 119
    assert _state(client)["seconds_left"] == 1
    clock.now += 1
    assert not _is_in(client)


def test_a_session_without_a_beginning_is_over() -> None:
    """One of a version that did not know limits."""
    client = signed_in(cast.alice())
    session = client.session
    del session["began"]
    session.save()
    assert not _is_in(client)


def test_the_page_is_told_what_is_left(clock: Clock) -> None:
    client = signed_in(cast.alice())
    page = client.get(reverse("about")).content.decode()
    assert f'data-seconds-left="{IDLE}"' in page
    assert "session.js" in page
    assert "session.js" not in Client().get(reverse("sign-in")).content.decode()


def test_the_state_says_nothing_to_who_is_not_signed_in(client: Client) -> None:
    assert _state(client)["user"] is None
    assert client.post(reverse("session-extend")).status_code == 302


def test_a_window_of_somebody_else_ends_no_session(clock: Clock) -> None:
    alice, bob = cast.alice(), cast.bob()
    client = signed_in(bob)
    answer = client.post(reverse("session-end"), {"signed_in": str(alice.pk)})
    assert answer.json() == {"next": WORKLIST}
    assert _is_in(client)
    answer = client.post(reverse("session-end"), {"signed_in": str(bob.pk)})
    assert answer.json() == {"next": reverse("sign-in")}
    assert not _is_in(client)
