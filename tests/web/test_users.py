"""The users page: what an administrator does to accounts, and what nobody can."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent, Role, User
from tests import cast
from tests.web.html import Page, elements, signed_in, text

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture
def client() -> Client:
    return signed_in(cast.adam())


def _press(client: Client, name: str, user: User) -> Page:
    """A button of the user's page, and the page it leads to."""
    return Page(client.post(reverse(name, args=[user.uuid]), follow=True))


def _new(client: Client, **changes: Any) -> Page:
    usual = {
        "username": "li.wei",
        "display_name": "Dr Li Wei",
        "roles": ["Clinician"],
        "personal": "on",
    }
    sent = {name: value for name, value in (usual | changes).items() if value is not None}
    return Page(client.post(reverse("user-new"), sent))


def _change(client: Client, user: User, **changes: Any) -> Page:
    address = reverse("user-change", args=[user.uuid])
    opened = Page(client.get(address)).value("opened")
    usual = {"display_name": user.display_name, "roles": user.roles, "opened": opened}
    return Page(client.post(address, usual | changes, follow=True))


def _lines(user: User) -> list[tuple[str, dict[str, Any]]]:
    """What the access log tells of an account, but for its own sign-ins."""
    events = AuditEvent.objects.filter(detail__username=user.username).order_by("id")
    return [(event.action, event.detail) for event in events]


def test_the_list_says_who_can_do_what(client: Client) -> None:
    cast.alice()
    bob = cast.bob()
    actions.disable_user(by=cast.adam(), user=bob, origin=actions.NOWHERE)
    page = Page(client.get(reverse("users")))
    assert "Dr Alice Moore alice Clinician no never active" in page.text
    assert "Dr Bob Keller bob Clinician no never disabled" in page.text
    assert "Adam Berg adam Administrator no" in page.text


def test_the_list_costs_the_same_for_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        cast.account(f"user{number}", f"Dr Number {number}", *Role)
    with django_assert_max_num_queries(12):
        client.get(reverse("users"))


def test_a_new_user_signs_in_once_with_the_password_shown_and_chooses_another(
    client: Client,
) -> None:
    page = _new(client)
    user = User.objects.get(username="li.wei")
    password = text(page.by_id("temporary-password"))
    assert user.check_password(password)
    assert user.roles == ["Clinician"]
    assert user.is_active
    assert not user.is_staff
    assert _lines(user) == [("user_created", {"username": "li.wei", "roles": ["Clinician"]})]
    event = AuditEvent.objects.get(action=Action.USER_CREATED, detail__username="li.wei")
    assert (event.actor, event.address) == ("adam", "127.0.0.1")
    assert not AuditEvent.objects.filter(detail__icontains=password).exists()

    theirs = Client()
    theirs.post(reverse("sign-in"), {"username": "li.wei", "password": password})
    for name in ("worklist", "history", "account", "about"):
        answer = theirs.get(reverse(name))
        assert answer.headers["Location"].startswith(reverse("password-change")), name
    page = Page(theirs.get(reverse("password-change")))
    assert "The password you were given works once." in page.text
    assert not {reverse("history"), reverse("about")} & {
        dict(element.attributes).get("href") for element in elements(page.root)
    }
    sent = {"old_password": password, "new_password1": password, "new_password2": password}
    assert "this is your current password" in Page(theirs.post("/account/password", sent)).text
    sent |= {"new_password1": "a long new phrase 7", "new_password2": "a long new phrase 7"}
    leads_on = theirs.get(reverse("history")).headers["Location"]
    assert theirs.post(leads_on, sent).headers["Location"] == reverse("history")
    assert theirs.get(reverse("worklist")).status_code == 200
    user.refresh_from_db()
    assert user.temporary_password_until is None


NO_ROLE = "Without a role this person can't see or do anything."


def test_an_account_without_a_role_is_told_as_such(client: Client) -> None:
    assert NO_ROLE in Page(client.get(reverse("user-new"))).text
    assert NO_ROLE in _new(client, roles=None).text
    assert NO_ROLE not in _new(client, username="li.na", display_name="Dr Li Na").text


