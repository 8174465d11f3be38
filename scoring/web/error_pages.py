"""Pages for what is not there, not allowed or not understood: with a number, and what was typed.

The number also stands in the site's log. What was typed is shown to be copied, not to be sent
again: whether these values belong here is what the site could not tell.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.forms import Field
from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from scoring.forms.secret_fields import secret_names, seen_fields
from scoring.models import User
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web import drafts
from scoring.web.access import request_number
from scoring.web.gate import page_of_form


class TypedText(NamedTuple):
    """What was typed into a field, under the words that stand beside the field."""

    label: str
    text: str


def without_a_session(request: HttpRequest) -> dict[str, object]:
    """What base.html says where neither session nor database is asked."""
    return {
        "request_number": request_number(request),
        "site_version": settings.VERSION,
        "model": RONG_2025,
    }


def in_language_of(request: HttpRequest) -> AbstractContextManager[None]:
    """The user's language, by the cookie or the browser.

    A request may fail before it is set; the thread then still has that of the request before.
    """
    return translation.override(translation.get_language_from_request(request))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that the user's roles don't open, or a form that another user filled in."""
    if request.method == "POST" and drafts.is_of_another(request):
        return _of_another(request)
    return render(request, "403.html", {"typed": typed(request)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address where there is nothing, or nothing for this user."""
    return render(request, "404.html", {"typed": typed(request)}, status=404)


class MethodMiddleware:
    """Gives a page to an answer that only says "not by this method"; the API says more itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page, with the methods that the view takes in its header."""
        response = self.get_response(request)
        says_more = response.get("Content-Type", "").startswith("application/")
        if response.status_code != 405 or says_more:
            return response
        page = render(request, "405.html", {"typed": typed(request)}, status=405)
        page["Allow"] = response["Allow"]
        return page


def typed(request: HttpRequest) -> list[TypedText]:
    """What the user typed into a form of this site, without secrets.

    Empty for a form that came from elsewhere, or that another user filled in.
    """
    if request.method != "POST" or not _is_of_this_site(request) or drafts.is_of_another(request):
        return []
    fields, secret = seen_fields(), secret_names()
    return [
        TypedText(str(fields[name].label or pretty_name(name)), _chosen(fields[name], text))
        for name, texts in request.POST.lists()
        for text in texts
        if text.strip() and name in fields and name not in secret
    ]


def _chosen(field: Field, text: str) -> str:
    """The words of a choice; whatever else was typed, as it was typed."""
    choices: Any = getattr(field, "choices", ())
    return str(dict(choices).get(text, text))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before its user signed in anew is shown again, filled in; others are refused.

    The secret of forms changes at each sign-in, so a window left open has an old one.
    """
    if request.method == "POST" and drafts.is_of_somebody(request):
        if not request.user.is_authenticated:
            return redirect(drafts.keep_for_sign_in(request))
        if drafts.is_of_another(request):
            return _of_another(request)
        if kept_at := drafts.keep(request):
            return redirect(kept_at)
    if isinstance(request.user, User) and request.path == reverse("sign-in"):
        return _signed_in_before(request, request.user)
    context = {"typed": typed(request), "page": page_of_form(request) or request.path}
    return render(request, "403_csrf.html", context, status=403)


def _signed_in_before(request: HttpRequest, user: User) -> HttpResponse:
    """A sign-in page that stood open in another window while ``user`` signed in: leads on."""
    if request.POST.get("username", "").strip() != user.username:
        said = _("You are not signed in: %(user)s is signed in here. Sign out first.")
        messages.error(request, said % {"user": user})
    return redirect(request.get_full_path())


def _of_another(request: HttpRequest) -> HttpResponse:
    return render(request, "403_csrf.html", {"is_of_another": True}, status=403)


def _is_of_this_site(request: HttpRequest) -> bool:
    """Whether the browser says so: it names the origin of each form that it sends."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
