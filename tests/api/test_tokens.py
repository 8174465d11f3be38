"""Tokens of applications on the page "Connections": made, shown once, revoked."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring import actions, queries
from scoring.forms.tokens import MOST_DAYS
from scoring.models import ApplicationToken, AuditEvent, Role, User, Ward
from tests import cast
from tests.tokens import token_of
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture
def client() -> Client:
    return signed_in(cast.adam())


def _create(client: Client, **changes: object) -> Page:
    sent = {"name": "HIS interface", "role": "Clinician", "last_day": timezone.localdate()}
    return Page(client.post(reverse("token-create"), sent | changes))


def test_a_token_is_shown_once_and_kept_as_a_digest(client: Client) -> None:
    ward = actions.add_ward(by=cast.adam(), name="Spine", origin=actions.NOWHERE)
    assert isinstance(ward, Ward)
    page = _create(client, ward=ward.pk)
    (text,) = re.findall(r"rbp_[\w-]{43}", page.text)
    token = ApplicationToken.objects.get()
    assert queries.token_by_text(text) == token
    assert queries.token_by_text(text[:-1]) is None
    assert text not in str(ApplicationToken.objects.values_list().get())
    assert (token.user.roles, token.user.ward, str(token.user)) == (
        ["Clinician"],
        ward,
        "HIS interface",
    )
    assert token.last_day == timezone.localdate()
    assert not token.is_valid_at(token.expires_at)
    assert "rbp_" not in client.get(reverse("connections")).content.decode()
    event = AuditEvent.objects.get(action=Action.TOKEN_CREATED)
    assert event.actor == "adam"
    assert event.detail == {
        "username": token.user.username,
        "name": "HIS interface",
        "roles": ["Clinician"],
        "ward": "Spine",
        "expires": timezone.localdate().isoformat(),
    }
    assert not AuditEvent.objects.filter(
        action=Action.USER_CREATED, detail__username=token.user.username
    ).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "a name is needed"),
        ({"name": "Adam Berg"}, "Adam Berg is the name of a person, adam: choose another."),
        ({"role": ""}, "not answered"),
        ({"role": "Administrator"}, "Select a valid choice"),
        ({"last_day": ""}, "nothing entered; enter a date"),
        ({"last_day": timezone.localdate() - timedelta(days=1)}, "allowed is"),
        ({"last_day": timezone.localdate() + timedelta(days=MOST_DAYS + 1)}, "allowed is"),
    ],
)
def test_what_is_missing_or_not_allowed_is_said(
    changes: dict[str, object], said: str, client: Client
) -> None:
    assert said in _create(client, **changes).text
    assert not ApplicationToken.objects.exists()


def test_a_revoked_token_stays_in_the_list_and_can_not_be_used(client: Client) -> None:
    token, _text = token_of("HIS interface", Role.REVIEWER)
    assert "HIS interface" in Page(client.get(reverse("connections"))).text
    address = reverse("token-revoke", args=[token.pk])
    for _ in range(2):
        page = Page(client.post(address, follow=True))
    assert "Revoked" in page.text
    token.refresh_from_db()
    assert not token.is_valid
    assert not User.objects.get(pk=token.user_id).is_active
    (event,) = AuditEvent.objects.filter(action=Action.TOKEN_REVOKED)
    assert event.detail == {"username": token.user.username, "name": "HIS interface"}


def test_in_chinese_a_token_was_never_used_and_not_never_signed_in(client: Client) -> None:
    token_of("HIS interface", Role.REVIEWER)
    shown = client.get(reverse("connections"), headers={"Accept-Language": "zh-hans"})
    assert "从未使用" in shown.text
    assert "从未登录" not in shown.text


def test_an_application_is_no_person(client: Client) -> None:
    token, _text = token_of("HIS interface", Role.CLINICIAN)
    user = token.user
    assert user.username not in client.get(reverse("users")).content.decode()
    for name in ("user-change", "user-password-reset", "user-enable"):
        assert client.post(reverse(name, args=[user.uuid])).status_code == 404
    assert not user.has_usable_password()
    assert queries.users_without_ward() == User.objects.count() - 1
    # Two tokens of one application are in use while one is exchanged for the other.
    token_of("HIS interface", Role.CLINICIAN)


def test_requests_are_counted_by_the_minute() -> None:
    token, _text = token_of("HIS interface")
    at = timezone.now().replace(second=50)

    def wait(seconds: int) -> int:
        # The token as it was read before any of them, as by many requests at once.
        moment = at + timedelta(seconds=seconds)
        return actions.count_request(token=token, at=moment, most=2)

    assert [wait(0), wait(1), wait(2), wait(9)] == [0, 0, 8, 1]
    assert [wait(10), wait(11), wait(20)] == [0, 0, 50]
    token.refresh_from_db()
    assert token.last_used_at == at + timedelta(seconds=11)
