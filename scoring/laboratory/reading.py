"""What a message says of the predictors of the model, each result with its reason if unusable."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from scoring.laboratory.charset import decoded
from scoring.laboratory.codes import Item, item_of
from scoring.laboratory.header import Header, check_header, header_of, is_merge, rough_header
from scoring.laboratory.identifiers import Rules, hospital_number
from scoring.laboratory.merges import MergedNumber, merged_numbers
from scoring.laboratory.message import (
    Message,
    Order,
    PatientResults,
    Segment,
    segments,
    taken_apart,
)
from scoring.laboratory.reasons import Refusal, RefusedError, Unusable
from scoring.laboratory.times import read_time, taken
from scoring.laboratory.values import UnusableError, check_specimen, checked_value
from scoring.nomogram.rong2025.model import CHLORIDE

# HL7 table 0085. A model computes from the first; the others take back what was sent before.
FINAL = frozenset("FCAV")
WITHDRAWN = frozenset("DWX")
# PID-3.
_PATIENT_ID = 3


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One result of one patient; ``value`` is None where ``unusable`` says why it can't be read.

    ``field`` is that of the predictor. ``order`` and ``sub_id`` tell it from others of the same
    patient and predictor.
    """

    hospital_number: str
    birth_date: date | None
    field: str
    site: str
    value: Decimal | None
    value_text: str
    unit: str
    range_text: str
    taken_on: date | None
    taken_at: datetime | None
    device: str
    code: str
    status: str
    order: str
    sub_id: str
    unusable: Unusable | None


class WithdrawnOrder(NamedTuple):
    """An order that was taken back as a whole, with the status that says so."""

    hospital_number: str
    order: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Received:
    """A message as it was understood: its results, the numbers it merges, or why it is refused."""

    header: Header
    codec: str
    readings: tuple[Reading, ...] = ()
    withdrawn: tuple[WithdrawnOrder, ...] = ()
    merged: tuple[MergedNumber, ...] = ()
    refused: RefusedError | None = None


def received(raw: bytes, rules: Rules) -> Received:
    """Read a message. Nothing is raised for what stands in it."""
    header: Header | None = None
    codec = "ascii"
    try:
        text = decoded(raw)
        found = segments(text)
        header, codec = header_of(found[0]), text.codec
        if "\x00" in text.text:
            raise RefusedError(Refusal.NULL_CHARACTER)
        check_header(found[0])
        if is_merge(found[0]):
            merged = tuple(merged_numbers(found, rules))
            return Received(header=header, codec=codec, merged=merged)
        message = taken_apart(found)
        readings, withdrawn = _understood(message, rules)
    except RefusedError as error:
        return Received(header=header or rough_header(raw), codec=codec, refused=error)
    return Received(
        header=header, codec=codec, readings=tuple(readings), withdrawn=tuple(withdrawn)
    )


def _understood(message: Message, rules: Rules) -> tuple[list[Reading], list[WithdrawnOrder]]:
    if not message.patients:
        raise RefusedError(Refusal.PATIENT_MISSING, segment="PID")
    readings: list[Reading] = []
    withdrawn: list[WithdrawnOrder] = []
    for patient in message.patients:
        number = hospital_number(patient.patient, _PATIENT_ID, rules)
        for order in patient.orders:
            readings += _readings(message, patient, number, order, rules)
            if _is_withdrawn(order):
                status = order.header.text(25)
                withdrawn.append(WithdrawnOrder(number, _order_key(order), status))
    if not readings and not withdrawn:
        raise _nothing_known(message)
    return readings, withdrawn


def _nothing_known(message: Message) -> RefusedError:
    results = [r for p in message.patients for order in p.orders for r in order.results]
    if not results:
        return RefusedError(Refusal.NO_RESULTS, segment="OBX")
    codes = dict.fromkeys(result.text(3) or result.text(4) for result in results)
    return RefusedError(Refusal.UNKNOWN_CODE, ", ".join([*codes][:5])[:200], "OBX")


def _readings(
    message: Message, patient: PatientResults, number: str, order: Order, rules: Rules
) -> Iterator[Reading]:
    birth_date = read_time(patient.patient.component(7), rules.zone).on
    # OBR-7 is when the specimen was taken.
    ordered = order.header.component(7)
    for result in order.results:
        item = item_of(_names(result), rules.codes)
        if item is None:
            continue
        status = order.header.text(25) if _is_withdrawn(order) else result.text(11).upper()
        value, unusable = _judged(item, order, result, status)
        when = taken(ordered or result.component(14), rules.zone)
        header = message.header
        yield Reading(
            hospital_number=number,
            birth_date=birth_date,
            field=item.field,
            site=item.site,
            value=value,
            value_text=result.text(5)[:100],
            unit=result.component(6)[:40],
            range_text=result.text(7)[:60],
            taken_on=when.on,
            taken_at=when.at,
            device=(result.component(18) or header.component(3) or header.component(4))[:60],
            code="^".join(result.components(3))[:120] or result.component(4)[:120],
            status=status[:1],
            order=_order_key(order),
            sub_id=result.text(4)[:40] if result.text(3) else "",
            unusable=unusable,
        )


def _names(result: Segment) -> list[str]:
    """All that may name a result: both codes of OBX-3, with their texts, and OBX-4."""
    texts = [*result.components(3), result.component(4)]
    return [text for text in texts if text]


def _judged(
    item: Item, order: Order, result: Segment, status: str
) -> tuple[Decimal | None, Unusable | None]:
    """The value, and why it is not offered."""
    try:
        value: Decimal | None = checked_value(result, item.field)
        why: Unusable | None = None
    except UnusableError as error:
        value, why = None, error.why
    try:
        _check_status(status)
        if item.unusable is not None:
            raise UnusableError(item.unusable)
        if item.field == CHLORIDE.field:
            check_specimen(order, is_needed=item.needs_specimen)
    except UnusableError as error:
        # What the number itself can't mend is said first.
        why = error.why
    return value, why


def _check_status(status: str) -> None:
    if not status:
        raise UnusableError(Unusable.STATUS_MISSING)
    if status in WITHDRAWN:
        raise UnusableError(Unusable.WITHDRAWN)
    if status not in FINAL:
        raise UnusableError(Unusable.NOT_FINAL)


def _is_withdrawn(order: Order) -> bool:
    """D and W are no codes of OBR-25, but senders use them there."""
    return order.header.text(25) in WITHDRAWN


def _order_key(order: Order) -> str:
    """Filler's or placer's number; without, the time: a correction names the same."""
    return (order.header.text(3) or order.header.text(2) or order.header.text(7))[:100]
