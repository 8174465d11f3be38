"""Sign in, sign out, change one's password."""

from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from rbpsite import settings as site_settings
from rbpsite.password_rules import SITE_WORDS
from scoring.models import AuditEvent, Role
from tests import cast
from tests.web.html import Page, signed_in, text

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
NEW_PASSWORD = "a long new phrase 7"


def _sign_in(client: Client, username: str, password: str) -> Page:
    response = client.post(reverse("sign-in"), {"username": username, "password": password})
    assert response.status_code == 200
    return Page(response)


def _focused(page: Page) -> list[str]:
    return [c.name for c in page.controls if "autofocus" in c.attributes]


def test_after_a_failure_the_password_is_typed_next(client: Client) -> None:
    assert _focused(Page(client.get(reverse("sign-in")))) == ["username"]
    assert _focused(_sign_in(client, "alice", "wrong password")) == ["password"]
    assert _focused(_sign_in(client, "", "wrong password")) == ["username"]


def test_sign_in_leads_to_the_page_asked_for(client: Client) -> None:
    cast.alice()
    asked = client.get(reverse("history"))
    address = asked.headers["Location"]
    sent = {
        "username": "alice",
        "password": cast.PASSWORD,
        "next": Page(client.get(address)).value("next"),
    }
    assert client.post(address, sent).headers["Location"] == reverse("history")
    event = AuditEvent.objects.get(action=Action.SIGN_IN)
    assert (event.actor, event.address) == ("alice", "127.0.0.1")


def test_sign_in_leads_to_no_other_site(client: Client) -> None:
    cast.alice()
    sent = {"username": "alice", "password": cast.PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("sign-in"), sent).headers["Location"] == reverse("worklist")


def test_sign_in_leads_whoever_is_signed_in_not_to_itself() -> None:
    client = signed_in(cast.alice())
    answer = client.get(reverse("sign-in"), {"next": reverse("sign-in")})
    assert answer.headers["Location"] == reverse("worklist")


def test_a_failure_does_not_tell_what_was_wrong(client: Client) -> None:
    cast.alice()
    bob = cast.bob()
    bob.is_active = False
    bob.save(update_fields=["is_active"])
    told = {
        _sign_in(client, username, password).text
        for username, password in (
            ("alice", "wrong password"),
            ("nobody", "wrong password"),
            ("bob", cast.PASSWORD),
        )
    }
    assert len(told) == 1
    assert "Not signed in." in told.pop()
    assert not AuditEvent.objects.filter(action=Action.SIGN_IN).exists()


def test_a_failure_is_logged_without_the_password(client: Client) -> None:
    cast.alice()
    client.post(
        reverse("sign-in"),
        {"username": "alice", "password": "wrong secret"},
        REMOTE_ADDR="192.0.2.7",
    )
    event = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED)
    assert (event.actor, event.address) == ("", "192.0.2.7")
    assert event.detail == {"username": "alice"}


@pytest.mark.parametrize("username", ["", "a\x00b", "x" * 5000, "<script>alert(1)</script>", "王"])
def test_any_username_is_met_with_a_page(client: Client, username: str) -> None:
    page = _sign_in(client, username, "wrong password")
    assert "<script>alert" not in page.html


def test_sign_out_ends_the_session() -> None:
    client = signed_in(cast.alice())
    response = client.post(reverse("sign-out"))
    assert response.headers["Location"] == reverse("sign-in")
    assert client.get(reverse("worklist")).status_code == 302
    assert AuditEvent.objects.filter(action=Action.SIGN_OUT, actor="alice").count() == 1


def _change(client: Client, old: str, new: str, again: str) -> Page:
    sent = {"old_password": old, "new_password1": new, "new_password2": again}
    return Page(client.post(reverse("password-change"), sent, follow=True))


