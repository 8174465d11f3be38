"""The header of a message: who sent it, what it is, which answers its sender wants."""

import re
from dataclasses import dataclass

from scoring.laboratory.charset import Decoded
from scoring.laboratory.message import Segment, segments
from scoring.laboratory.reasons import Refusal, RefusedError

# The events that are read, by the kind of message.
_MERGE = "ADT"
_EVENTS = {"ORU": {"R01"}, _MERGE: {"A34", "A40"}}


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the answer to a message and its key are made of; "" where nothing can be read."""

    separators: str = "|^~\\&"
    sender: str = ""
    facility: str = ""
    receiver: str = ""
    receiver_facility: str = ""
    sent_at: str = ""
    event: str = "R01"
    control_id: str = ""
    processing: str = "P"
    version: str = "2.3.1"
    accept_answer: str = ""
    application_answer: str = ""
    charset: str = ""

    @property
    def is_enhanced(self) -> bool:
        """Whether the sender asks for the enhanced mode: one of MSH-15 and MSH-16 is valued."""
        return bool(self.accept_answer or self.application_answer)


def header_of(segment: Segment) -> Header:
    """The header as it stands in MSH."""
    return Header(
        separators=segment.text(1) + segment.text(2),
        sender=segment.text(3),
        facility=segment.text(4),
        receiver=segment.text(5),
        receiver_facility=segment.text(6),
        sent_at=segment.text(7),
        event=segment.component(9, 2) or "R01",
        control_id=segment.text(10),
        processing=segment.text(11),
        version=segment.text(12),
        accept_answer=segment.text(15).upper(),
        application_answer=segment.text(16).upper(),
        charset=segment.text(18),
    )


def rough_header(raw: bytes) -> Header:
    """What can be read of the header of a message whose characters can't."""
    text = raw.replace(b"\x00", b"").replace(b"\n", b"\r").decode("ascii", "replace").strip()
    try:
        return header_of(segments(Decoded(text.partition("\r")[0], "ascii"))[0])
    except RefusedError:
        return Header()


def is_merge(segment: Segment) -> bool:
    """Whether a message that is read is about numbers of patients; else it has results."""
    return segment.component(9) == _MERGE


def check_header(segment: Segment) -> None:
    """Raise RefusedError unless it is one that is read: in version 2, from production."""
    kind, event = segment.component(9), segment.component(9, 2)
    if kind not in _EVENTS:
        raise RefusedError(Refusal.MESSAGE_TYPE, kind)
    if event not in _EVENTS[kind]:
        raise RefusedError(Refusal.EVENT, event)
    # Quality control comes as Q (Mindray BC-5150), or as P^LJ and P^XB beside the samples' P^S.
    mode, purpose = segment.component(11), segment.component(11, 2)
    if mode != "P" or purpose not in {"", "T", "S"}:
        raise RefusedError(Refusal.PROCESSING, segment.text(11))
    if not re.fullmatch(r"2(\.\d+)*", segment.component(12)):
        raise RefusedError(Refusal.VERSION, segment.text(12))
    if not segment.text(10):
        raise RefusedError(Refusal.CONTROL_ID_MISSING)