def test_the_shown_password_is_nowhere_to_be_found_again(client: Client) -> None:
    page = _new(client)
    password = text(page.by_id("temporary-password"))
    user = User.objects.get(username="li.wei")
    for address in (reverse("users"), reverse("user-change", args=[user.uuid])):
        assert password not in client.get(address).content.decode()
    assert password not in str(dict(client.session))


def test_a_temporary_password_runs_out(client: Client, settings: Settings) -> None:
    settings.TEMPORARY_PASSWORD_HOURS = 1
    password = text(_new(client).by_id("temporary-password"))
    User.objects.filter(username="li.wei").update(
        temporary_password_until=timezone.now() - timedelta(seconds=1)
    )
    sent = {"username": "li.wei", "password": password}
    assert "Not signed in." in Page(Client().post(reverse("sign-in"), sent)).text
    assert "temporary password expired" in Page(client.get(reverse("users"))).text


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"username": "ALICE"}, "username", "this username is taken"),
        ({"username": "two words"}, "username", "allowed are letters, digits and"),
        ({"username": ""}, "username", "nothing entered"),
        ({"display_name": "dr alice moore"}, "display_name", "already has an account, alice"),
        ({"display_name": "x" * 101}, "display_name", "at most 100 characters"),
        (
            {"display_name": "Li \u202eieW"},
            "display_name",
            "an invisible character that reverses",
        ),
        ({"display_name": "\u3164"}, "display_name", "it begins with an invisible character"),
        ({"username": "li\u202ewei"}, "username", "after “li” stands an invisible character"),
        ({"personal": None}, "personal", "tick this"),
        ({"roles": ["Superuser"]}, "roles", "not one of the available choices"),
    ],
)
def test_what_no_account_is_made_of(
    client: Client, changes: dict[str, Any], field: str, said: str
) -> None:
    cast.alice()
    before = User.objects.count()
    page = _new(client, **changes)
    assert said in " ".join(page.beside(field))
    assert page.value("username") == changes.get("username", "li.wei")
    assert User.objects.count() == before
    assert page.has_id("summary")


def test_name_and_roles_are_changed_and_told(client: Client) -> None:
    alice = cast.alice()
    page = _change(client, alice, display_name="Prof Alice Moore", roles=["Reviewer"])
    assert "Saved." in page.text
    alice = User.objects.get(pk=alice.pk)
    assert (alice.display_name, alice.roles) == ("Prof Alice Moore", ["Reviewer"])
    assert _lines(alice)[1:] == [
        (
            "user_changed",
            {"username": "alice", "name": "Prof Alice Moore", "name_before": "Dr Alice Moore"},
        ),
        (
            "user_roles_changed",
            {"username": "alice", "roles_added": ["Reviewer"], "roles_removed": ["Clinician"]},
        ),
    ]
    assert signed_in(alice).get(reverse("assessment-new")).status_code == 403


def test_a_page_opened_before_gives_no_role_back(client: Client) -> None:
    alice = cast.alice()
    address = reverse("user-change", args=[alice.uuid])
    opened = Page(client.get(address)).value("opened")
    _change(client, alice, roles=["Reviewer"])
    page = _change(client, alice, display_name="Prof Alice Moore", opened=opened)
    assert "Nothing was saved: the account was changed after you opened its page." in page.text
    alice = User.objects.get(pk=alice.pk)
    assert (alice.display_name, alice.roles) == ("Dr Alice Moore", ["Reviewer"])
    assert page.value("display_name") == "Dr Alice Moore"


