"""The language of the pages: each user's own, kept with the account.

A cookie carries it, so that pages have it without the database, error pages among them. It comes
with a choice or a sign-in and goes with the session: on a shared computer the sign-in page is in
the language of the browser again.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import BadRequest
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from scoring import actions
from scoring.models import User
from scoring.web import drafts
from scoring.web.access import next_page
from scoring.web.gate import home, public
from scoring.web.uploads import TAKES_A_TABLE

# Addresses that take forms alone, with the page that has the form.
PAGES_OF_FORMS = {
    **dict.fromkeys(TAKES_A_TABLE - {"cohort"}, "cohort"),
    "first-steps-hide": "ward-settings",
    "recalibration-decide": "recalibration-detail",
    "token-create": "connections",
    "user-password-reset": "user-change",
    "ward-add": "ward-settings",
    "ward-give": "ward-settings",
}


class LanguageCookieMiddleware:
    """Sets the cookie, and takes it back where a session ends. Stands before the sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What the request decided; a session that had run out decides, too."""
        response = self.get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        language = getattr(request, "language_kept", None)
        if language is None and session is not None and not session.value:
            language = ""
        if language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        elif language == "" and settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response


def _keep(request: HttpRequest, language: str) -> None:
    request.language_kept = language  # type: ignore[attr-defined]


@receiver(user_logged_in)
def _take_the_users(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """The user's own language; one chosen on the sign-in page becomes it where there is none."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if not user.language and chosen in dict(settings.LANGUAGES):
        actions.choose_language(by=user, language=chosen)
    if user.language in dict(settings.LANGUAGES):
        _keep(request, user.language)


@receiver(user_logged_out)
def _forget(request: HttpRequest, **_kwargs: Any) -> None:
    _keep(request, "")


@require_POST
@public
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, for this user from now on.

    A form that is sent along is kept and opened again, filled in. Several are rows of the worklist,
    which shows them.
    """
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise BadRequest("no language of the site")
    otherwise, kept_at = "sign-in", ""
    if isinstance(request.user, User):
        actions.choose_language(by=request.user, language=chosen)
        otherwise = home(request.user)
        kept_at = drafts.keep(request)
        if drafts.keep_others(request):
            kept_at = reverse("worklist")
    _keep(request, chosen)
    return redirect(kept_at or _page(next_page(request, reverse(otherwise), field="switched_on")))


def _page(address: str) -> str:
    """The address itself, or of the page whose form is sent there."""
    try:
        found = resolve(address.split("?")[0])
    except Resolver404:
        return address
    page = PAGES_OF_FORMS.get(found.url_name or "")
    return address if page is None else reverse(page, kwargs=found.kwargs)
