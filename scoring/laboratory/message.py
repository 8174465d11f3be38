"""A message taken apart: header, patients, orders, results. Nothing is judged here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import hl7

from scoring.laboratory.charset import Decoded
from scoring.laboratory.reasons import Refusal, RefusedError

# No report has so many fields and components.
_MOST_PARTS = 100_000


class Segment:
    """One segment; fields are counted from 1, as the standard does."""

    def __init__(self, parsed: Any) -> None:
        self._fields = parsed
        self.name = str(parsed[0])

    def text(self, number: int) -> str:
        """A field whole, as it stands there."""
        return str(self._fields[number]).strip() if number < len(self._fields) else ""

    def repetitions(self, number: int) -> list[list[str]]:
        """The components of each repetition of a field, with escapes read; none of an empty one."""
        if number >= len(self._fields):
            return []
        found = [self._components(each) for each in self._fields[number]]
        return [components for components in found if any(components)]

    def components(self, number: int) -> list[str]:
        """The components of the first repetition of a field."""
        repeated = self.repetitions(number)
        return repeated[0] if repeated else []

    def component(self, number: int, place: int = 1) -> str:
        """One component of the first repetition, "" where there is none."""
        components = self.components(number)
        return components[place - 1] if place <= len(components) else ""

    def _components(self, repetition: Any) -> list[str]:
        parts = [repetition] if isinstance(repetition, str) else list(repetition)
        return [self._unescaped(str(part)).strip() for part in parts]

    def _unescaped(self, text: str) -> str:
        r"""The text with ``\S\`` and the like read.

        Not by the library: it doesn't read back what it makes of Chinese characters
        (findings/python-hl7-escapes-chinese.sh).
        """
        _end, field_, repetition, component, part = self._fields.separators
        escape = self._fields.esc
        if escape not in text:
            return text
        plain = {"F": field_, "R": repetition, "S": component, "T": part, "E": escape}
        escaped = re.compile("{0}([FRSTE]){0}".format(re.escape(escape)))
        return escaped.sub(lambda found: plain[found[1]], text)


@dataclass
class Order:
    """An order with its results, and the specimens named after them."""

    header: Segment
    results: list[Segment] = field(default_factory=list)
    specimens: list[Segment] = field(default_factory=list)


@dataclass
class PatientResults:
    """A patient with orders."""

    patient: Segment
    orders: list[Order] = field(default_factory=list)


@dataclass
class Message:
    """An ORU^R01; ``patients`` may be several."""

    header: Segment
    patients: list[PatientResults]


def segments(decoded: Decoded) -> list[Segment]:
    """The segments of a message. Raises RefusedError where it is none."""
    # The library makes an object of each part.
    if sum(map(decoded.text.count, decoded.text[3:8])) > _MOST_PARTS:
        raise RefusedError(Refusal.NOT_HL7)
    try:
        parsed = hl7.parse(decoded.text)
    # The library raises what its code meets: IndexError, AssertionError, ParseException.
    except Exception as reason:
        raise RefusedError(Refusal.NOT_HL7) from reason
    found = [Segment(each) for each in parsed if len(each) > 1]
    if not found or found[0].name != "MSH" or len(found[0].text(2)) < 2:
        raise RefusedError(Refusal.NOT_HL7)
    if any(each.name == "MSH" for each in found[1:]):
        # Two messages in one frame would get one answer.
        raise RefusedError(Refusal.NOT_HL7)
    return found


def taken_apart(found: list[Segment]) -> Message:
    """The message that these segments make. Raises RefusedError for one out of place."""
    return Message(found[0], list(_patients(found[1:])))


def _patients(found: list[Segment]) -> Iterator[PatientResults]:
    current: PatientResults | None = None
    for segment in found:
        if segment.name == "PID":
            if current is not None:
                yield current
            current = PatientResults(segment)
        elif segment.name in {"OBR", "OBX", "SPM"}:
            if current is None:
                raise RefusedError(Refusal.PATIENT_MISSING, segment="PID")
            _add(current, segment)
    if current is not None:
        yield current


def _add(current: PatientResults, segment: Segment) -> None:
    if segment.name == "OBR":
        current.orders.append(Order(segment))
        return
    if not current.orders:
        raise RefusedError(Refusal.NOT_HL7, segment=segment.name)
    order = current.orders[-1]
    if segment.name == "SPM":
        order.specimens.append(segment)
    elif not order.specimens:
        order.results.append(segment)
    # An OBX after an SPM describes the specimen.
