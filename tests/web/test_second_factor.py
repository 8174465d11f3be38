"""The second factor: set up, asked for, passed by app or recovery code, compulsory by role."""

import re
import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from scoring.models import Assessment, AuditEvent, Draft, User
from tests import cast
from tests.life.browse import led_to
from tests.web.html import Page, elements, signed_in, text
from tests.web.second_factor_steps import code_of, set_up_app, shown_key
from tests.web.test_drafts import opened_form

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
SET_UP = "/account/authenticator"
CODE = "/account/code"


def _code(user: User, steps: int = 0) -> str:
    """What the app shows now, or some half minutes from now."""
    return code_of(TOTPDevice.objects.get(user=user).key, steps)


def _wrong_code_of(key: str) -> str:
    return f"{(int(code_of(key)) + 500_000) % 1_000_000:06d}"


def _said_codes(page: Page) -> list[str]:
    return [
        text(element)
        for element in elements(page.root)
        if element.name == "li" and re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){5}", text(element))
    ]


def test_it_is_set_up_with_the_password_and_the_first_code() -> None:
    alice = cast.alice()
    client = signed_in(alice)
    wrong = client.post(SET_UP, {"password": "wrong"})
    assert (wrong.status_code, Page(wrong).beside("password")) == (
        422,
        ["Error: This is not your password."],
    )
    response = client.post(SET_UP, {"password": cast.PASSWORD})
    assert "<svg" in Page(response).html
    assert "QR code of the key below" in Page(response).html
    key = shown_key(response)
    wrong = client.post(SET_UP, {"code": _wrong_code_of(key)})
    assert (wrong.status_code, Page(wrong).beside("code")) == (422, ["Error: this code is wrong."])
    assert shown_key(wrong) == key
    for nonsense in ("²", "000", "-1", "9" * 32):
        assert client.post(SET_UP, {"code": nonsense}).status_code == 422
    assert not TOTPDevice.objects.exists()
    code = code_of(key)
    page = Page(client.post(SET_UP, {"code": code}))
    assert len(set(_said_codes(page))) == 10
    assert TOTPDevice.objects.get(user=alice, confirmed=True).key == key
    # This session has shown a code already, and that code counts no more.
    assert client.get(reverse("worklist")).status_code == 200
    assert signed_in(alice).post(CODE, {"code": code}).status_code == 422
    assert "10 unused" in Page(client.get(reverse("account"))).text
    actions_told = AuditEvent.objects.filter(actor="alice").values_list("action", flat=True)
    assert Action.SECOND_FACTOR_SET_UP in actions_told


def test_a_key_is_shown_after_the_password_new_each_time_and_never_stored() -> None:
    client = signed_in(cast.alice())
    page = client.get(SET_UP)
    assert "typed-key" not in page.content.decode()
    assert Page(page).by_id("h-password")
    first, second = (shown_key(client.post(SET_UP, {"password": cast.PASSWORD})) for _ in range(2))
    assert first != second
    assert not TOTPDevice.objects.exists()
    # Only the key shown last, only in the session that was shown it, only until it is opened anew.
    assert client.post(SET_UP, {"code": code_of(first)}).status_code == 422
    other = signed_in(cast.alice())
    assert "typed-key" not in other.post(SET_UP, {"code": code_of(second)}).content.decode()
    client.get(SET_UP)
    assert "typed-key" not in client.post(SET_UP, {"code": code_of(second)}).content.decode()
    assert not TOTPDevice.objects.exists()


def test_a_key_that_was_shown_waits_ten_minutes() -> None:
    client = signed_in(cast.alice())
    key = shown_key(client.post(SET_UP, {"password": cast.PASSWORD}))
    now = time.time()
    with patch("scoring.web.authenticator.time.time", return_value=now + 601):
        answer = client.post(SET_UP, {"code": code_of(key, 20)})
    assert "typed-key" not in answer.content.decode()
    assert "password" in {control.name for control in Page(answer).controls}
    assert not TOTPDevice.objects.exists()


