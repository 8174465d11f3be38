"""Who calls by CDS Hooks: a client of the hospital, by a token that it signed for this one call."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import actions
from scoring.http.problems import Problem

# What the specification recommends, with the kind of key. "none" and keys that both sides share
# are never taken.
ALGORITHMS = {"RS384": "RSA", "ES384": "EC"}
# The clocks of two servers differ.
_LEEWAY = timedelta(seconds=60)
# Used tokens are kept until they expire, so that none is used twice.
_LONGEST = timedelta(hours=1)
_ID = re.compile(r"[\x21-\x7e]{1,200}")
_NEEDED = ["iss", "aud", "exp", "iat", "jti"]


@dataclass(frozen=True)
class CdsClient:
    """A client by its issuer; ``hospital_numbers`` is the system of patients' numbers, or ""."""

    issuer: str
    name: str
    hospital_numbers: str


def cds_client(request: HttpRequest, url: str) -> CdsClient:
    """The client whose token came with the request; ``url`` is what the token must be for.

    Raises Problem: 401. It doesn't say why a token is not taken, so that issuers can't be probed.
    """
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise jwt.InvalidTokenError("no_token")
        claims = _claims(token.strip(), url)
        _check_first_use(claims, _expiry(claims))
    except (jwt.PyJWTError, ValueError, OverflowError, TypeError) as error:
        reason = _reason(error)
        issuer = _known_issuer(token.strip()) if reason != "no_token" else ""
        actions.note_refusal(issuer=issuer, reason=reason, now=timezone.now())
        said = _("A token for this address is needed, signed by a client that this site knows.")
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(401, "token", said, headers=headers) from error
    issuer = claims["iss"]
    known = settings.CDS_CLIENTS[issuer]
    return CdsClient(issuer, known["name"], known["hospital_numbers"])


# The first that fits counts; what stands in _OWN is told by this module itself.
_REASONS: dict[type[Exception], str] = {
    jwt.InvalidSignatureError: "signature",
    jwt.InvalidAudienceError: "audience",
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "not_yet",
    jwt.MissingRequiredClaimError: "claim",
}
_OWN = {"no_token", "issuer", "key", "too_long", "jti", "used"}


def _reason(error: Exception) -> str:
    """A code of ``scoring.words.cds_hooks``: shown to administrators, and not to the caller."""
    if str(error) in _OWN:
        return str(error)
    return next((code for kind, code in _REASONS.items() if isinstance(error, kind)), "unreadable")


def _known_issuer(token: str) -> str:
    """The client that the token names, whoever signed it; "" where the site knows none."""
    try:
        named = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError):
        return ""
    return named if isinstance(named, str) and named in settings.CDS_CLIENTS else ""


def _claims(token: str, url: str) -> dict[str, Any]:
    """What the token says, after its signature was checked with the key that it names."""
    header = jwt.get_unverified_header(token)
    unchecked = jwt.decode(token, options={"verify_signature": False})
    issuer, algorithm = unchecked.get("iss"), str(header.get("alg"))
    client = settings.CDS_CLIENTS.get(issuer) if isinstance(issuer, str) else None
    key = client and client["keys"].get(header.get("kid"))
    if not key or ALGORITHMS.get(algorithm) != key["kty"]:
        raise jwt.InvalidTokenError("key" if client else "issuer")
    claims: dict[str, Any] = jwt.decode(
        token,
        # The algorithm is named: PyJWT takes an RSA key without one for RS256 and refuses RS384.
        jwt.PyJWK(key, algorithm=algorithm),
        algorithms=[algorithm],
        audience=url,
        issuer=issuer,
        leeway=_LEEWAY,
        options={"require": _NEEDED},
    )
    return claims


def _expiry(claims: dict[str, Any]) -> datetime:
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    if expires_at > timezone.now() + _LONGEST + _LEEWAY:
        raise jwt.InvalidTokenError("too_long")
    return expires_at


def _check_first_use(claims: dict[str, Any], expires_at: datetime) -> None:
    identifier = claims["jti"]
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        raise jwt.InvalidTokenError("jti")
    is_first = actions.use_token(
        issuer=claims["iss"],
        identifier=identifier,
        expires_at=expires_at + _LEEWAY,
        now=timezone.now(),
    )
    if not is_first:
        raise jwt.InvalidTokenError("used")
