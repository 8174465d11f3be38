"""The identity in a Patient that another system sent, as it stands there; nothing is guessed."""

from dataclasses import dataclass
from datetime import date

from scoring.fhir.resource import Resource
from scoring.fhir.sent_observation import birth_date
from scoring.models.patient import Sex

_SEXES = {"female": Sex.FEMALE.value, "male": Sex.MALE.value, "other": Sex.OTHER.value}
# The first of these that a name has; nicknames and former names are none.
_USES = ("official", "usual", "")
_LONGEST_NAME, _LONGEST_NUMBER = 100, 32


@dataclass(frozen=True)
class SentIdentity:
    """What was sent; "" and None for what was not, or can't be told."""

    number: str
    family_name: str
    given_name: str
    birth_date: date | None
    sex: str


def sent_identity(patient: Resource, number_system: str = "") -> SentIdentity:
    """The identity; ``number_system`` is the system of the identifier that is the hospital number.

    Without it the number is the identifier of type MR, or the only one there is.
    """
    family, given = _name(patient)
    return SentIdentity(
        number=_number(patient, number_system),
        family_name=family,
        given_name=given,
        birth_date=birth_date(patient),
        sex=_SEXES.get(_text(patient.get("gender")), ""),
    )


def _number(patient: Resource, system: str) -> str:
    known = [one for one in _objects(patient.get("identifier")) if one.get("use") != "old"]
    if system:
        known = [one for one in known if one.get("system") == system]
    else:
        known = [one for one in known if _is_record_number(one)] or known
    values = {_text(one.get("value")) for one in known} - {""}
    number = values.pop() if len(values) == 1 else ""
    return number if len(number) <= _LONGEST_NUMBER else ""


def _is_record_number(identifier: Resource) -> bool:
    kind = identifier.get("type")
    codes = _objects(kind.get("coding")) if isinstance(kind, dict) else []
    return any(one.get("code") == "MR" for one in codes)


def _name(patient: Resource) -> tuple[str, str]:
    names = _objects(patient.get("name"))
    for use in _USES:
        for name in names:
            if _text(name.get("use")) == use:
                parts = name.get("given")
                given = " ".join(map(_text, parts)) if isinstance(parts, list) else ""
                family = _text(name.get("family"))
                # What is written as one is not taken apart.
                whole = "" if family or given else _text(name.get("text"))
                return (family or whole)[:_LONGEST_NAME], given[:_LONGEST_NAME].strip()
    return "", ""


def _objects(found: object) -> list[Resource]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(found: object) -> str:
    """A text on one line; PostgreSQL takes no null character."""
    return " ".join(found.replace("\x00", "").split()) if isinstance(found, str) else ""
