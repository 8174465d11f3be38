"""Anchors: what is kept of the access log's last seal where nobody who alters the log has rights.

An anchor is one word: number and digest of a seal, how many lines there were by then, when it was
sealed, and a signature with the site's key over all of that. Whoever can write to the database
alone can't make one.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.signing import BadSignature, Signer

from scoring.models import AuditSeal

_FORM = re.compile(
    r"([0-9]{1,18}):([0-9a-f]{64})(?::([0-9]{1,18}):([0-9]{8}T[0-9]{6}Z):[\w-]+)?", re.ASCII
)
_TIME = "%Y%m%dT%H%M%SZ"


class NoAnchorError(ValueError):
    """A text that has not the form of an anchor."""


class ForgedAnchorError(ValueError):
    """An anchor that was not signed with this site's key."""


@dataclass(frozen=True)
class Anchor:
    """A seal as it was written down outside of the database.

    ``events_total`` counts the lines of this seal and of all before it. It and the time are None
    where number and digest alone were written down.
    """

    number: int
    digest: str
    events_total: int | None = None
    sealed_at: datetime | None = None

    @classmethod
    def read(cls, text: str) -> "Anchor":
        """Raises NoAnchorError and ForgedAnchorError."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise NoAnchorError(text)
        number, digest, total, at = found.groups()
        if total is None:
            return cls(int(number), digest)
        try:
            _signer().unsign(text.strip())
        except BadSignature as error:
            raise ForgedAnchorError(text) from error
        sealed_at = datetime.strptime(at, _TIME).replace(tzinfo=UTC)
        return cls(int(number), digest, int(total), sealed_at)


def signed_anchor(seal: AuditSeal) -> str:
    """The anchor of a seal."""
    at = seal.sealed_at.astimezone(UTC).strftime(_TIME)
    return _signer().sign(f"{seal}:{seal.events_total}:{at}")


def _signer() -> Signer:
    return Signer(salt="scoring.log-anchor")
