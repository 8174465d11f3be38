"""How and when the user of a session signed in."""

import time

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest

BEGAN = "began"
ACTIVE = "active"
# For so long after signing in, nobody is asked for the password once more.
FRESH_SECONDS = 5 * 60
_VOUCHED = "vouched"
SINGLE_SIGN_ON = "scoring.web.single_sign_on.SingleSignOnBackend"


def signed_in_elsewhere(request: HttpRequest) -> bool:
    """Whether the hospital's sign-in service vouched for the user, and no password of ours did."""
    return bool(request.session.get(BACKEND_SESSION_KEY) == SINGLE_SIGN_ON)


def signed_in_lately(request: HttpRequest) -> bool:
    """Whether the user signed in some minutes ago at most."""
    return bool(time.time() - request.session.get(BEGAN, 0) < FRESH_SECONDS)


def vouched(request: HttpRequest, at: object) -> None:
    """Note when, in Unix time, the user gave the password at the sign-in service, if it says so."""
    if isinstance(at, int | float):
        request.session[_VOUCHED] = int(min(at, time.time()))
    else:
        request.session.pop(_VOUCHED, None)


def vouched_lately(request: HttpRequest) -> bool:
    """Whether the user gave the password at the service some minutes ago at most."""
    return bool(time.time() - request.session.get(_VOUCHED, 0) < FRESH_SECONDS)
