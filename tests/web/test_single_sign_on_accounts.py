"""What single sign-on does to accounts: roles, new ones, the second factor."""

import pytest
from django.urls import reverse
from pytest_django import Settings

from scoring.models import AuditEvent, Role, User
from tests import cast
from tests.web.html import Page
from tests.web.sign_in_service import Provider, sign_in

pytestmark = [
    pytest.mark.django_db,
    # Within the provider.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
Action = AuditEvent.Action


def test_roles_follow_the_claim_where_they_are_mapped(
    provider: Provider, settings: Settings
) -> None:
    settings.OIDC_ROLES_CLAIM = "groups"
    settings.OIDC_ROLES_MAP = {"spine-ward": "Clinician", "audit": "Reviewer"}
    cast.alice()
    cast.adam()
    provider.knows("sub-alice", preferred_username="alice", groups=["audit", "canteen", 7])
    sign_in(provider, "sub-alice")
    assert cast.alice().roles == ["Reviewer"]
    told = AuditEvent.objects.get(action=Action.USER_ROLES_CHANGED)
    assert told.detail == {
        "username": "alice",
        "roles_added": ["Reviewer"],
        "roles_removed": ["Clinician"],
    }
    # A role that the map does not know is given here.
    provider.knows("sub-adam", preferred_username="adam", groups=["audit"])
    _, answer = sign_in(provider, "sub-adam")
    assert answer.headers["Location"] == reverse("worklist")
    assert set(User.objects.get(username="adam").roles) == {"Administrator", "Reviewer"}
    # The last administrator stays one, whatever the claim says.
    settings.OIDC_ROLES_MAP = {"audit": "Reviewer", "it": "Administrator"}
    provider.knows("sub-adam", preferred_username="adam", groups=[])
    _, answer = sign_in(provider, "sub-adam")
    assert answer.headers["Location"] == reverse("sign-in")
    assert set(cast.adam().roles) == {"Administrator", "Reviewer"}


def test_accounts_are_made_only_where_that_is_allowed(
    provider: Provider, settings: Settings
) -> None:
    settings.OIDC_CREATE_USER = True
    settings.OIDC_ROLES_CLAIM, settings.OIDC_ROLES_MAP = "groups", {"ward": "Clinician"}
    provider.knows("sub-li", preferred_username="li.wei", name="Dr Li Wei", groups="ward")
    client, answer = sign_in(provider, "sub-li")
    assert answer.headers["Location"] == reverse("worklist")
    user = User.objects.get(username="li.wei")
    assert (user.display_name, user.roles) == ("Dr Li Wei", ["Clinician"])
    assert not user.has_usable_password()
    assert AuditEvent.objects.get(action=Action.USER_CREATED).detail["username"] == "li.wei"
    assert "you sign in with your hospital account" in Page(client.get("/account")).text
    # Neither a second account for a name, nor one under what is no user name.
    provider.knows("sub-2", preferred_username="li.wei2", name="Dr Li Wei")
    provider.knows("sub-3", preferred_username="two words", name="Dr Two")
    provider.knows("sub-4", preferred_username="mei", name="Dr \u202eieM")
    provider.knows("sub-5", preferred_username="mei\u2066", name="Dr Mei")
    for sub in ("sub-2", "sub-3", "sub-4", "sub-5"):
        assert sign_in(provider, sub)[1].headers["Location"] == reverse("sign-in")
    assert User.objects.count() == 1
    logged = AuditEvent.objects.filter(action=Action.SIGN_IN_FAILED).latest("at").detail
    assert logged["username"] == "mei[U+2066]"


@pytest.mark.parametrize("trusted", [False, True])
def test_the_second_factor_after_single_sign_on(
    provider: Provider, settings: Settings, trusted: bool
) -> None:
    settings.SECOND_FACTOR_ROLES = ["Clinician"]
    settings.OIDC_TRUST_SECOND_FACTOR = trusted
    cast.account("alice", "Dr Alice Moore", Role.CLINICIAN)
    provider.knows("sub-alice", preferred_username="alice")
    client, _ = sign_in(provider, "sub-alice")
    assert client.get(reverse("history")).status_code == (200 if trusted else 302)
