"""Single sign-on that comes to nothing ends on a page that says so; none of its ways goes round."""

import time
from contextlib import nullcontext
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent, Role, User
from scoring.web.single_sign_on import SingleSignOnBackend
from scoring.words.reasons import reason_text
from tests import cast
from tests.need_to_know.wards import put
from tests.web.html import Page, elements, signed_in
from tests.web.sign_in_service import (
    CALLBACK,
    START,
    Provider,
    asked,
    asked_for_the_password,
    sign_in,
)

pytestmark = [
    pytest.mark.django_db,
    # Within the provider.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
Action = AuditEvent.Action
SET_UP = "/account/authenticator"


def _without_password(provider: Provider) -> User:
    """Alice, who signs in at the service alone."""
    provider.knows("sub-alice", preferred_username="alice")
    alice = cast.alice()
    alice.set_unusable_password()
    alice.save(update_fields=["password"])
    return alice


def _cancelled(client: Client, query: str) -> Any:
    """Where the service leads the browser of a person who cancels there."""
    state = parse_qs(urlsplit(asked(client, query)).query)["state"][0]
    return client.get(f"{CALLBACK}?error=access_denied&state={state}")


def test_who_cancels_there_before_a_factor_changes_stays_signed_in(provider: Provider) -> None:
    _without_password(provider)
    with asked_for_the_password(None):
        client, _ = sign_in(provider, "sub-alice")
    answer = _cancelled(client, f"?again=yes&next={SET_UP}")
    assert answer.headers["Location"] == SET_UP
    page = Page(client.get(SET_UP))
    assert "You are still signed in, and nothing was changed" in page.text
    assert "Sign in once more" in page.text
    failed = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED)
    assert (failed.actor, failed.detail["reason"]) == ("alice", "access_denied")


@pytest.mark.parametrize("seconds_ago", [None, 3_600])
def test_a_service_that_did_not_ask_for_the_password_is_named(
    provider: Provider, seconds_ago: int | None
) -> None:
    _without_password(provider)
    with asked_for_the_password(seconds_ago):
        client, _ = sign_in(provider, "sub-alice")
        assert "Nothing can be changed yet" not in Page(client.get(SET_UP)).text
        client.get(provider.vouches(asked(client, f"?again=yes&next={SET_UP}"), "sub-alice"))
    page = Page(client.get(SET_UP))
    assert "Nothing can be changed yet: the sign-in service does not say" in page.text
    assert "ask your administrator for a temporary password" in page.text
    with asked_for_the_password(0):
        client.get(provider.vouches(asked(client, f"?again=yes&next={SET_UP}"), "sub-alice"))
    assert "Nothing can be changed yet" not in Page(client.get(SET_UP)).text


def test_after_a_failure_the_password_leads_to_the_page_asked_for(provider: Provider) -> None:
    client = Client()
    answer = _cancelled(client, f"?next={reverse('history')}")
    assert answer.headers["Location"] == f"{reverse('sign-in')}?next={reverse('history')}"
    assert Page(client.get(answer.headers["Location"])).value("next") == reverse("history")


def test_nobodys_link_signs_anybody_out(provider: Provider) -> None:
    client = signed_in(cast.alice())
    assert client.get(f"{CALLBACK}?error=x").headers["Location"] == reverse("worklist")
    assert "You are still signed in" in Page(client.get(reverse("worklist"))).text


@pytest.mark.parametrize("wanted", [START, f"{CALLBACK}?error=x", "/sign-in"])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_no_page_leads_round(provider: Provider, wanted: str, *, is_signed_in: bool) -> None:
    client = signed_in(cast.alice()) if is_signed_in else Client()
    answer = _cancelled(client, f"?next={quote(wanted)}")
    for _ in range(5):
        if answer.status_code == 302 and answer.headers["Location"].startswith("/"):
            answer = client.get(answer.headers["Location"])
    # At a page of this site, or at the service, which has a page of its own.
    assert answer.status_code == 200 or answer.headers["Location"].startswith(provider.url)