def test_after_the_password_nothing_opens_without_the_code() -> None:
    alice = cast.alice()
    set_up_app(alice)
    patient = cast.registered()
    client = signed_in(alice)
    asked = reverse("patient-detail", args=[patient.pk])
    for address in (asked, reverse("worklist"), reverse("account"), SET_UP, "/account/password"):
        answer = client.get(address)
        assert answer.headers["Location"].startswith(f"{CODE}?next="), address
    assert client.post(reverse("assessment-new"), cast.form_data()).headers["Location"] == CODE
    page = Page(client.get(f"{CODE}?next={asked}"))
    assert "Wang" not in page.html
    assert reverse("history") not in page.html
    answer = client.post(CODE, {"code": f" {_code(alice)[:3]} {_code(alice)[3:]}", "next": asked})
    assert answer.headers["Location"] == asked
    assert client.get(asked).status_code == 200
    assert AuditEvent.objects.filter(action=Action.SECOND_FACTOR_PASSED).count() == 1


def test_another_session_has_to_show_its_own_code() -> None:
    alice = cast.alice()
    set_up_app(alice)
    first, second = signed_in(alice), signed_in(alice)
    code = _code(alice)
    first.post(CODE, {"code": code})
    assert first.get(reverse("worklist")).status_code == 200
    assert second.get(reverse("worklist")).status_code == 302
    # A code counts once.
    assert second.post(CODE, {"code": code}).status_code == 422


def test_the_code_leads_to_no_other_site() -> None:
    alice = cast.alice()
    set_up_app(alice)
    client = signed_in(alice)
    answer = client.post(CODE, {"code": _code(alice), "next": "https://evil.example/"})
    assert answer.headers["Location"] == reverse("worklist")


def test_wrong_codes_are_told_and_slowed_down() -> None:
    alice = cast.alice()
    set_up_app(alice)
    client = signed_in(alice)
    wrong = f"{(int(_code(alice)) + 500_000) % 1_000_000:06d}"
    page = Page(client.post(CODE, {"code": wrong}))
    assert "this code is wrong, or was used before. Wait 1 second" in page.beside("code")[0]
    # The right one, too soon.
    assert client.post(CODE, {"code": _code(alice)}).status_code == 422
    later = timezone.now() + timedelta(seconds=2)
    with patch("django_otp.models.timezone.now", return_value=later):
        assert client.post(CODE, {"code": _code(alice)}).status_code == 302
    failed = AuditEvent.objects.filter(action=Action.SECOND_FACTOR_FAILED)
    assert [event.detail for event in failed] == [{"method": "authenticator"}] * 2
    assert {event.actor for event in failed} == {"alice"}


def test_a_recovery_code_serves_once() -> None:
    alice = cast.alice()
    codes = set_up_app(alice)
    client = signed_in(alice)
    assert client.post(CODE, {"code": codes[3].upper()}).status_code == 302
    assert client.get(reverse("worklist")).status_code == 200
    assert "9 unused" in Page(client.get(reverse("account"))).text
    assert signed_in(alice).post(CODE, {"code": codes[3]}).status_code == 422


def test_recovery_codes_are_kept_as_keyed_hashes() -> None:
    alice, bob = cast.alice(), cast.bob()
    codes = set_up_app(alice)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert kept.isdisjoint(code.replace("-", "") for code in codes)
    # Those of Django's own command, in plain text, open nothing.
    StaticDevice.objects.get(user=alice).token_set.create(token="abcdefgh")
    assert signed_in(alice).post(CODE, {"code": "abcdefgh"}).status_code == 422
    # Nor do somebody else's.
    set_up_app(bob)
    assert signed_in(bob).post(CODE, {"code": codes[0]}).status_code == 422


