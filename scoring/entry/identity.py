"""When two identities may be one person, as codes; a form, a command and an import ask by these."""

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scoring.entry.folding import joined

LONGEST_NUMBER = 32
# What stands before the digits, zeros that lead them, and the rest.
_PARTS = re.compile(r"([^0-9]*)0*([0-9].*)", re.DOTALL)


class SamePerson(StrEnum):
    """Why the patient entered may be one on record, the strongest reason first."""

    FORMER_NUMBER = "former_number"
    LEADING_ZEROS = "leading_zeros"
    NAME_AND_BIRTH_DATE = "name_and_birth_date"
    # What the hospital says, not the identities: ``same_person`` doesn't know of it.
    MERGED_NUMBER = "merged_number"


@dataclass(frozen=True)
class Identity:
    """What tells people apart.

    ``number`` is in its one spelling. ``names`` are the spellings that mean the same name, folded
    by ``names_of``; an unknown name has none. ``birth_date`` is None where it is not known.
    """

    number: str
    names: Set[str]
    birth_date: date | None


def names_of(family_name: str, given_name: str) -> frozenset[str]:
    """The name folded, in either order: people exchange the fields, or fill only one."""
    orders = (f"{family_name} {given_name}", f"{given_name} {family_name}")
    return frozenset(map(joined, orders)) - {""}


def zero_variants(number: str) -> frozenset[str]:
    """The other numbers that differ from this one by the zeros that lead its digits alone."""
    found = _PARTS.fullmatch(number)
    if found is None:
        return frozenset()
    before, rest = found.groups()
    room = range(LONGEST_NUMBER - len(before) - len(rest) + 1)
    return frozenset(f"{before}{'0' * zeros}{rest}" for zeros in room) - {number}


def same_person(entered: Identity, now: Identity, *formerly: Identity) -> SamePerson | None:
    """Why ``entered`` may be the patient who is ``now`` and was ``formerly`` on record.

    None where nothing speaks for it. A number that is the patient's now is no question.
    """
    if entered.number != now.number and entered.number in {one.number for one in formerly}:
        return SamePerson.FORMER_NUMBER
    known = (now, *formerly)
    if zero_variants(entered.number) & {one.number for one in known}:
        return SamePerson.LEADING_ZEROS
    names = {name for one in known for name in one.names}
    born = {one.birth_date for one in known} - {None}
    if entered.names & names and entered.birth_date in born:
        return SamePerson.NAME_AND_BIRTH_DATE
    return None
