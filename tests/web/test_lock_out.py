"""Lock-out after failed sign-ins, per user and address; ended by time, administrator or command."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from scoring.models import AuditEvent, User
from tests import cast
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
WARD, OTHER = "192.0.2.7", "192.0.2.8"


def _try(username: str, password: str, address: str = WARD, *, agent: str = "a browser") -> Page:
    response = Client().post(
        reverse("sign-in"),
        {"username": username, "password": password},
        REMOTE_ADDR=address,
        headers={"user-agent": agent},
    )
    assert response.status_code == 200
    return Page(response)


def _gets_in(username: str = "alice", address: str = WARD) -> bool:
    response = Client().post(
        reverse("sign-in"),
        {"username": username, "password": cast.PASSWORD},
        REMOTE_ADDR=address,
    )
    return response.status_code == 302


def _fail(times: int, username: str = "alice") -> None:
    for number in range(times):
        _try(username, "wrong", agent=f"browser {number}")


@pytest.fixture(autouse=True)
def _alice() -> None:
    cast.alice()


def test_after_five_failures_the_right_password_does_not_help() -> None:
    _fail(4)
    assert _gets_in()
    # A success begins the count anew.
    _fail(5)
    assert not _gets_in()


def test_it_holds_for_this_user_at_this_address_alone() -> None:
    cast.bob()
    _fail(5)
    assert not _gets_in("alice", WARD)
    assert _gets_in("alice", OTHER)
    assert _gets_in("bob", WARD)


def test_what_is_said_is_the_same_whatever_was_wrong() -> None:
    bob = cast.bob()
    bob.is_active = False
    bob.save(update_fields=["is_active"])
    said = [_try("alice", "wrong"), _try("nobody", "wrong"), _try("bob", cast.PASSWORD)]
    _fail(5)
    said.append(_try("alice", "wrong"))
    said.append(_try("alice", cast.PASSWORD))
    _fail(5, "nobody")
    said.append(_try("nobody", "wrong"))
    assert len({page.text for page in said}) == 1
    assert "After 5 wrong tries, signing in is locked for 15 minutes" in said[0].text


def test_it_ends_by_itself_and_trying_on_does_not_prolong_it() -> None:
    _fail(5)
    last = AccessAttempt.objects.latest("attempt_time").attempt_time
    _fail(3)
    assert AccessAttempt.objects.latest("attempt_time").attempt_time == last
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert _gets_in()


def test_the_log_tells_of_each_failure_and_of_the_lock_once() -> None:
    _fail(7)
    events = AuditEvent.objects.exclude(action=Action.USER_CREATED).order_by("id")
    assert [event.action for event in events].count(Action.SIGN_IN_FAILED) == 7
    locked = events.get(action=Action.SIGN_IN_LOCKED)
    assert (locked.actor, locked.address, locked.detail) == ("", WARD, {"username": "alice"})
    refused = [e for e in events if e.detail.get("locked_out")]
    assert len(refused) == 2


def test_the_administrator_sees_it_and_unlocks() -> None:
    client = signed_in(cast.adam())
    assert "locked" not in Page(client.get(reverse("users"))).text
    _fail(5)
    assert "Clinician no never active locked" in Page(client.get(reverse("users"))).text
    address = reverse("user-unlock", args=[cast.alice().uuid])
    page = Page(client.post(address, follow=True))
    assert "Dr Alice Moore can try to sign in again." in page.text
    assert _gets_in()
    event = AuditEvent.objects.get(action=Action.USER_UNLOCKED)
    assert (event.actor, event.detail) == ("adam", {"username": "alice"})


def test_the_command_unlocks() -> None:
    _fail(5)
    said = io.StringIO()
    call_command("unlock_user", "alice", stdout=said)
    assert said.getvalue() == '"alice" can try to sign in again.\n'
    assert _gets_in()
    event = AuditEvent.objects.get(action=Action.USER_UNLOCKED)
    assert (event.actor, event.detail) == ("", {"username": "alice"})
    with pytest.raises(CommandError, match='no user "nobody"'):
        call_command("unlock_user", "nobody")


def test_behind_a_proxy_it_is_the_browser_that_counts(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1

    def attempt(password: str, forwarded: str) -> int:
        return (
            Client()
            .post(
                reverse("sign-in"),
                {"username": "alice", "password": password},
                REMOTE_ADDR="127.0.0.1",
                headers={"x-forwarded-for": forwarded},
            )
            .status_code
        )

    for number in range(5):
        # What the browser makes up stands on the left.
        attempt("wrong", f"10.9.9.{number}, {WARD}")
    assert attempt(cast.PASSWORD, WARD) == 200
    assert attempt(cast.PASSWORD, OTHER) == 302
    assert AuditEvent.objects.get(action=Action.SIGN_IN).address == OTHER


def test_no_password_and_no_name_is_kept_with_an_attempt() -> None:
    _try("alice", "a wrong secret")
    attempt = AccessAttempt.objects.get()
    kept = f"{attempt.get_data} {attempt.post_data} {attempt.path_info}"
    assert "secret" not in kept
    assert "alice" not in kept


def _confirm(client: Client, password: str) -> Page:
    """Give the password once more, before something about signing in changes."""
    return Page(client.post("/account/authenticator", {"password": password}))


def _change(client: Client, old: str) -> Page:
    new = "a long new phrase 7"
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return Page(client.post("/account/password", sent, follow=True))


def test_the_right_password_locks_nobody_out_however_often_it_is_asked_for() -> None:
    client = signed_in(cast.alice())
    for _ in range(7):
        assert "Scan with an authenticator app" in _confirm(client, cast.PASSWORD).text
    assert _gets_in(address="127.0.0.1")


def test_the_current_password_is_not_guessed_where_it_is_changed() -> None:
    client = signed_in(cast.alice())
    for _ in range(4):
        assert "this is not your current password" in _change(client, "wrong").text
    for old in ("wrong", cast.PASSWORD):
        (said,) = _change(client, old).beside("old_password")
        assert "locked for 15 minutes after 5 wrong passwords" in said
    (said,) = _confirm(client, cast.PASSWORD).beside("password")
    assert "an administrator can unlock it" in said
    assert AuditEvent.objects.filter(action=Action.SIGN_IN_FAILED).count() == 7
    assert AuditEvent.objects.filter(action=Action.SIGN_IN_LOCKED).count() == 1
    assert cast.alice().check_password(cast.PASSWORD)


def test_the_right_password_begins_the_count_anew_on_every_page() -> None:
    client = signed_in(cast.alice())
    for _ in range(3):
        for _ in range(4):
            _confirm(client, "wrong")
        _confirm(client, cast.PASSWORD)
    assert "Your password was changed." in _change(client, cast.PASSWORD).text


GUESSES = 12


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_are_counted_before_they_are_looked_at() -> None:
    """Each in a thread with a connection of its own, and by another browser."""
    changed = threading.Condition()
    looked_at, answered = 0, 0

    def wrong(*_args: object) -> bool:
        """Take until every other guess is looked at, too, or answered without that."""
        nonlocal looked_at
        with changed:
            looked_at += 1
            changed.notify_all()
            changed.wait_for(lambda: looked_at + answered == GUESSES)
        return False

    def guess(number: int) -> str:
        nonlocal answered
        try:
            return _try("alice", f"guess {number}", agent=f"browser {number}").text
        finally:
            connection.close()
            with changed:
                answered += looked_at < GUESSES and looked_at + answered < GUESSES
                changed.notify_all()

    with patch.object(User, "check_password", wrong), ThreadPoolExecutor(GUESSES) as pool:
        said = set(pool.map(guess, range(GUESSES)))
    assert looked_at == 5
    assert len(said) == 1
    assert not _gets_in()
    told = list(AuditEvent.objects.values_list("action", flat=True))
    assert (told.count(Action.SIGN_IN_FAILED), told.count(Action.SIGN_IN_LOCKED)) == (13, 1)
