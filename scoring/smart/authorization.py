"""The request to sign in at the server, and the token for the code that comes back."""

import json
import re
import secrets
import time
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

import jwt
import requests
from requests.auth import AuthBase

from scoring.smart import scopes
from scoring.smart.addresses import with_query
from scoring.smart.discovery import Configuration
from scoring.smart.fetching import Fetcher
from scoring.smart.servers import Server
from scoring.smart.trouble import SmartError, Trouble

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# An assertion is used at once; five minutes are the most that is allowed.
_ASSERTION_SECONDS = 120
_ERROR = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,60}")


@dataclass(frozen=True)
class Request:
    """What a launch has to remember until its code comes: kept in the session, on the server.

    ``state`` (256 bits) ties the answer to the session; ``verifier`` is the secret of PKCE.
    """

    base: str
    token_endpoint: str
    redirect_uri: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Grant:
    """The token, and the ID of the patient whose chart is open there."""

    token: str = field(repr=False)
    patient: str = field(repr=False)
    may_search: bool


def begun(base: str, known: Configuration, redirect_uri: str) -> Request:
    """A new request with secrets of its own."""
    return Request(
        base=base,
        token_endpoint=known.token_endpoint,
        redirect_uri=redirect_uri,
        state=secrets.token_urlsafe(32),
        # Letters, digits, "-" and "_": RFC 7636 allows no others.
        verifier=secrets.token_urlsafe(48),
    )


def address_of(request: Request, server: Server, known: Configuration, launch: str) -> str:
    """Where the browser is led; ``launch`` is the server's token, "" when launched from here."""
    digest = sha256(request.verifier.encode()).digest()
    parameters = {
        "response_type": "code",
        "client_id": server.client_id,
        "redirect_uri": request.redirect_uri,
        "scope": scopes.asked_for(has_scopes_v2=known.has_scopes_v2, is_ehr_launch=bool(launch)),
        "state": request.state,
        "aud": request.base,
        "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if launch:
        parameters["launch"] = launch
    return with_query(known.authorization_endpoint, parameters)


def granted(request: Request, server: Server, code: str, fetcher: Fetcher) -> Grant:
    """The token for a code. Raises SmartError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": request.redirect_uri,
        "code_verifier": request.verifier,
    }
    auth: AuthBase | None = None
    if server.key is not None:
        form["client_assertion_type"] = _ASSERTION
        form["client_assertion"] = _assertion(server, request.token_endpoint)
    elif server.secret:
        auth = _Basic(server.client_id, server.secret)
    else:
        form["client_id"] = server.client_id
    status, answer = fetcher.post(request.token_endpoint, form, auth)
    if status != requests.codes.ok:
        raise SmartError(Trouble.CODE_REFUSED, error_code(answer.get("error")) or f"HTTP {status}")
    return _checked(answer)


def error_code(told: object) -> str:
    """The error that a server names, as OAuth has it; "" for anything else."""
    return told if isinstance(told, str) and _ERROR.fullmatch(told) else ""


class _Basic(AuthBase):
    """client_secret_basic: RFC 6749 has both form-encoded first, which requests leaves out."""

    def __init__(self, client_id: str, secret: str) -> None:
        self._pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Basic {b64encode(self._pair.encode()).decode()}"
        return request


def _assertion(server: Server, token_endpoint: str) -> str:
    """What proves that the request is ours, for this endpoint and once."""
    if server.key is None:
        raise TypeError("a server without a key")
    claims = {
        "iss": server.client_id,
        "sub": server.client_id,
        "aud": token_endpoint,
        "exp": int(time.time()) + _ASSERTION_SECONDS,
        "jti": secrets.token_urlsafe(32),
    }
    headers = {"kid": server.key.key_id}
    return jwt.encode(claims, server.key.key, algorithm=server.key.algorithm, headers=headers)


def app_context(patient: str) -> str:
    """What a card of CDS Hooks gives a launch from it; it comes back beside the token."""
    return json.dumps({"patient": patient})


def _patient_of_card(context: object) -> str:
    """The patient of the card that was opened; "" where the launch came from elsewhere."""
    try:
        told = json.loads(context) if isinstance(context, str) else None
    except ValueError:
        return ""
    patient = told.get("patient") if isinstance(told, dict) else None
    return patient if isinstance(patient, str) else ""


def _checked(answer: dict[str, object]) -> Grant:
    token, kind, patient = (answer.get(name) for name in ("access_token", "token_type", "patient"))
    if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
        raise SmartError(Trouble.BAD_ANSWER, "no access_token")
    if not isinstance(kind, str) or kind.casefold() != "bearer":
        raise SmartError(Trouble.BAD_ANSWER, "token_type")
    if not isinstance(answer.get("need_patient_banner", True), bool):
        raise SmartError(Trouble.BAD_ANSWER, "need_patient_banner")
    if not isinstance(patient, str) or not re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", patient):
        raise SmartError(Trouble.NO_PATIENT)
    if _patient_of_card(answer.get("appContext")) not in {"", patient}:
        raise SmartError(Trouble.OTHER_CARD)
    scope = answer.get("scope")
    given = scope.split() if isinstance(scope, str) else []
    if not scopes.may(given, "Patient", "r"):
        raise SmartError(Trouble.SCOPE_PATIENT)
    return Grant(token, patient, may_search=scopes.may(given, "Observation", "s"))
