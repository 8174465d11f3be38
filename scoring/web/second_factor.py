"""The second factor: asked for at sign-in, set up and taken away by the user."""

import time
from base64 import b32encode

import django_otp
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from scoring import actions, queries
from scoring.charts.qr import qr_svg
from scoring.models import User
from scoring.web.access import origin, signed_in_user
from scoring.web.forms.sign_in import CodeForm, PasswordForm
from scoring.web.gate import for_everybody, home, pending_sign_in_step, second_factor_is_compulsory
from scoring.web.sessions import signed_in_lately, vouched_lately

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
_QR_PX = 208
# A key that was shown waits so long for its first code, in the session alone.
_KEY = "second_factor_key"
_KEY_SECONDS = 10 * 60


@get_or_post
@for_everybody
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code after the password. Until it is right, no other page opens."""
    user = signed_in_user(request)
    if pending_sign_in_step(request) != "second-factor":
        return HttpResponseRedirect(_next(request))
    form = CodeForm(_sent(request))
    if form.is_valid():
        code = form.cleaned_data["code"]
        device = actions.pass_second_factor(by=user, code=code, origin=origin(request))
        if device is not None:
            _confirm(request, device)
            return HttpResponseRedirect(_next(request))
        form.add_error("code", _wrong(queries.second_factor_wait_seconds(user)))
    context = {"form": form, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "scoring/second_factor.html", context, status=_status(form))


@get_or_post
@for_everybody
def second_factor_set_up(request: HttpRequest) -> HttpResponse:
    """The key for an authenticator app: new each time, stored with its first right code."""
    user = signed_in_user(request)
    shown = _shown(request, user)
    if "code" in request.POST and shown is not None:
        return _first_code(request, user, shown)
    request.session.pop(_KEY, None)
    # Who is led here has given the password a moment ago.
    if pending_sign_in_step(request) is None or not signed_in_lately(request):
        if _must_vouch(request, user):
            return _sign_in_again(request)
        form = PasswordForm(_sent(request), request=request, user=user)
        if not form.is_valid():
            context = {"form": form, "replaces": queries.has_second_factor(user)}
            page = "scoring/second_factor_password.html"
            return render(request, page, context, status=_status(form))
    device = actions.new_second_factor(by=user)
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
        done = actions.set_up_second_factor(
            by=user, key=shown.key, code=code, origin=origin(request)
        )
        if done is not None:
            device, codes = done
            del request.session[_KEY]
            _confirm(request, device)
            return _codes_page(request, codes, is_new=True)
        form.add_error("code", _("this code is wrong."))
    return _key_page(request, shown, form)


def _key_page(request: HttpRequest, device: TOTPDevice, form: CodeForm) -> HttpResponse:
    key = b32encode(device.bin_key).decode()
    context = {
        "form": form,
        "qr": qr_svg(device.config_url, size=_QR_PX, title=_("QR code of the key below")),
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "replaces": queries.has_second_factor(device.user),
    }
    return render(request, "scoring/second_factor_set_up.html", context, status=_status(form))


@get_or_post
@for_everybody
def second_factor_remove(request: HttpRequest) -> HttpResponse:
    """Sign in by password alone again, where no role forbids it."""
    user = signed_in_user(request)
    if not queries.has_second_factor(user) or second_factor_is_compulsory(user):
        return redirect("account")
    if _must_vouch(request, user):
        return _sign_in_again(request)
    form = PasswordForm(_sent(request), request=request, user=user)
    if not form.is_valid():
        context = {"form": form}
        return render(request, "scoring/second_factor_remove.html", context, status=_status(form))
    actions.remove_second_factor(by=user, origin=origin(request))
    messages.success(request, _("The second factor was removed."))
    return redirect("account")


@get_or_post
@for_everybody
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    user = signed_in_user(request)
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if device is None:
        return redirect("account")
    if _must_vouch(request, user):
        return _sign_in_again(request)
    form = PasswordForm(_sent(request), request=request, user=user)
    if not form.is_valid():
        context = {"form": form, "left": queries.recovery_codes_left(user)}
        return render(request, "scoring/recovery_codes_new.html", context, status=_status(form))
    codes = actions.make_recovery_codes(by=user, origin=origin(request))
    # The session may have been confirmed by a code that is gone now.
    _confirm(request, device)
    return _codes_page(request, codes, is_new=False)


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    """Who has no password here gives it at the hospital's service, which leads back to the page."""
    context = {"service": settings.OIDC_NAME, "is_offered": settings.OIDC_ENABLED}
    status = 403 if request.method == "POST" else 200
    return render(request, "scoring/sign_in_again.html", context, status=status)


def _must_vouch(request: HttpRequest, user: User) -> bool:
    """Whether the hospital's service has to say first that it is this user."""
    return not user.has_usable_password() and not vouched_lately(request)


def _codes_page(request: HttpRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    context = {"codes": codes, "is_new": is_new, "pending_sign_in_step": None}
    return render(request, "scoring/recovery_codes.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, be it nothing: who has no password here has nothing to enter."""
    return request.POST if request.method == "POST" else None


def _confirm(request: HttpRequest, device: Device) -> None:
    """The session counts as confirmed from here on, under a new key."""
    request.session.cycle_key()
    django_otp.login(request, device)


def _next(request: HttpRequest) -> str:
    """The page asked for before the code was, if it is one of this site."""
    asked: str = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse(home(signed_in_user(request)))


def _wrong(wait_seconds: int) -> str:
    said = _("this code is wrong, or was used before.")
    if wait_seconds:
        said += " " + ngettext(
            "Wait %(seconds)s second before the next try.",
            "Wait %(seconds)s seconds before the next try.",
            wait_seconds,
        ) % {"seconds": wait_seconds}
    return said


def _status(form: CodeForm | PasswordForm) -> int:
    return 422 if form.errors else 200
