"""What a hospital says of numbers that it merged: ADT^A40, and A34 of versions before 2.3.1."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scoring.laboratory.identifiers import Rules, hospital_number
from scoring.laboratory.message import Segment
from scoring.laboratory.reasons import Refusal, RefusedError

# PID-3 and MRG-1.
_SURVIVING, _PRIOR = 3, 1


class MergedNumber(NamedTuple):
    """A hospital number that is used no more, and the number of the same patient from now on."""

    prior: str
    surviving: str


def merged_numbers(found: Iterable[Segment], rules: Rules) -> Iterator[MergedNumber]:
    """The numbers merged by a message, each MRG with the PID before it.

    A merge that leaves the hospital number as it is, as one of other identifiers, is left out.
    Raises RefusedError.
    """
    patient: Segment | None = None
    is_complete = False
    for segment in found:
        if segment.name == "PID":
            patient = segment
        elif segment.name == "MRG":
            if patient is None:
                raise RefusedError(Refusal.PATIENT_MISSING, segment="PID")
            is_complete = True
            prior = hospital_number(segment, _PRIOR, rules)
            surviving = hospital_number(patient, _SURVIVING, rules)
            if prior != surviving:
                yield MergedNumber(prior, surviving)
    if not is_complete:
        raise RefusedError(Refusal.MERGE_MISSING, segment="MRG")
