"""The authenticator app as second factor: set up, changed and removed by its user."""

import time
from base64 import b32encode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from scoring import actions, queries
from scoring.charts.qr import qr_svg
from scoring.forms.sign_in import CodeForm
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import User
from scoring.web.confirmation import (
    asks_password,
    confirm,
    password_page,
    set_up_page,
    status_of,
)
from scoring.web.gate import for_everybody, second_factor_is_compulsory

_QR_PX = 208
# A key that was shown waits so long for its first code, in the session alone.
_KEY = "authenticator_key"
_KEY_SECONDS = 10 * 60


@get_or_post
@for_everybody
def authenticator_set_up(request: HttpRequest) -> HttpResponse:
    """The key for an authenticator app: new each time, stored with its first right code."""
    user = actor(request)
    shown = _shown(request, user)
    if "code" in request.POST and shown is not None:
        return _first_code(request, user, shown)
    request.session.pop(_KEY, None)
    if asks_password(request):
        page = "scoring/authenticator_password.html"
        replaces = queries.has_authenticator(user)
        if asked := password_page(request, user, page, replaces=replaces):
            return asked
    device = actions.new_authenticator(by=user)
    request.session[_KEY] = {"key": device.key, "at": int(time.time())}
    return _key_page(request, device, CodeForm())


def _shown(request: HttpRequest, user: User) -> TOTPDevice | None:
    """The device whose key this session was shown some minutes ago."""
    kept = request.session.get(_KEY)
    if kept is None or time.time() - kept["at"] >= _KEY_SECONDS:
        return None
    return TOTPDevice(user=user, key=kept["key"])


def _first_code(request: HttpRequest, user: User, shown: TOTPDevice) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"]
        done = actions.set_up_authenticator(
            by=user, key=shown.key, code=code, origin=origin(request)
        )
        if done is not None:
            device, codes = done
            del request.session[_KEY]
            confirm(request, device)
            return set_up_page(request, codes, _("The authenticator app was set up."))
        form.add_error("code", _("this code is wrong."))
    return _key_page(request, shown, form)


def _key_page(request: HttpRequest, device: TOTPDevice, form: CodeForm) -> HttpResponse:
    key = b32encode(device.bin_key).decode()
    context = {
        "form": form,
        "qr": qr_svg(device.config_url, size=_QR_PX, title=_("QR code of the key below")),
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "replaces": queries.has_authenticator(device.user),
    }
    return render(request, "scoring/authenticator_set_up.html", context, status=status_of(form))


@get_or_post
@for_everybody
def authenticator_remove(request: HttpRequest) -> HttpResponse:
    """Sign in without the app, where another factor is left or no role needs one."""
    user = actor(request)
    passkeys = queries.passkeys(user)
    is_needed = second_factor_is_compulsory(user) and not passkeys
    if is_needed or not queries.has_authenticator(user):
        return redirect("account")
    page = "scoring/authenticator_remove.html"
    if asked := password_page(request, user, page, is_last=not passkeys):
        return asked
    actions.remove_authenticator(by=user, origin=origin(request))
    messages.success(request, _("The authenticator app was removed."))
    if passkeys:
        # The session may have been confirmed by the app that is gone now.
        confirm(request, passkeys[0])
    return redirect("account")
