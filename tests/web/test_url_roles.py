"""The table of ``url_roles`` against the site, address by address and role by role."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from scoring.models import AuditEvent, Right, User
from scoring.web.gate import access_of, home
from tests import cast
from tests.web.addresses import address_of, patterns, records_of
from tests.web.html import signed_in
from tests.web.url_roles import HOME, NOT_FOUND, PUBLIC, REFUSED, ROLES, SIGN_IN, TABLE, Row

pytestmark = pytest.mark.django_db

WHO: dict[str, Callable[[], User | None]] = {
    "signed out": lambda: None,
    "no role": cast.nora,
    "clinician": cast.alice,
    "reviewer": cast.rita,
    "administrator": cast.adam,
}
# Looking on is a line in the log, whoever looks; being refused is none of these.
SEEN_OR_DONE = {AuditEvent.Action.SIGN_IN, AuditEvent.Action.USER_CREATED}


PATTERNS = patterns()


@pytest.fixture
def records() -> dict[str, UUID | str]:
    return records_of(cast.recorded())


def _client(who: str) -> tuple[Client, User | None]:
    user = WHO[who]()
    return (signed_in(user) if user else Client()), user


def _answer(response: Any, user: User | None) -> str:
    """As the table words it."""
    if response.status_code != 302:
        return str(response.status_code)
    path = response.headers["Location"].partition("?")[0]
    if path == reverse("sign-in"):
        return SIGN_IN
    return HOME if user and path == reverse(home(user)) else "302"


def test_the_table_holds_every_address_and_no_other() -> None:
    assert {row.name for row in TABLE} == set(PATTERNS)
    assert len({(row.name, row.method) for row in TABLE}) == len(TABLE)


def test_every_view_says_who_may_open_it() -> None:
    silent = [name for name, pattern in PATTERNS.items() if access_of(pattern.callback) is None]
    assert not silent


def test_only_these_need_no_sign_in() -> None:
    public = {name for name, pattern in PATTERNS.items() if _is_public(pattern)}
    assert public == PUBLIC


def _is_public(pattern: URLPattern) -> bool:
    access = access_of(pattern.callback)
    assert access is not None
    assert access.public is not getattr(pattern.callback, "login_required", True)
    return access.public


@pytest.mark.slow
@pytest.mark.parametrize("who", ROLES)
def test_every_address_answers_as_the_table_says(who: str, records: dict[str, UUID | str]) -> None:
    column = ROLES.index(who)
    client, user = _client(who)
    wrong = []
    # Signing out comes last: the others need the session.
    for row in sorted(TABLE, key=lambda row: row.name == "sign-out"):
        before = AuditEvent.objects.exclude(action__in=SEEN_OR_DONE).count()
        address = address_of(row.name, records)
        response = client.get(address) if row.method == "GET" else client.post(address)
        expected = row.answers[column]
        # "Leads on" may lead home.
        got = _answer(response, user)
        if not (got == expected or (expected == "302" and got == HOME)):
            wrong.append((row.name, row.method, expected, got))
        if expected in {REFUSED, NOT_FOUND} or (expected == SIGN_IN and not user):
            _reveals_nothing(row, response)
            if AuditEvent.objects.exclude(action__in=SEEN_OR_DONE).count() != before:
                wrong.append((row.name, row.method, "no line in the log", "one"))
    assert not wrong


def _reveals_nothing(row: Row, response: Any) -> None:
    page = response.content.decode()
    for told in ("Wang", "Xiulan", "H100234", "Keller", "RBP-20"):
        assert told not in page, row


@pytest.mark.parametrize("who", ROLES[1:])
def test_a_wrong_reference_is_not_told_from_one_not_allowed(who: str) -> None:
    """404 for whoever may look, and for all others what an existing one would have answered."""
    client, _ = _client(who)
    wrong = []
    for row in TABLE:
        if "pk" in PATTERNS[row.name].pattern.converters:
            address = reverse(row.name, kwargs={"pk": uuid4()})
            response = client.get(address) if row.method == "GET" else client.post(address)
            expected = REFUSED if row.answers[ROLES.index(who)] == REFUSED else NOT_FOUND
            if str(response.status_code) != expected:
                wrong.append((row.name, row.method, response.status_code))
    assert not wrong
    assert not AuditEvent.objects.exclude(action__in=SEEN_OR_DONE).exists()


def test_a_view_that_declares_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(PATTERNS["about"].callback, "access")
    assert signed_in(cast.alice()).get(reverse("about")).status_code == 403


@pytest.mark.parametrize("right", list(Right))
def test_each_right_is_one_that_a_role_gives(right: Right) -> None:
    holders = [who for who in (cast.alice, cast.rita, cast.adam) if who().has_perm(right)]
    assert holders
    assert not cast.nora().has_perm(right)
