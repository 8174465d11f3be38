"""Which of a patient's identifiers is the hospital number, as the site configured it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from scoring.entry.characters import refused_character
from scoring.entry.folding import normalised_hospital_number
from scoring.laboratory.message import Segment
from scoring.laboratory.reasons import Refusal, RefusedError

_LONGEST_NUMBER = 32
# What stands in a field whose value was taken away.
_DELETED = '""'


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a site configures: which identifier is its hospital number, its codes, its time zone.

    ``authority`` is CX.4 and ``identifier_type`` CX.5 of the identifier; "" does not ask for it.
    """

    zone: tzinfo
    authority: str = ""
    identifier_type: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


def hospital_number(segment: Segment, place: int, rules: Rules) -> str:
    """The identifier of a field that the site configured; never just the first.

    Raises RefusedError.
    """
    given = [each for each in segment.repetitions(place) if each[0] not in {"", _DELETED}]
    if not given:
        raise RefusedError(Refusal.PATIENT_MISSING, segment=segment.name)
    numbers = {each[0] for each in given if _fits(each, rules)}
    if len(numbers) != 1:
        raise RefusedError(Refusal.PATIENT_NOT_CHOSEN, segment.text(place)[:200], segment.name)
    number = normalised_hospital_number(numbers.pop())
    if not number or len(number) > _LONGEST_NUMBER or refused_character(number):
        raise RefusedError(Refusal.PATIENT_NUMBER, number[:40], segment.name)
    return number


def _fits(identifier: list[str], rules: Rules) -> bool:
    _number, _digit, _scheme, authority, kind, *_rest = [*identifier, "", "", "", ""]
    is_ours = not rules.authority or rules.authority in authority.split("&")
    return is_ours and rules.identifier_type in {"", kind}
