"""Hashing of passwords: how costly, how many at a time, and that the ward's pages go on."""

import os
import threading
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from rbpsite import settings as site_settings
from scoring.http.causes import Cause, NotAvailableError
from scoring.models import User
from scoring.web import password_turns
from scoring.web.password_turns import PasswordTurns
from tests import cast
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
OWASP = "argon2$argon2id$v=19$m=19456,t=2,p=1$"


@pytest.fixture(autouse=True)
def _as_the_site_hashes(settings: Settings) -> None:
    """The other tests hash faster."""
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS


def _sign_in(client: Client, username: str = "alice", password: str = cast.PASSWORD) -> Any:
    return client.post(reverse("sign-in"), {"username": username, "password": password})


def _of_django() -> str:
    """A hash with Django's own values, as version 0.1 made them."""
    return Argon2PasswordHasher().encode(cast.PASSWORD, "a salt of 22 letters..")


def test_a_hash_takes_the_memory_that_owasp_names(client: Client) -> None:
    assert make_password("a long phrase 7").startswith(OWASP)
    # An older hash is replaced when its user signs in.
    User.objects.filter(pk=cast.alice().pk).update(password=_of_django())
    assert _sign_in(client).status_code == 302
    assert cast.alice().password.startswith(OWASP)
    assert client.get(reverse("worklist")).status_code == 200


def test_a_session_goes_on_when_its_password_is_hashed_anew() -> None:
    alice = cast.alice()
    User.objects.filter(pk=alice.pk).update(password=_of_django())
    alice.refresh_from_db()
    client = signed_in(alice)
    sent = {"password": cast.PASSWORD, "code": "000000"}
    client.post(reverse("authenticator-set-up"), sent)
    assert cast.alice().password.startswith(OWASP)
    assert client.get(reverse("worklist")).status_code == 200


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_a_wrong_password_costs_one_hash_whoever_is_meant(client: Client, username: str) -> None:
    cast.alice()
    with (
        mock.patch("argon2.low_level.hash_secret", wraps=_low_level().hash_secret) as made,
        mock.patch(
            "argon2._password_hasher.verify_secret", wraps=_low_level().verify_secret
        ) as checked,
    ):
        _sign_in(client, username, "wrong")
    costs = [call.kwargs["memory_cost"] for call in made.call_args_list]
    costs += [int(call.args[0].split(b"m=")[1].split(b",")[0]) for call in checked.call_args_list]
    assert costs == [19 * 1024]


def _low_level() -> Any:
    import argon2.low_level

    return argon2.low_level


def _busy(turns: PasswordTurns) -> None:
    with pytest.raises(NotAvailableError) as refused, turns.turn():
        pass
    assert refused.value.cause == Cause.PASSWORDS_BUSY


def test_one_hashes_some_wait_and_the_others_are_refused_at_once() -> None:
    turns = PasswordTurns(at_once=1, waiting=1)
    came = threading.Event()

    def second() -> None:
        with turns.turn():
            came.set()

    thread = threading.Thread(target=second)
    with turns.turn():
        thread.start()
        while turns._places._value:
            # Until the second one has taken the place.
            time.sleep(0.001)
        _busy(turns)
        assert not came.is_set()
    thread.join()
    assert came.is_set()
    with turns.turn():
        pass


def test_whoever_waited_long_enough_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_turns, "_WAIT_SECONDS", 0.0)
    turns = PasswordTurns(at_once=1, waiting=1)
    with turns.turn():
        _busy(turns)
    with turns.turn():
        pass


def test_a_hash_leaves_the_processor_to_the_pages() -> None:
    seen: list[int] = []

    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def verify(hasher: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        seen.append(niceness())
        return True

    before, alice = niceness(), cast.alice()
    with mock.patch.object(Argon2PasswordHasher, "verify", verify):
        assert alice.check_password(cast.PASSWORD)
    assert seen == [min(before + 10, 19)]
    assert niceness() == before


def test_what_goes_wrong_in_a_hash_comes_to_the_request() -> None:
    alice = cast.alice()
    wrong = mock.patch.object(Argon2PasswordHasher, "verify", side_effect=MemoryError)
    with wrong, pytest.raises(MemoryError):
        alice.check_password(cast.PASSWORD)
    assert alice.check_password(cast.PASSWORD)


@pytest.fixture(params=[0, 1], ids=["nobody may wait", "one waits in vain"])
def taken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody else's password is being checked for long."""
    monkeypatch.setattr(password_turns, "_WAIT_SECONDS", 0.0)
    turns = PasswordTurns(at_once=1, waiting=request.param)
    with turns.turn():
        monkeypatch.setattr(password_turns, "turns", turns)
        yield
        monkeypatch.undo()


def test_who_is_refused_is_told_so_and_may_come_again(client: Client, taken: None) -> None:
    client.raise_request_exception = False
    with mock.patch.object(password_turns, "turns", PasswordTurns(1, 0)):
        cast.alice()
    response = _sign_in(client)
    said = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "Many passwords are being checked at this moment." in said
    assert cast.PASSWORD not in said
    # Nobody was looked at, so nothing counts as a failure.
    assert not AccessAttempt.objects.filter(failures_since_start__gt=0).exists()
    with mock.patch.object(password_turns, "turns", PasswordTurns(1, 0)):
        assert _sign_in(client).status_code == 302


def test_who_can_not_be_checked_is_not_counted_first(client: Client) -> None:
    client.raise_request_exception = False
    with (
        mock.patch.object(password_turns, "turns", PasswordTurns(0, 0)),
        mock.patch("scoring.web.lock_out._count") as counted,
    ):
        assert _sign_in(client).status_code == 503
    counted.assert_not_called()


@pytest.mark.django_db(transaction=True)
def test_a_page_is_answered_while_a_password_is_hashed(settings: Settings) -> None:
    """In a process with a single slot of the database."""
    settings.THREADS = 3
    inside, outside = signed_in(cast.alice()), Client()
    inside.handler = outside.handler
    answered: list[int] = []
    verify = Argon2PasswordHasher.verify

    def meanwhile(hasher: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        page = threading.Thread(
            target=lambda: answered.append(inside.get(reverse("worklist")).status_code)
        )
        page.start()
        page.join()
        return bool(verify(hasher, password, encoded))

    with mock.patch.object(Argon2PasswordHasher, "verify", meanwhile):
        assert _sign_in(outside).status_code == 302
    assert answered == [200]
    assert outside.get(reverse("worklist")).status_code == 200
