"""Messages of laboratories: each is kept with its results, or with the reason why it is refused."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.laboratory_results import ResultsOnRecord
from scoring.actions.log import log_event
from scoring.entry import Origin
from scoring.laboratory.header import Header
from scoring.laboratory.identifiers import Rules
from scoring.laboratory.merges import MergedNumber
from scoring.laboratory.reading import FINAL, WITHDRAWN, Reading, Received, received
from scoring.laboratory.reasons import Refusal, RefusedError
from scoring.models import (
    AuditEvent,
    LaboratoryMessage,
    LaboratoryResult,
    MessageState,
    NumberMerge,
    Patient,
    User,
)

# Held while a message is kept, so that of two listeners one waits: any number, always the same.
_LOCK = 16255184
# Statuses that may come for a result which was never sent: the specimen was clotted, for example.
_WITHOUT_PREDECESSOR = frozenset("X")


class Receipt(NamedTuple):
    """What a message is answered with: its header, the encoding, and why it is refused."""

    header: Header
    codec: str
    refused: RefusedError | None


class _Planned(NamedTuple):
    """A result to keep, and what it supersedes: one on record, or one of the same message."""

    result: LaboratoryResult
    supersedes: LaboratoryResult | None


@transaction.atomic
def receive_message(*, by: User | None, raw: bytes, rules: Rules, origin: Origin) -> Receipt:
    """Keep a message with its results and merges, or why it is refused; all that or nothing.

    The same message again gives the same answer and keeps nothing. ``by`` is None: nobody is
    signed in on the line. Raises django.db.Error.
    """
    got = received(raw, rules)
    digest = sha256(raw).hexdigest()
    key = _key(got.header, digest, origin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    taken = queries.message_taken(key)
    if taken is not None and taken.digest == digest:
        return Receipt(got.header, got.codec, None)
    planned: list[_Planned] = []
    refused = got.refused
    if refused is None and taken is not None:
        refused = RefusedError(Refusal.DUPLICATE_KEY, got.header.control_id)
    if refused is None:
        try:
            planned = list(_planned(got))
        except RefusedError as error:
            refused = error
    if refused is None or not queries.was_refused(key, digest, refused.refusal.value):
        message = _kept_message(raw, got, key, digest, refused, origin)
        _keep_results(message, planned)
        merged = _keep_merges(message, got.merged) if refused is None else []
        _log(by, message, planned, merged, origin)
    return Receipt(got.header, got.codec, refused)


def _key(header: Header, digest: str, origin: Origin) -> str:
    """The digest of what names a message: control ids alone are small counters.

    Of a sender that does not say when it sent a message, its content names it, too: a counter that
    begins again names other messages by the same numbers.
    """
    named = (header.sender, header.facility, header.sent_at or digest, header.control_id)
    return sha256("\r".join((origin.address or "", *named)).encode()).hexdigest()


def _kept_message(
    raw: bytes,
    got: Received,
    key: str,
    digest: str,
    refused: RefusedError | None,
    origin: Origin,
) -> LaboratoryMessage:
    header = got.header
    return LaboratoryMessage.objects.create(
        received_at=timezone.now(),
        address=origin.address,
        sender=_storable(header.sender, 180),
        facility=_storable(header.facility, 180),
        control_id=_storable(header.control_id, 199),
        key=key,
        raw=raw,
        codec=got.codec,
        digest=digest,
        state=MessageState.ACCEPTED if refused is None else MessageState.REFUSED,
        reason=refused.refusal.value if refused else "",
        detail=_storable(refused.detail, 200) if refused else "",
    )


def _storable(text: str, longest: int) -> str:
    """PostgreSQL takes no null character."""
    return text.replace("\x00", "")[:longest]


def _planned(got: Received) -> Iterator[_Planned]:
    """The results of a message. Raises RefusedError where nothing is found to withdraw."""
    on_record = _on_record(got)
    for reading in got.readings:
        earlier = on_record.predecessor(reading)
        is_taken_back = reading.status in WITHDRAWN
        if earlier is not None and not is_taken_back and on_record.is_same(reading, earlier):
            continue
        if earlier is None and _must_have_predecessor(reading.status):
            raise RefusedError(Refusal.NOTHING_TO_WITHDRAW, reading.order, "OBX")
        result = _unsaved(reading)
        on_record.replace(earlier, result)
        yield _Planned(result, earlier)
    for withdrawn in got.withdrawn:
        of_order = on_record.of_order(withdrawn)
        if not of_order and _must_have_predecessor(withdrawn.status):
            raise RefusedError(Refusal.NOTHING_TO_WITHDRAW, withdrawn.order, "OBR")
        for earlier in of_order:
            if earlier.status not in WITHDRAWN:
                yield _Planned(_withdrawal(earlier, withdrawn.status), earlier)


def _on_record(got: Received) -> ResultsOnRecord:
    """What the sender said of the patients of a message, under whichever number."""
    named = {reading.hospital_number for reading in got.readings}
    named |= {withdrawn.hospital_number for withdrawn in got.withdrawn}
    numbers = {
        number: surviving
        for surviving in set(queries.surviving_numbers(named).values())
        for number in queries.numbers_of(surviving)
    }
    found = queries.current_results(numbers.keys(), got.header.sender, got.header.facility)
    return ResultsOnRecord(list(found), numbers)


def _must_have_predecessor(status: str) -> bool:
    return status in WITHDRAWN and status not in _WITHOUT_PREDECESSOR


def _unsaved(reading: Reading) -> LaboratoryResult:
    return LaboratoryResult(
        hospital_number=reading.hospital_number,
        birth_date=reading.birth_date,
        predictor=reading.field,
        site=reading.site,
        value=reading.value,
        value_text=_storable(reading.value_text, 100),
        unit=reading.unit,
        range_text=reading.range_text,
        taken_on=reading.taken_on,
        taken_at=reading.taken_at,
        device=reading.device,
        code=reading.code,
        status=reading.status,
        order_number=reading.order,
        sub_id=reading.sub_id,
        unusable=reading.unusable or "",
    )


def _withdrawal(earlier: LaboratoryResult, status: str) -> LaboratoryResult:
    """What takes a result back, where its order alone was named."""
    copied = (
        *("hospital_number", "birth_date", "predictor", "site", "unit", "taken_on", "taken_at"),
        *("device", "code", "order_number", "sub_id"),
    )
    values = {name: getattr(earlier, name) for name in copied}
    return LaboratoryResult(**values, status=status, unusable="withdrawn")


def _keep_results(message: LaboratoryMessage, planned: Sequence[_Planned]) -> None:
    for result, earlier in planned:
        result.message = message
        # Saved by now where it is of the same message.
        result.supersedes = earlier if result.status in FINAL | WITHDRAWN else None
        result.save(force_insert=True)


def _keep_merges(message: LaboratoryMessage, merged: Iterable[MergedNumber]) -> list[MergedNumber]:
    """Keep which numbers were merged; what is on record already is not kept again."""
    kept = []
    for each in merged:
        known = queries.merge_of(each.prior)
        if known is None or known.surviving_number != each.surviving:
            NumberMerge.objects.create(
                message=message, prior_number=each.prior, surviving_number=each.surviving
            )
            kept.append(each)
    return kept


def _log(
    by: User | None,
    message: LaboratoryMessage,
    planned: Sequence[_Planned],
    merged: Sequence[MergedNumber],
    origin: Origin,
) -> None:
    """One line; it names the patient where the message is about one who is on record."""
    numbers = {each.result.hospital_number for each in planned}
    # Whose record has to be corrected.
    numbers |= {each.prior for each in merged}
    patients = Patient.objects.filter(hospital_number__in=numbers) if len(numbers) == 1 else []
    action = AuditEvent.Action
    detail: dict[str, object] = {
        "message": str(message.pk),
        "results": len(planned),
        "refusal": message.reason,
    }
    if merged:
        detail["merged"] = [f"{each.prior} → {each.surviving}" for each in merged]
    log_event(
        by=by,
        action=action.MESSAGE_REFUSED if message.is_refused else action.MESSAGE_RECEIVED,
        origin=origin,
        patient=next(iter(patients), None),
        detail=detail,
    )
