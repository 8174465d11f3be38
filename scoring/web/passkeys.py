"""Passkeys of the own account: added, removed; and what the browser is asked at sign-in.

A page carries the question to the browser, with a challenge that the session keeps; the form that
brings the answer takes the challenge out of it, so that each serves once.
"""

import json
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from scoring import actions, queries
from scoring.actions import RelyingParty
from scoring.forms.passkeys import PasskeyForm, PasskeyNameForm
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import Passkey, User
from scoring.web.confirmation import (
    asks_password,
    confirm,
    password_page,
    sent,
    set_up_page,
    sign_in_again,
    status_of,
)
from scoring.web.gate import for_everybody, second_factor_is_compulsory
from scoring.words.marks import listed

# A challenge waits so long for its answer, in the session alone.
_SECONDS = 10 * 60
_NEW, _ASKED = "passkey_new", "passkey_asked"


def hindrance(request: HttpRequest) -> str:
    """Why no browser offers passkeys at this address; "" where it does."""
    domain, port = split_domain_port(request.get_host())
    if _is_number(domain):
        if request.is_secure() or not _is_this_computer(domain):
            return _("Passkeys need the site's host name: its address is a number here.")
        return _("Passkeys need a host name. Open the site as %(address)s instead.") % {
            "address": f"http://localhost:{port}" if port else "http://localhost"
        }
    if not request.is_secure() and domain != "localhost":
        return _("Passkeys need a connection with TLS (https).")
    return ""


def _is_number(domain: str) -> bool:
    try:
        ip_address(domain.strip("[]"))
    except ValueError:
        return False
    return True


def _is_this_computer(domain: str) -> bool:
    return ip_address(domain.strip("[]")).is_loopback


def _party(request: HttpRequest) -> RelyingParty:
    """The site as the browser sees it; a server in front may have changed the port."""
    own = f"{request.scheme}://{request.get_host()}"
    return RelyingParty(
        host=split_domain_port(request.get_host())[0],
        origins=frozenset({own, *settings.CSRF_TRUSTED_ORIGINS}),
    )


@dataclass(frozen=True)
class AskedPasskey:
    """What the sign-in page says of passkeys: the question for the browser, or why there is none.

    ``elsewhere`` are the hosts whose passkeys the user has, where there are none for this one.
    """

    options: str = ""
    hindrance: str = ""
    elsewhere: str = ""


def asked_for(request: HttpRequest, user: User) -> AskedPasskey | None:
    """The question of this page; None for a user without passkeys."""
    request.session.pop(_ASKED, None)
    own = queries.passkeys(user)
    if not own:
        return None
    if hindered := hindrance(request):
        return AskedPasskey(hindrance=hindered)
    question = actions.ask_for_passkey(by=user, party=_party(request))
    if question is None:
        return AskedPasskey(elsewhere=listed(sorted({one.host for one in own})))
    options, challenge = question
    _keep(request, _ASKED, {"challenge": challenge})
    return AskedPasskey(options=json.dumps(options))


def used(request: HttpRequest, user: User, answer: dict[str, Any]) -> Device | None:
    """The passkey that answered the question of the page before, if it did."""
    kept = _taken(request, _ASKED) or {}
    return actions.pass_by_passkey(
        by=user,
        party=_party(request),
        challenge=kept.get("challenge"),
        answer=answer,
        origin=origin(request),
    )


@get_or_post
@for_everybody
def passkey_add(request: HttpRequest) -> HttpResponse:
    """A new passkey: its name and the password first, then the browser makes it."""
    user = actor(request)
    if hindered := hindrance(request):
        return render(request, "scoring/passkey_name.html", {"hindrance": hindered})
    kept = _taken(request, _NEW)
    if "passkey" in request.POST and kept is not None:
        return _added(request, user, kept)
    asks = asks_password(request)
    if asks and (again := sign_in_again(request, user)):
        return again
    form = PasskeyNameForm(sent(request), request=request, user=user, asks_password=asks)
    if not form.is_valid():
        page = "scoring/passkey_name.html"
        return render(request, page, {"form": form}, status=status_of(form))
    kept = {"name": form.cleaned_data["name"], "at": int(time.time())}
    return _make_page(request, user, kept, PasskeyForm())


def _added(request: HttpRequest, user: User, kept: dict[str, Any]) -> HttpResponse:
    form = PasskeyForm(request.POST)
    if form.is_valid():
        done = actions.add_passkey(
            by=user,
            name=kept["name"],
            party=_party(request),
            challenge=kept["challenge"],
            answer=form.cleaned_data["passkey"],
            origin=origin(request),
        )
        if done is not None:
            passkey, codes = done
            confirm(request, passkey)
            said = _("The passkey “%(name)s” was added.") % {"name": passkey.name}
            return set_up_page(request, codes, said)
        form.add_error("passkey", _("this passkey was not accepted. Try again."))
    return _make_page(request, user, kept, form)


def _make_page(
    request: HttpRequest, user: User, kept: dict[str, Any], form: PasskeyForm
) -> HttpResponse:
    """The page on which the browser makes it; each try has a challenge of its own."""
    options, challenge = actions.ask_for_new_passkey(by=user, party=_party(request))
    _keep(request, _NEW, kept | {"challenge": challenge})
    context = {"form": form, "name": kept["name"], "options": json.dumps(options)}
    return render(request, "scoring/passkey_add.html", context, status=status_of(form))


@get_or_post
@for_everybody
def passkey_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove one, where another factor is left or no role needs one."""
    user = actor(request)
    passkey = Passkey.objects.filter(user=user, uuid=pk).first()
    if passkey is None:
        raise Http404
    app = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    others = [app] if app else [one for one in queries.passkeys(user) if one != passkey]
    if not others and second_factor_is_compulsory(user):
        return redirect("account")
    page = "scoring/passkey_remove.html"
    if asked := password_page(request, user, page, passkey=passkey, is_last=not others):
        return asked
    actions.remove_passkey(by=user, passkey=passkey, origin=origin(request))
    messages.success(request, _("The passkey “%(name)s” was removed.") % {"name": passkey.name})
    if others:
        # The session may have been confirmed by the passkey that is gone now.
        confirm(request, others[0])
    return redirect("account")


def _keep(request: HttpRequest, key: str, kept: dict[str, Any]) -> None:
    request.session[key] = {"at": int(time.time()), **kept}


def _taken(request: HttpRequest, key: str) -> dict[str, Any] | None:
    """What a session kept some minutes ago, once."""
    kept: dict[str, Any] | None = request.session.pop(key, None)
    if kept is None or time.time() - kept["at"] >= _SECONDS:
        return None
    return kept
