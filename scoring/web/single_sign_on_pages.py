"""To the hospital's sign-in service and back: every way ends on a page that says what happened."""

import threading
from typing import Any, cast

import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
)

from scoring import actions
from scoring.entry.characters import visible
from scoring.http.actor import origin
from scoring.models import AuditEvent, User
from scoring.web.gate import home
from scoring.web.sessions import vouched, vouched_lately
from scoring.web.single_sign_on import FAILURES

# So many requests may wait for a service that hangs; the other threads stay with the ward's pages.
_places = threading.BoundedSemaphore(1 + settings.THREADS // 4)
# In the session: whether the service has to ask for the password anew.
_AGAIN = "oidc_again"


class SingleSignOn(OIDCAuthenticationRequestView):  # type: ignore[misc]
    """Leads to the service."""

    def __init__(self, **kwargs: Any) -> None:
        if not settings.OIDC_ENABLED:
            raise Http404
        super().__init__(**kwargs)

    def get_extra_params(self, request: HttpRequest) -> dict[str, Any]:
        """Before a change of the second factor the service has to ask for the password."""
        asked: dict[str, Any] = dict(super().get_extra_params(request))
        request.session[_AGAIN] = "again" in request.GET
        return asked | {"prompt": "login", "max_age": "0"} if request.session[_AGAIN] else asked


class SingleSignOnCallback(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Where the service leads back to. Whatever is refused looks the same, and is logged."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Sign in, or say that it failed."""
        if not settings.OIDC_ENABLED:
            raise Http404
        if error := request.GET.get("error"):
            # The library would end the session of whoever is signed in, at anybody's link.
            request.session.get("oidc_states", {}).pop(request.GET.get("state", ""), None)
            return self._refused(error)
        if not _places.acquire(blocking=False):
            return self._refused("too many wait for the service", is_away=True)
        try:
            return cast(HttpResponse, super().get(request))
        except FAILURES as error:
            # Others may quote what the service answered.
            told = str(error) if isinstance(error, SuspiciousOperation) else type(error).__name__
            is_away = isinstance(error, requests.ConnectionError | requests.Timeout)
            return self._refused(told, is_away=is_away)
        finally:
            _places.release()

    def login_success(self) -> HttpResponse:
        """Sign in, and note when the person gave the password at the service."""
        before = self.request.user
        if before.is_authenticated and before != self.user:
            # Django ends another user's session without a word: the access log has its line so.
            logout(self.request)
        response = cast(HttpResponse, super().login_success())
        vouched(self.request, getattr(self.request, "single_sign_on_at", None))
        if self.request.session.pop(_AGAIN, False) and not vouched_lately(self.request):
            said = _(
                "Nothing can be changed yet: the sign-in service does not say that it asked for "
                "your password just now. Sign out there and try again; if it fails again, ask your "
                "administrator for a temporary password."
            )
            messages.error(self.request, said)
        return response

    def login_failure(self) -> HttpResponse:
        """Refuse: the service or this site has no account that may sign in."""
        told = getattr(self.request, "single_sign_on_reason", "no account that may sign in")
        return self._refused(told)

    @property
    def success_url(self) -> str:
        """The page asked for before, or where this user's work begins."""
        return self._page_asked_for() or reverse(home(self.user))

    def _page_asked_for(self) -> str:
        """Once: it may lead to the service again, and must not do so without an end."""
        return self.request.session.pop("oidc_login_next", None) or ""

    def _refused(self, reason: str, *, is_away: bool = False) -> HttpResponse:
        """Say so on the page asked for, where somebody is signed in, else on the sign-in page."""
        user = self.request.user if isinstance(self.request.user, User) else None
        detail: dict[str, object] = {"method": "single sign-on", "reason": visible(reason)[:200]}
        if username := getattr(self.request, "single_sign_on_username", ""):
            detail["username"] = visible(username)[:150]
        actions.log_event(
            by=user,
            action=AuditEvent.Action.SIGN_IN_FAILED,
            origin=origin(self.request),
            detail=detail,
        )
        messages.error(self.request, self._said(is_away=is_away, is_signed_in=user is not None))
        asked_for = self._page_asked_for()
        if user is not None:
            return redirect(asked_for or home(user))
        return redirect_to_login(asked_for) if asked_for else redirect("sign-in")

    def _said(self, *, is_away: bool, is_signed_in: bool) -> str:
        if is_away:
            return _("The sign-in service does not answer. Try again in a moment.")
        if is_signed_in:
            return _(
                "You are still signed in, and nothing was changed: the sign-in service did not "
                "confirm that it is you. Try again, or ask your administrator."
            )
        if self.request.GET.get("error"):
            return _(
                "Not signed in: it was cancelled or refused at the sign-in service. Try again. If "
                "you should have access, ask your administrator for an account."
            )
        return _("Not signed in. If you should have access, ask your administrator for an account.")
