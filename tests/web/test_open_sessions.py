"""A user sees the own sessions, and ends those elsewhere."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import AuditEvent
from tests import cast
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def _listed(client: Client) -> int:
    return Page(client.get(reverse("account"))).text.count("last active")


def _end(client: Client, password: str) -> Page:
    return Page(client.post(reverse("sessions-end"), {"password": password}, follow=True))


def _is_in(client: Client) -> bool:
    return client.get(reverse("about")).status_code == 200


def _old(client: Client, **seconds_ago: int) -> None:
    session = client.session
    for key, seconds in seconds_ago.items():
        session[key] = int(time.time()) - seconds
    session.save()


def test_the_account_lists_those_that_go_on() -> None:
    here, there = signed_in(cast.alice()), signed_in(cast.alice())
    signed_in(cast.bob())
    page = Page(here.get(reverse("account")))
    assert page.text.count("last active") == 2
    assert page.text.count("this one: since") == 1
    assert "End other sessions" in page.text
    _old(there, active=3600)
    assert _listed(here) == 1
    assert "End other sessions" not in Page(here.get(reverse("account"))).text


def test_a_session_that_a_changed_password_has_ended_is_not_listed() -> None:
    here = signed_in(cast.alice())
    signed_in(cast.alice())
    new = "a long new phrase 7"
    sent = {"old_password": cast.PASSWORD, "new_password1": new, "new_password2": new}
    here.post(reverse("password-change"), sent)
    assert _listed(here) == 1


def test_the_others_end_with_the_password() -> None:
    here, there, elsewhere = (signed_in(cast.alice()) for _ in range(3))
    bob = signed_in(cast.bob())
    assert "This is not your password." in _end(here, "wrong").text
    assert _is_in(there)
    assert "2 other sessions were ended." in _end(here, cast.PASSWORD).text
    assert all(map(_is_in, (here, bob)))
    assert not any(map(_is_in, (there, elsewhere)))
    event = AuditEvent.objects.get(action=Action.SIGN_OUT)
    assert event.actor == "alice"
    assert event.detail == {"reason": "from another session", "sessions": 2}


def test_without_others_there_is_nothing_to_end() -> None:
    here = signed_in(cast.alice())
    assert "was ended" not in _end(here, cast.PASSWORD).text
    assert _is_in(here)
    assert not AuditEvent.objects.filter(action=Action.SIGN_OUT).exists()