def test_new_recovery_codes_end_the_old_ones() -> None:
    alice = cast.alice()
    codes = set_up_app(alice)
    client = signed_in(alice)
    client.post(CODE, {"code": codes[0]})
    page = Page(client.post("/account/recovery-codes", {"password": cast.PASSWORD}))
    new = _said_codes(page)
    assert len(new) == 10
    assert set(new).isdisjoint(codes)
    # Though it was confirmed by a code that is gone.
    assert client.get(reverse("worklist")).status_code == 200
    assert signed_in(alice).post(CODE, {"code": codes[1]}).status_code == 422
    assert client.post("/account/recovery-codes", {"password": "wrong"}).status_code == 422


def test_it_is_removed_with_the_password() -> None:
    alice = cast.alice()
    codes = set_up_app(alice)
    client = signed_in(alice)
    client.post(CODE, {"code": codes[0]})
    remove = "/account/authenticator/remove"
    assert client.post(remove, {"password": "wrong"}).status_code == 422
    assert TOTPDevice.objects.filter(user=alice).exists()
    assert client.post(remove, {"password": cast.PASSWORD}).status_code == 302
    assert not TOTPDevice.objects.filter(user=alice).exists()
    assert not StaticDevice.objects.filter(user=alice).exists()
    assert signed_in(alice).get(reverse("worklist")).status_code == 200
    assert AuditEvent.objects.filter(action=Action.SECOND_FACTOR_REMOVED).count() == 1


def test_the_administrator_resets_it_for_a_lost_telephone() -> None:
    alice = cast.alice()
    set_up_app(alice)
    client = signed_in(cast.adam())
    client.post(reverse("user-second-factor-reset", args=[alice.uuid]))
    assert signed_in(alice).get(reverse("worklist")).status_code == 200
    event = AuditEvent.objects.get(action=Action.USER_SECOND_FACTOR_RESET)
    assert (event.actor, event.detail) == ("adam", {"username": "alice"})


def test_another_app_replaces_the_one_before() -> None:
    alice = cast.alice()
    codes = set_up_app(alice)
    client = signed_in(alice)
    client.post(CODE, {"code": codes[0]})
    old = TOTPDevice.objects.get(user=alice, confirmed=True)
    key = shown_key(client.post(SET_UP, {"password": cast.PASSWORD}))
    assert TOTPDevice.objects.filter(user=alice, confirmed=True).get() == old
    client.post(SET_UP, {"code": code_of(key)})
    new = TOTPDevice.objects.get(user=alice)
    assert (new.confirmed, new.key == old.key) == (True, False)
    assert signed_in(alice).post(CODE, {"code": codes[1]}).status_code == 422


@pytest.mark.parametrize("was_kept", [False, True])
def test_a_form_sent_before_the_code_is_given_back_after_it(*, was_kept: bool) -> None:
    client, of = signed_in(cast.alice()), cast.recorded()
    address = reverse("assessment-void", args=[of.pk])
    form = opened_form(client, address) | {"reason": "wrong wristband"}
    if was_kept:
        client.post(reverse("session-end"), form | {"signed_in": str(cast.alice().pk)})
    codes = set_up_app(cast.alice())
    client.force_login(cast.alice())
    asks = led_to(client.post(address, form))
    sent = {"code": codes[0], "next": Page(client.get(asks)).value("next")}
    back = led_to(client.post(CODE, sent))
    assert Page(client.get(back)).value("reason") == "wrong wristband"
    assert Assessment.objects.count() == 1


def test_a_form_of_nobody_sent_before_the_code_takes_no_draft_away() -> None:
    client, alice = signed_in(cast.alice()), cast.alice()
    address = reverse("assessment-void", args=[cast.recorded().pk])
    form = opened_form(client, address) | {"reason": "wrong wristband"}
    client.post(reverse("session-end"), form | {"signed_in": str(alice.pk)})
    set_up_app(alice)
    client.force_login(alice)
    del form["kept_for"]
    assert client.post(address, form).status_code == 302
    assert Draft.objects.get(owner=alice).address == address