def test_a_change_of_the_same_moment_gives_no_role_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both pages were judged before either was saved."""
    alice, ada = cast.alice(), cast.account("ada", "Ada Other", Role.ADMINISTRATOR)
    change = actions.change_user

    def overtaken(**what: Any) -> User:
        change(**what | {"by": ada, "display_name": str(alice), "roles": ["Reviewer"]})
        return change(**what)

    monkeypatch.setattr(actions, "change_user", overtaken)
    page = _change(client, alice, display_name="Prof Alice Moore")
    assert "Nothing was saved: the account was changed after you opened its page." in page.text
    alice = User.objects.get(pk=alice.pk)
    assert (alice.display_name, alice.roles) == ("Dr Alice Moore", ["Reviewer"])


def test_saving_what_is_on_record_tells_nothing(client: Client) -> None:
    alice = cast.alice()
    _change(client, alice)
    assert len(_lines(alice)) == 1


def test_a_role_taken_away_ends_what_it_allowed_at_once(client: Client) -> None:
    alice = cast.alice()
    theirs = signed_in(alice)
    assert theirs.get(reverse("history")).status_code == 200
    _change(client, alice, roles=[])
    assert theirs.get(reverse("history")).status_code == 403
    assert theirs.get(reverse("worklist")).headers["Location"] == reverse("account")
    assert "Your account has no role yet." in Page(theirs.get(reverse("account"))).text


def test_a_disabled_user_is_out_at_once_and_back_when_enabled(client: Client) -> None:
    alice = cast.alice()
    theirs = signed_in(alice)
    assert "is signed out everywhere" in _press(client, "user-disable", alice).text
    assert theirs.get(reverse("worklist")).headers["Location"].startswith(reverse("sign-in"))
    sent = {"username": "alice", "password": cast.PASSWORD}
    assert "Not signed in." in Page(Client().post(reverse("sign-in"), sent)).text
    assert "can sign in again" in _press(client, "user-enable", alice).text
    # A session from before would go on where somebody else sits by now.
    assert theirs.get(reverse("worklist")).headers["Location"].startswith(reverse("sign-in"))
    assert Client().post(reverse("sign-in"), sent).headers["Location"] == reverse("worklist")
    assert [action for action, _ in _lines(alice) if action.startswith("user_")] == [
        "user_created",
        "user_disabled",
        "user_enabled",
    ]


def test_a_reset_password_ends_sessions_and_serves_once(client: Client) -> None:
    alice = cast.alice()
    theirs = signed_in(alice)
    page = _press(client, "user-password-reset", alice)
    password = text(page.by_id("temporary-password"))
    assert theirs.get(reverse("worklist")).headers["Location"].startswith(reverse("sign-in"))
    alice = User.objects.get(pk=alice.pk)
    assert alice.check_password(password)
    assert alice.temporary_password_until is not None
    assert _lines(alice)[-1] == ("user_password_reset", {"username": "alice"})
    assert "This account is disabled." not in page.text
    _press(client, "user-disable", alice)
    assert "This account is disabled." in _press(client, "user-password-reset", alice).text


@pytest.mark.parametrize(
    "name", ["user-disable", "user-unlock", "user-password-reset", "user-second-factor-reset"]
)
def test_the_own_account_changes_under_your_account_alone(client: Client, name: str) -> None:
    """There the password is asked for first."""
    cast.account("ada", "Ada Other", Role.ADMINISTRATOR)
    before = User.objects.filter(pk=cast.adam().pk).values().get()
    lines = AuditEvent.objects.count()
    page = _press(client, name, cast.adam())
    assert "Nothing was changed: this is your own account." in page.text
    assert "Only another administrator can reset, unlock or disable it." in page.text
    assert reverse(name, args=[cast.adam().uuid]) not in page.html
    assert User.objects.filter(pk=cast.adam().pk).values().get() == before
    assert AuditEvent.objects.count() == lines


def test_there_is_always_an_administrator(client: Client) -> None:
    adam = cast.adam()
    other = cast.account("ada", "Ada Other", Role.ADMINISTRATOR)
    _press(client, "user-disable", other)
    page = _change(client, adam, roles=[])
    assert "this is the last active administrator" in " ".join(page.beside("roles"))
    assert User.objects.get(pk=adam.pk).roles == ["Administrator"]
    _press(client, "user-enable", other)
    page = _change(client, adam, roles=["Clinician"])
    assert "Saved." in page.text
    assert "Worklist" in page.text
    assert User.objects.get(pk=adam.pk).roles == ["Clinician"]


def test_no_text_of_an_account_is_markup(client: Client) -> None:
    cast.account("hostile", "<script>alert(1)</script>{{ 1|add:1 }}", Role.CLINICIAN)
    page = client.get(reverse("users")).content.decode()
    assert "<script>alert" not in page
    assert "{{ 1|add:1 }}" in page
