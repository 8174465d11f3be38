"""How the user of a session signed in."""

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest

SINGLE_SIGN_ON = "scoring.web.single_sign_on.SingleSignOnBackend"


def signed_in_elsewhere(request: HttpRequest) -> bool:
    """Whether the hospital's sign-in service vouched for the user, and no password of ours did."""
    return bool(request.session.get(BACKEND_SESSION_KEY) == SINGLE_SIGN_ON)
