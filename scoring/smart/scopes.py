"""What is asked for, and whether what was granted is enough (section "Scopes and Launch Context").

A scope of version 2 names letters (.rs), one of version 1 a word (.read). What a server grants may
be of the other version, wider, or narrower than what was asked for.
"""

import re
from collections.abc import Iterable

_SCOPE = re.compile(
    r"(?:patient|user)/(\*|[A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)(?:\?\S*)?", re.ASCII
)
_WORDS = {"read": "rs", "write": "cud", "*": "cruds"}


def asked_for(*, has_scopes_v2: bool, is_ehr_launch: bool) -> str:
    """The scopes of the authorization request."""
    context = "launch" if is_ehr_launch else "launch/patient"
    patient, observation = ("r", "rs") if has_scopes_v2 else ("read", "read")
    return f"{context} patient/Patient.{patient} patient/Observation.{observation}"


def may(granted: Iterable[str], kind: str, letter: str) -> bool:
    """Whether resources of this kind may be read (r) or searched for (s).

    A scope that is limited to some of them counts: a server may leave out any of them anyway.
    """
    for scope in granted:
        found = _SCOPE.fullmatch(scope)
        if found and found[1] in {kind, "*"} and letter in _WORDS.get(found[2], found[2]):
            return True
    return False
