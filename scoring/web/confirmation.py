"""Confirming that it is the user, at sign-in and before something about signing in changes."""

from typing import Any

import django_otp
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django_otp.models import Device

from scoring.forms.sign_in import PasswordForm
from scoring.http.actor import actor
from scoring.models import User
from scoring.web.access import next_page
from scoring.web.gate import home, pending_sign_in_step
from scoring.web.sessions import signed_in_lately, vouched_lately


def confirm(request: HttpRequest, device: Device) -> None:
    """The session counts as confirmed by a second factor from here on, under a new key."""
    request.session.cycle_key()
    django_otp.login(request, device)


def asks_password(request: HttpRequest) -> bool:
    """Whether the password is asked for before a factor is set up.

    Whom the role leads to the page during sign-in has given it a moment ago.
    """
    return pending_sign_in_step(request) is None or not signed_in_lately(request)


def sign_in_again(request: HttpRequest, user: User) -> HttpResponse | None:
    """For a user without a password here: the page that leads to the hospital's service, and back.

    None for others, and where the service has vouched for the user some minutes ago at most.
    """
    if user.has_password or vouched_lately(request):
        return None
    context = {"service": settings.OIDC_NAME, "is_offered": settings.OIDC_ENABLED}
    status = 403 if request.method == "POST" else 200
    return render(request, "scoring/sign_in_again.html", context, status=status)


def password_page(
    request: HttpRequest, user: User, template: str, **context: Any
) -> HttpResponse | None:
    """The page that asks for the password; None once it was given, here or at the service."""
    if again := sign_in_again(request, user):
        return again
    form = PasswordForm(sent(request), request=request, user=user)
    if form.is_valid():
        return None
    return render(request, template, {"form": form, **context}, status=status_of(form))


def recovery_codes_page(request: HttpRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    """The codes, shown this once; ``is_new`` where the second factor was set up just now.

    Whom the role led here during sign-in goes on to the page asked for.
    """
    leads_to = next_page(request, reverse(home(actor(request))))
    context = {"codes": codes, "is_new": is_new, "leads_to": leads_to, "pending_sign_in_step": None}
    return render(request, "scoring/recovery_codes.html", context)


def set_up_page(request: HttpRequest, codes: list[str], said: str) -> HttpResponse:
    """After a factor was set up: its recovery codes, or the account where earlier codes serve."""
    if codes:
        return recovery_codes_page(request, codes, is_new=True)
    messages.success(request, said)
    return redirect("account")


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, be it nothing: who has no password here has nothing to enter."""
    return request.POST if request.method == "POST" else None


def status_of(form: forms.BaseForm) -> int:
    """Of a page with this form: 422 with errors."""
    return 422 if form.errors else 200
