"""The second factor at sign-in, and what is common to its kinds: the choice, recovery codes."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from scoring import actions, queries
from scoring.forms.passkeys import PasskeyForm
from scoring.forms.sign_in import CodeForm
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import User
from scoring.web import passkeys
from scoring.web.access import next_page
from scoring.web.confirmation import (
    confirm,
    password_page,
    recovery_codes_page,
    sent,
    status_of,
)
from scoring.web.gate import for_everybody, home, pending_sign_in_step
from scoring.words.marks import sentences


@get_or_post
@for_everybody
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code or passkey after the password. Until it is right, no other page opens."""
    user = actor(request)
    if pending_sign_in_step(request) != "second-factor":
        return HttpResponseRedirect(_next(request))
    form = PasskeyForm(request.POST) if "passkey" in request.POST else CodeForm(sent(request))
    if form.is_valid():
        device = _device(request, user, form)
        if device is not None:
            confirm(request, device)
            return HttpResponseRedirect(_next(request))
        _say_wrong(form, queries.second_factor_wait_seconds(user))
    context = {
        "form": form if isinstance(form, CodeForm) else CodeForm(),
        "passkey_form": form if isinstance(form, PasskeyForm) else PasskeyForm(),
        "has_app": queries.has_authenticator(user),
        "passkey": passkeys.asked_for(request, user),
        "next": request.POST.get("next", request.GET.get("next", "")),
    }
    return render(request, "scoring/second_factor.html", context, status=status_of(form))


def _device(request: HttpRequest, user: User, form: CodeForm | PasskeyForm) -> Device | None:
    if isinstance(form, PasskeyForm):
        return passkeys.used(request, user, form.cleaned_data["passkey"])
    code = form.cleaned_data["code"]
    return actions.pass_second_factor(by=user, code=code, origin=origin(request))


def _say_wrong(form: CodeForm | PasskeyForm, wait_seconds: int) -> None:
    if isinstance(form, PasskeyForm):
        field, said = "passkey", _("this passkey was not accepted. Try again, or use another way.")
    else:
        field, said = "code", _("this code is wrong, or was used before.")
    if wait_seconds:
        wait = ngettext(
            "Wait %(seconds)s second before the next try.",
            "Wait %(seconds)s seconds before the next try.",
            wait_seconds,
        )
        said = sentences(said, wait % {"seconds": wait_seconds})
    form.add_error(field, said)


def _next(request: HttpRequest) -> str:
    """The page asked for before the code was, if it is one of this site."""
    return next_page(request, reverse(home(actor(request))))


@require_safe
@for_everybody
def second_factor_set_up(request: HttpRequest) -> HttpResponse:
    """Which kind to set up; whose role needs one is led here before any other page opens."""
    user = actor(request)
    context = {
        "has_app": queries.has_authenticator(user),
        "hindrance": passkeys.hindrance(request),
    }
    return render(request, "scoring/second_factor_set_up.html", context)


@get_or_post
@for_everybody
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    user = actor(request)
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    device = device or next(iter(queries.passkeys(user)), None)
    if device is None:
        return redirect("account")
    left = queries.recovery_codes_left(user)
    if asked := password_page(request, user, "scoring/recovery_codes_new.html", left=left):
        return asked
    codes = actions.make_recovery_codes(by=user, origin=origin(request))
    # The session may have been confirmed by a code that is gone now.
    confirm(request, device)
    return recovery_codes_page(request, codes, is_new=False)
