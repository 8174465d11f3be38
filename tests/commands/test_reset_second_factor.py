"""``manage.py reset_second_factor``: the way in for an only administrator without telephone."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice

from scoring.models import AuditEvent
from tests import cast
from tests.web.html import signed_in
from tests.web.second_factor_steps import set_up_app

pytestmark = pytest.mark.django_db


def test_the_user_signs_in_by_password_again_and_the_log_tells_it() -> None:
    adam, said = cast.adam(), io.StringIO()
    set_up_app(adam)
    assert signed_in(adam).get(reverse("users")).status_code == 302
    call_command("reset_second_factor", "adam", stdout=said)
    assert '"adam" can now sign in without a second factor' in said.getvalue()
    assert signed_in(adam).get(reverse("users")).status_code == 200
    assert not StaticDevice.objects.filter(user=adam).exists()
    event = AuditEvent.objects.get(action=AuditEvent.Action.USER_SECOND_FACTOR_RESET)
    assert (event.actor, event.detail) == ("", {"username": "adam"})


def test_nobody_is_not_reset() -> None:
    with pytest.raises(CommandError, match='no user "nobody"'):
        call_command("reset_second_factor", "nobody")
