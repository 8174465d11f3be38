"""Sign in, sign out, the own account: Django's own views, each in the access log."""

from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scoring import actions, queries
from scoring.entry.characters import visible
from scoring.forms.links import error_links
from scoring.forms.sign_in import PasswordChangeForm, SignInForm
from scoring.forms.users import OwnNameForm
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import AuditEvent, Role, User
from scoring.web.access import next_page
from scoring.web.gate import for_everybody, home, second_factor_is_compulsory
from scoring.web.open_sessions import open_sessions
from scoring.web.sessions import SINGLE_SIGN_ON

Action = AuditEvent.Action


class SignIn(views.LoginView):
    """Nothing of a patient is visible without it."""

    template_name = "scoring/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """The page asked for; not this one, which leads on at once whoever is signed in."""
        asked_for: str = super().get_success_url()
        return self.get_default_redirect_url() if asked_for == self.request.path else asked_for

    def get_default_redirect_url(self) -> str:
        """Where this user's work begins."""
        return reverse(home(actor(self.request)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the hospital's sign-in service is offered, and under which name."""
        offered = {"single_sign_on": settings.OIDC_ENABLED, "service": settings.OIDC_NAME}
        return super().get_context_data(**kwargs) | offered


class SignOut(views.LogoutView):
    """Ends the session; the next page is the sign-in page."""


class PasswordChange(views.PasswordChangeView):
    """A user's own password."""

    template_name = "scoring/password_change.html"
    form_class = PasswordChangeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the request, by which a wrong password counts."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_invalid(self, form: Any) -> HttpResponse:
        """What is wrong, on top and beside its field."""
        context = self.get_context_data(form=form, errors=error_links(form))
        return self.render_to_response(context, status=422)

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it, stay signed in here and nowhere else, say so."""
        user = actor(self.request)
        password = form.cleaned_data["new_password1"]
        actions.change_own_password(by=user, password=password, origin=origin(self.request))
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("Your password was changed."))
        # Whom a temporary password led here first goes on to the page asked for.
        return redirect(next_page(self.request, reverse(home(user))))


@get_or_post
@for_everybody
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one may do, and how one signs in; a missing name can be given."""
    user = actor(request)
    form = OwnNameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (user.has_own_name or _own_name_given(request, form)):
        return redirect("account")
    context = {
        "form": form,
        "errors": error_links(form),
        "roles": [Role(role).label for role in user.roles],
        "has_app": queries.has_authenticator(user),
        "passkeys": queries.passkeys(user),
        "recovery_codes": queries.recovery_codes_left(user),
        "sessions": open_sessions(request),
        "is_compulsory": second_factor_is_compulsory(user),
    }
    status = 422 if form.errors else 200
    return render(request, "scoring/account.html", context, status=status)


@require_POST
@for_everybody
def keys_switch(request: HttpRequest) -> HttpResponse:
    """Switch the keys that work outside of fields on or off, for this user."""
    user = actor(request)
    actions.switch_keys(by=user, on="on" in request.POST)
    said = _("The keys N, / and ? are on.") if user.uses_keys else _("The keys N, / and ? are off.")
    messages.success(request, said)
    return redirect("help")


def _own_name_given(request: HttpRequest, form: OwnNameForm) -> bool:
    if not form.is_valid():
        return False
    try:
        name = form.cleaned_data["display_name"]
        actions.give_own_name(by=actor(request), display_name=name, origin=origin(request))
    except actions.PersonHasAccountError as error:
        form.refuse(error)
        return False
    except actions.NameGivenError:
        # In another window: the page shows the name that was given there.
        return True
    messages.success(request, _("Saved."))
    return True


@receiver(user_logged_in)
def _log_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    elsewhere = getattr(user, "backend", "") == SINGLE_SIGN_ON
    actions.log_event(
        by=user,
        action=Action.SIGN_IN,
        origin=origin(request),
        detail={"method": "single sign-on"} if elsewhere else None,
    )


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
    # The sign-in service has a line of its own, which knows more.
    if request is not None and "username" in credentials:
        detail: dict[str, object] = {"username": visible(str(credentials["username"]))[:150]}
        # Refused unseen: the lock-out was on already.
        if getattr(request, "axes_locked_out", False) and not _is_counted(request):
            detail["locked_out"] = "yes"
        actions.log_event(
            by=None, action=Action.SIGN_IN_FAILED, origin=origin(request), detail=detail
        )


@receiver(user_locked_out)
def _log_lock_out(request: HttpRequest, username: str, **_kwargs: Any) -> None:
    # It is sent again for each attempt while the lock-out lasts.
    if _is_counted(request):
        actions.log_event(
            by=None,
            action=Action.SIGN_IN_LOCKED,
            origin=origin(request),
            detail={"username": visible(str(username))[:150]},
        )


def _is_counted(request: HttpRequest) -> bool:
    """Whether django-axes counts this failure; it counts none while the user is locked out."""
    return getattr(request, "axes_failures_since_start", None) is not None