def test_a_code_in_the_address_of_a_form_counts_for_no_password(provider: Provider) -> None:
    """One that the service gave without our state, nonce and PKCE."""
    provider.knows("sub-alice", preferred_username="alice")
    alice = cast.alice()
    whole = urlsplit(asked(Client()))
    taken = ("client_id", "redirect_uri", "response_type", "scope", "state")
    query = {name: parse_qs(whole.query)[name][0] for name in taken}
    brought = provider.vouches(whole._replace(query=urlencode(query)).geturl(), "sub-alice")
    code = brought.removeprefix(CALLBACK)
    sent = {"username": "alice", "password": "wrong"}
    assert Client().post(f"{reverse('sign-in')}{code}", sent).status_code == 200
    new = "a long new phrase 7"
    sent = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    change = signed_in(alice).post(f"{reverse('password-change')}{code}", sent)
    assert change.status_code == 422
    alice.refresh_from_db()
    assert alice.check_password(cast.PASSWORD)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"name": "Dr Li Wei"}, "the sign-in service gave no username"),
        (
            {"preferred_username": "li.wei", "name": "Dr Alice Moore"},
            "somebody else has this username or printed name",
        ),
        (
            {"preferred_username": "two words"},
            "the username or printed name has characters that are not allowed",
        ),
        ({"preferred_username": "adam"}, "nobody could manage users any more"),
    ],
)
def test_the_access_log_says_why(
    provider: Provider, settings: Settings, claims: dict[str, Any], reason: str
) -> None:
    settings.OIDC_CREATE_USER = True
    settings.OIDC_ROLES_CLAIM, settings.OIDC_ROLES_MAP = "groups", {"it": "Administrator"}
    cast.alice()
    cast.adam()
    provider.knows("sub-li", **claims)
    sign_in(provider, "sub-li")
    failed = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED)
    assert reason_text(failed.detail["reason"]) == reason


def test_at_the_service_again_the_page_asked_for_is_known(
    provider: Provider, settings: Settings
) -> None:
    """Where a role needs a second factor, later than five minutes after the sign-in."""
    settings.SECOND_FACTOR_ROLES = ["Clinician"]
    _without_password(provider)
    with asked_for_the_password(None):
        client, _ = sign_in(provider, "sub-alice")
    choice = client.get(reverse("history")).headers["Location"]
    address = f"{SET_UP}?{urlsplit(choice).query}"
    with patch("scoring.web.sessions.FRESH_SECONDS", 0):
        page = Page(client.get(address))
    (link,) = (
        href
        for element in elements(page.root)
        if (href := dict(element.attributes).get("href") or "").startswith(START)
    )
    back = provider.vouches(asked(client, link.removeprefix(START)), "sub-alice")
    assert client.get(back).headers["Location"] == address


@pytest.mark.parametrize("algorithm", ["RS256", "RS512"])
@pytest.mark.parametrize(("seconds_ahead", "is_taken"), [(30, True), (120, False)])
def test_a_clock_that_is_somewhat_ahead_signs_in(
    provider: Provider, settings: Settings, algorithm: str, seconds_ahead: int, *, is_taken: bool
) -> None:
    """And a key that does not name its algorithm."""
    settings.OIDC_RP_SIGN_ALGO = algorithm
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = jwt.PyJWK(RSAAlgorithm.to_jwk(private.public_key(), as_dict=True))
    issued = int(time.time()) + seconds_ahead
    token = jwt.encode({"iat": issued, "exp": issued + 300}, private, algorithm)
    with nullcontext() if is_taken else pytest.raises(jwt.ImmatureSignatureError):
        assert SingleSignOnBackend().get_payload_data(token, key)["iat"] == issued
    with pytest.raises(jwt.InvalidSignatureError):
        SingleSignOnBackend().get_payload_data(token[:-9] + "AAAAAAAAA", key)


def test_groups_that_are_no_list_are_no_role(provider: Provider, settings: Settings) -> None:
    settings.OIDC_ROLES_CLAIM, settings.OIDC_ROLES_MAP = "groups", {"ward": "Clinician"}
    alice, _ = cast.alice(), cast.adam()
    provider.knows("sub-alice", preferred_username="alice", groups=7)
    assert sign_in(provider, "sub-alice")[1].status_code == 302
    assert User.objects.get(pk=alice.pk).roles == []


def test_a_sign_in_gives_no_earlier_name_or_ward_back(
    provider: Provider, settings: Settings
) -> None:
    """An administrator moves the user while the service is asked."""
    settings.OIDC_ROLES_CLAIM, settings.OIDC_ROLES_MAP = "groups", {"audit": "Reviewer"}
    alice = cast.alice()
    provider.knows("sub-alice", preferred_username="alice", groups=["audit"])
    bind = actions.bind_user

    def overtaken(**who: Any) -> User:
        bound = bind(**who)
        put(User.objects.get(pk=alice.pk), "Spine 2")
        return bound

    with patch.object(actions, "bind_user", overtaken):
        sign_in(provider, "sub-alice")
    alice = User.objects.get(pk=alice.pk)
    assert (str(alice.ward), alice.roles) == ("Spine 2", [Role.CLINICIAN, Role.REVIEWER])
