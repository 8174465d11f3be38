"""Who is told that a recalibration waits for a second person, and how."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import Role
from tests import cast
from tests.recalibration.local import approved, proposed
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
BADGE = "1 waiting for your approval"
PAGES = ("worklist", "validation")


@pytest.fixture
def second() -> Client:
    return signed_in(cast.account("sven", "Sven Second", Role.REVIEWER))


def _text(client: Client, name: str) -> str:
    return re.sub(r"\s+", " ", Page(client.get(reverse(name))).text)


@pytest.mark.parametrize("name", PAGES)
def test_who_may_decide_sees_it(second: Client, name: str) -> None:
    proposed(by=cast.rita())
    text = _text(second, name)
    assert "Recalibration 1 proposed on" in text
    assert "by Dr Rita" in text or "by Rita" in text
    assert BADGE in text


@pytest.mark.parametrize("name", PAGES)
def test_who_proposed_it_waits_for_a_second_person(name: str) -> None:
    proposed(by=cast.rita())
    text = _text(signed_in(cast.rita()), name)
    assert "by you, waiting for a second person" in text
    assert BADGE not in text


def test_clinicians_are_told_nothing() -> None:
    proposed(by=cast.rita())
    assert "Waiting for approval" not in _text(signed_in(cast.alice()), "worklist")


def test_once_decided_nobody_is_asked(second: Client) -> None:
    approved(proposed(by=cast.rita()))
    text = _text(second, "worklist")
    assert "Waiting for approval" not in text
    assert BADGE not in text
