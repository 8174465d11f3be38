"""A user's own sessions: listed under "Your account", the others ended with the password."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from scoring import actions, queries
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import User
from scoring.web.confirmation import password_page
from scoring.web.gate import for_everybody
from scoring.web.session_limits import seconds_left
from scoring.web.sessions import ACTIVE, BEGAN


@dataclass(frozen=True)
class OpenSession:
    """A session that goes on; ``active_at`` is right to some twenty seconds."""

    key: str
    began_at: datetime
    active_at: datetime
    is_this: bool


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """Those of the user who asks, this one first, then the one that was active last."""
    with transaction.atomic():
        found = list(_of(actor(request), request.session.session_key))
    return sorted(found, key=lambda one: (one.is_this, one.active_at), reverse=True)


def _of(user: User, this: str | None) -> Iterator[OpenSession]:
    for key, kept in queries.sessions_of(user):
        # A changed password has ended it otherwise.
        is_valid = kept.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
        if is_valid and seconds_left(kept)[0] > 0:
            began, active = (datetime.fromtimestamp(kept[name], UTC) for name in (BEGAN, ACTIVE))
            yield OpenSession(key, began, active, key == this)


@get_or_post
@for_everybody
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all sessions of the user but this one."""
    user = actor(request)
    others = [one for one in open_sessions(request) if not one.is_this]
    if not others:
        return redirect("account")
    if asked := password_page(request, user, "scoring/sessions_end.html", sessions=others):
        return asked
    keys = [one.key for one in others]
    ended = actions.end_sessions(by=user, keys=keys, origin=origin(request))
    said = ngettext(
        "%(count)s other session was ended.", "%(count)s other sessions were ended.", ended
    )
    messages.success(request, said % {"count": ended})
    return redirect("account")