def test_change_of_password() -> None:
    alice = cast.alice()
    client = signed_in(alice)
    page = _change(client, cast.PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    assert "Your password was changed." in page.text
    assert client.get(reverse("worklist")).status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(NEW_PASSWORD)
    assert AuditEvent.objects.filter(action=Action.PASSWORD_CHANGED, actor="alice").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "again", "field", "said"),
    [
        ("wrong", NEW_PASSWORD, NEW_PASSWORD, "old_password", "this is not your current password."),
        (cast.PASSWORD, NEW_PASSWORD, "something else 8", "new_password2", "different from the"),
        (cast.PASSWORD, "short7", "short7", "new_password1", "shorter than 12 characters."),
        (
            cast.PASSWORD,
            "password1234",
            "password1234",
            "new_password1",
            "guessed soon: take several words that do not belong together.",
        ),
        (
            cast.PASSWORD,
            "Q1w2e3r4t5y6",
            "Q1w2e3r4t5y6",
            "new_password1",
            "guessed soon: take several words that do not belong together.",
        ),
        (
            cast.PASSWORD,
            "Kyphoplasty2026",
            "Kyphoplasty2026",
            "new_password1",
            "little more than your username and words of this site.",
        ),
        (
            cast.PASSWORD,
            "123456789012",
            "123456789012",
            "new_password1",
            "guessed soon: take several words that do not belong together.",
        ),
        (cast.PASSWORD, "", "", "new_password2", "nothing entered."),
    ],
)
def test_a_password_that_is_refused_changes_nothing(
    old: str, new: str, again: str, field: str, said: str
) -> None:
    alice = cast.alice()
    page = _change(signed_in(alice), old, new, again)
    assert "was changed" not in page.text
    assert any(said in error and error.startswith("Error:") for error in page.beside(field))
    summary = text(page.by_id("summary"))
    assert said in summary
    assert "Type the passwords again" in summary
    alice.refresh_from_db()
    assert alice.check_password(cast.PASSWORD)
    assert not AuditEvent.objects.filter(action=Action.PASSWORD_CHANGED).exists()


@pytest.mark.parametrize("new", ["dr.alice.mdr.alice.m", "Dr.Alice.MDr.Alice.M7!"])
def test_a_doubled_user_name_is_no_password(new: str) -> None:
    user = cast.account("dr.alice.m", "Dr Alice Moore", Role.CLINICIAN)
    page = _change(signed_in(user), cast.PASSWORD, new, new)
    assert page.beside("new_password1")[0].startswith("Error: little more than your username")
    own = f"{new} by the sea"
    assert "was changed" in _change(signed_in(user), cast.PASSWORD, own, own).text


def test_words_of_host_and_ward_are_no_password_either(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.WARD_NAME = ["rbp.stmary.example"], "Wirbelsäule 3"
    for new in ("StMary-Wirbelsäule", "hospital.StMary"):
        with pytest.raises(ValidationError, match="words of the site"):
            validate_password(new, cast.alice())
    validate_password("StMary-lamp-and-boat", cast.alice())


def test_the_words_of_the_site_are_documented() -> None:
    text = Path(site_settings.BASE_DIR, "docs", "accounts.md").read_text()
    assert f"Words of the site: {', '.join(SITE_WORDS)};" in " ".join(text.split())


@pytest.mark.parametrize(
    "new", ["qazwsxedcrfv", "iloveyou12345", "asdfghjkl123", "passwordpassword", "Zhongguo123456"]
)
def test_what_is_guessed_soon_is_no_password(new: str) -> None:
    with pytest.raises(ValidationError, match="guessed soon"):
        validate_password(new, cast.alice())


def test_no_kind_of_character_is_asked_for() -> None:
    for new in ("738291047561", "kettle under the harbour", "茶壶在港口下面等着下一班船"):
        validate_password(new, cast.alice())


def test_a_long_password_is_judged_by_its_beginning() -> None:
    validate_password("kettle under the harbour " * 40, cast.alice())
    with pytest.raises(ValidationError, match="guessed soon"):
        validate_password("a" * 1000, cast.alice())


def test_the_rules_of_a_password_stand_once(client: Client) -> None:
    client.force_login(cast.alice())
    page = Page(client.get(reverse("password-change")))
    assert page.html.count('id="id_new_password1_helptext"') == 1


def test_passwords_are_kept_as_argon2_hashes(settings: Settings) -> None:
    """As the site itself is set up; the other tests hash faster."""
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    client = signed_in(cast.alice())
    _change(client, cast.PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    kept = cast.alice().password
    assert kept.startswith("argon2$argon2id$")
    assert NEW_PASSWORD not in kept
    assert {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    } in site_settings.AUTH_PASSWORD_VALIDATORS
