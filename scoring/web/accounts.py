"""Sign in, sign out, change one's password: Django's own views, each in the access log."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from scoring import actions
from scoring.models import AuditEvent, User
from scoring.web.access import log, origin
from scoring.web.forms.layout import plain_helper

Action = AuditEvent.Action


class SignIn(views.LoginView):
    """Nothing of a patient is visible without it."""

    template_name = "scoring/sign_in.html"
    redirect_authenticated_user = True


class SignOut(views.LogoutView):
    """Ends the session; the next page is the sign-in page."""


class PasswordChange(views.PasswordChangeView):
    """A user's own password."""

    template_name = "scoring/password_change.html"
    extra_context = {"helper": plain_helper()}
    success_url = reverse_lazy("worklist")

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and log it in one transaction, say so."""
        with transaction.atomic():
            response = super().form_valid(form)
            log(self.request, Action.PASSWORD_CHANGED)
        messages.success(self.request, _("Your password was changed."))
        return response


@receiver(user_logged_in)
def _log_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    actions.log_event(by=user, action=Action.SIGN_IN, origin=origin(request))


@receiver(user_logged_out)
def _log_sign_out(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        # Where a limit of the session ended it: scoring/web/session_limits.py.
        ending = getattr(request, "signed_out_by", None)
        actions.log_event(
            by=user,
            action=Action.SIGN_OUT,
            origin=origin(request),
            detail={"reason": ending} if ending else {},
        )


@receiver(user_login_failed)
def _log_failure(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any
) -> None:
    if request is not None:
        actions.log_event(
            by=None,
            action=Action.SIGN_IN_FAILED,
            origin=origin(request),
            detail={"username": str(credentials.get("username", ""))[:150]},
        )
