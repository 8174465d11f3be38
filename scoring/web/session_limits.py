"""How long a session lasts on a shared computer: idle, and in all.

The server decides. What the page counts (static/scoring/session.js) is a courtesy: it warns a
minute before, and sends along what is typed so that it is kept.
"""

import time
from collections.abc import Callable
from math import ceil
from typing import Any, Literal

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scoring import actions
from scoring.models import User
from scoring.web import drafts
from scoring.web.gate import for_everybody, public
from scoring.web.sessions import ACTIVE, BEGAN

# Activity is written no more often than this: a session is a row in the database.
_GRAIN_SECONDS = 20

Ending = Literal["idle", "session hours"]


@receiver(user_logged_in)
def _begin(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Start both clocks; a sign-in is also when old drafts and readings are removed."""
    request.session[BEGAN] = request.session[ACTIVE] = int(time.time())
    actions.remove_old_drafts()
    actions.remove_old_readings()


def seconds_left(session: SessionBase | dict[str, Any]) -> tuple[int, Ending]:
    """How long the session may still go on, and which of the limits ends it."""
    now = time.time()
    idle = settings.IDLE_SECONDS - (now - session.get(ACTIVE, 0))
    whole = settings.SESSION_COOKIE_AGE - (now - session.get(BEGAN, 0))
    # Rounded up: with nothing left the session has ended.
    return max(0, ceil(min(idle, whole))), "idle" if idle <= whole else "session hours"


class SessionLimitsMiddleware:
    """Ends sessions that are over, before anything is done in them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing yet: the form's origin is checked before anything asks the database."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Sign out a user who was away too long; note the activity of others.

        A form that arrives after its session has ended is kept for its user. One that somebody
        else opened, who was signed in here before, is refused.
        """
        # Programs have no session, and read what they send by themselves.
        if getattr(view, "csrf_exempt", False):
            return None
        # A page that asks how long is left sends its form next: only that request ends the session,
        # so that no other cookie than the one with the kept form comes back. A page that keeps its
        # forms may do so at the same moment.
        signed_out = ""
        if view is draft_keep:
            return None
        if request.user.is_authenticated and view is not session:
            left, ending = seconds_left(request.session)
            if left == 0:
                signed_out = end(request, ending)
            else:
                _note_activity(request.session)
        if request.method == "POST" and view is not session_end:
            if not request.user.is_authenticated and drafts.is_of_somebody(request):
                return redirect(drafts.keep_for_sign_in(request, signed_out))
            if request.user.is_authenticated and drafts.is_of_another(request):
                raise PermissionDenied
        if signed_out:
            messages.info(request, signed_out)
        return None


def _note_activity(session: SessionBase) -> None:
    now = int(time.time())
    if now - session.get(ACTIVE, 0) >= _GRAIN_SECONDS:
        session[ACTIVE] = now


def end(request: HttpRequest, ending: Ending) -> str:
    """Sign out, with the reason in the access log.

    Returns what to tell the user.
    """
    with transaction.atomic():
        # Two windows may find it over at once: one of them ends it, with one line in the log.
        rows = Session.objects.select_for_update().filter(pk=request.session.session_key)
        if rows.first() is None:
            request.session.flush()
            request.user = AnonymousUser()
        else:
            request.signed_out_by = ending  # type: ignore[attr-defined]
            logout(request)
    if ending == "idle":
        minutes = settings.IDLE_SECONDS // 60
        return _(
            "You were signed out: a session ends after %(minutes)s minutes without activity."
        ) % {"minutes": minutes}
    hours = settings.SESSION_COOKIE_AGE // 3600
    return _("You were signed out: a session lasts at most %(hours)s hours.") % {"hours": hours}


def _state(request: HttpRequest) -> JsonResponse:
    left, ending = seconds_left(request.session) if request.user.is_authenticated else (0, "idle")
    signed_in = left > 0
    has_secret = signed_in or settings.CSRF_COOKIE_NAME in request.COOKIES
    return JsonResponse(
        {
            "user": request.user.pk if signed_in else None,
            "seconds_left": left,
            "extendable": ending == "idle",
            # Signing in anew has changed it; forms in other windows go on with the new one, and
            # can be kept with it where the session is over.
            "form_secret": get_token(request) if has_secret else "",
        }
    )


@require_safe
@public
def session(request: HttpRequest) -> HttpResponse:
    """Who is signed in and for how long; asking counts as no activity."""
    return _state(request)


@require_POST
@for_everybody
def session_extend(request: HttpRequest) -> HttpResponse:
    """The user is there: the middleware has noted it."""
    return _state(request)


@require_POST
@public
def session_end(request: HttpRequest) -> HttpResponse:
    """The page's clock has run out: keep what was typed, sign out, say where to sign in."""
    user = request.user
    if user.is_authenticated and str(user.pk) != request.POST.get("signed_in", ""):
        # Somebody else by now: the window shows their worklist and nothing of the form, which is
        # kept for the user who typed it.
        drafts.keep_all(request)
        return JsonResponse({"next": reverse("worklist")})
    signed_out = ""
    if user.is_authenticated:
        signed_out = end(request, seconds_left(request.session)[1])
    return JsonResponse({"next": drafts.keep_for_sign_in(request, signed_out)})


@require_POST
@public
def draft_keep(request: HttpRequest) -> HttpResponse:
    """Keep the forms of a page while they are filled in, each for the user who opened it."""
    drafts.keep_all(request)
    return JsonResponse({})
