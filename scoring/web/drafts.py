"""Half-filled forms that are kept while their user signs in again.

They wait in the session of the browser they were typed in, on the server. Only the same user gets
them back, once; a sign-in of anybody else deletes them. The form itself says whose it is and where
it belongs, signed, so that this is known even when its session is gone.
"""

import time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as refuse

from scoring.models import User

# The hidden field by which a form says whose it is.
OWNER_FIELD = "kept_for"
_SALT = "scoring.drafts"
_SESSION_KEY = "drafts"
# As many windows of one browser are remembered.
_MOST = 5
_NOT_KEPT = {OWNER_FIELD, "csrfmiddlewaretoken", "signed_in", "sent"}

Drafts = dict[str, dict[str, Any]]


def owner_mark(user: User, address: str) -> str:
    """What a form carries: its user and its address, signed."""
    return signing.dumps([user.pk, address], salt=_SALT)


def _owner(request: HttpRequest) -> tuple[int, str] | None:
    """Whose form was sent and where it belongs; None where that isn't known for certain."""
    try:
        pk, address = signing.loads(
            request.POST.get(OWNER_FIELD, ""), salt=_SALT, max_age=settings.SESSION_COOKIE_AGE
        )
    except signing.BadSignature:
        return None
    return pk, address


def of_session(session: SessionBase) -> Drafts:
    """All that is kept in a browser."""
    kept: Drafts = session.get(_SESSION_KEY, {})
    return kept


def put_back(session: SessionBase, kept: Drafts) -> None:
    """Keep them in a session that follows another."""
    session[_SESSION_KEY] = dict(list(kept.items())[-_MOST:])


def keep(request: HttpRequest) -> str:
    """Keep the form that was sent; the address it waits at, "" where it is nobody's."""
    owner = _owner(request)
    if owner is None:
        return ""
    user_pk, address = owner
    fields = {
        name: [value.replace("\x00", "") for value in values]
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
    }
    key = uuid4().hex
    draft = {"user": user_pk, "address": address, "fields": fields, "kept_at": int(time.time())}
    put_back(request.session, of_session(request.session) | {key: draft})
    return f"{address}?{urlencode({'draft': key})}"


def is_of_somebody(request: HttpRequest) -> bool:
    """Whether what was sent is a form that can be kept."""
    return _owner(request) is not None


def is_of_another(request: HttpRequest) -> bool:
    """Whether another user opened the form than the one who sends it."""
    owner = _owner(request)
    return owner is not None and owner[0] != request.user.pk


def keep_for_sign_in(request: HttpRequest, signed_out: str = "") -> str:
    """Keep the form that was sent; the sign-in page that leads back to it.

    ``signed_out`` says why the session ended; the page shows both sentences in one message.
    """
    waits_at = keep(request)
    if not waits_at:
        if signed_out:
            messages.info(request, signed_out)
        return reverse("sign-in")
    kept = _("What you typed is kept. Sign in as the same user to continue.")
    messages.warning(request, f"{signed_out} {kept}".strip())
    return f"{reverse('sign-in')}?{urlencode({'next': waits_at})}"


def forget_others(session: SessionBase, user: User) -> None:
    """At a sign-in: delete another user's drafts of this browser."""
    kept = of_session(session)
    mine = {key: draft for key, draft in kept.items() if draft["user"] == user.pk}
    if mine != kept:
        put_back(session, mine)


def taken_back(request: HttpRequest) -> QueryDict | None:
    """What the user typed into this form before; returned once, and the page says so."""
    if request.method != "GET" or "draft" not in request.GET:
        return None
    kept = dict(of_session(request.session))
    draft = kept.pop(request.GET["draft"], None)
    if draft is None or (draft["user"], draft["address"]) != (request.user.pk, request.path):
        return None
    put_back(request.session, kept)
    if time.time() - draft["kept_at"] > settings.SESSION_COOKIE_AGE:
        return None
    messages.warning(
        request, _("What you typed is restored. It is not saved yet: check it and save.")
    )
    typed = QueryDict(mutable=True)
    for name, values in draft["fields"].items():
        typed.setlist(name, values)
    return typed


def fill_in(request: HttpRequest, form: Form) -> None:
    """Show in an empty form what was typed into it before; nothing is judged before it is sent."""
    typed = taken_back(request)
    if typed is not None:
        # Whole, not beside what stood there: a box without a tick is not sent.
        form.initial = typed.dict()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before its user signed in anew is shown again, filled in; others are refused.

    The secret of forms changes at each sign-in, so a window left open has an old one.
    """
    owner = _owner(request) if request.method == "POST" else None
    if owner is None:
        return refuse(request, reason)
    if not request.user.is_authenticated:
        return redirect(keep_for_sign_in(request))
    return refuse(request, reason) if is_of_another(request) else redirect(keep(request))
