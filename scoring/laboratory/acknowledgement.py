"""The answer to a message: original or enhanced mode, as MSH-15 and MSH-16 of the message ask."""

from datetime import datetime

from scoring.laboratory.header import Header
from scoring.laboratory.reasons import ERRORS, RefusedError

# When an answer is wanted: always, on an error, on success, never.
_ALWAYS, _ERROR, _SUCCESS = "AL", "ER", "SU"
_LONGEST_TEXT, _LONGEST_OLD_TEXT = 200, 80
# ERR has no room for a text in these: it stands in MSA-3.
_OLD = {"2.1", "2.2", "2.3", "2.3.1", "2.4", ""}


def acknowledgement(
    header: Header, *, refused: RefusedError | None, at: datetime, control_id: str
) -> str:
    """The text of the answer, "" where the sender wants none.

    In enhanced mode the accept acknowledgement (CA, CE, CR) is sent where it is wanted, else the
    application acknowledgement (AA, AE, AR): a second answer would be taken for that of the next
    message. ``at`` has a time zone.
    """
    error = ERRORS[refused.refusal] if refused else None
    verdict = "A" if error is None else "R" if error.rejects else "E"
    mode = _mode(header, verdict)
    if not mode:
        return ""
    told = ""
    if refused is not None and error is not None and _is_old(header):
        told = _plain(header, f"{error.text}: {_text(refused)}"[:_LONGEST_OLD_TEXT])
    answer = _joined(header, "MSA", f"{mode}{verdict}", header.control_id, told)
    found = [_msh(header, at, control_id), answer]
    if refused is not None and error is not None:
        found.append(_err(header, refused))
    return "\r".join(found) + "\r"


def _mode(header: Header, verdict: str) -> str:
    if not header.is_enhanced:
        return "A"
    if _is_wanted(header.accept_answer, verdict):
        return "C"
    return "A" if _is_wanted(header.application_answer, verdict) else ""


def _is_wanted(condition: str, verdict: str) -> bool:
    return condition == _ALWAYS or condition == (_SUCCESS if verdict == "A" else _ERROR)


def _msh(header: Header, at: datetime, control_id: str) -> str:
    field, component = header.separators[0], header.separators[1]
    kind = component.join(("ACK", header.event))
    fields = [
        f"MSH{field}{header.separators[1:]}",
        header.receiver,
        header.receiver_facility,
        header.sender,
        header.facility,
        at.strftime("%Y%m%d%H%M%S%z"),
        "",
        kind,
        control_id,
        header.processing or "P",
        header.version or "2.3.1",
        *([""] * 5),
        header.charset,
    ]
    return field.join(fields).rstrip(field)


def _err(header: Header, refused: RefusedError) -> str:
    """ERR of version 2.5 with the place, the code and the text; before that its one field."""
    error = ERRORS[refused.refusal]
    component = header.separators[1]
    code = component.join((str(error.number), error.text, "HL70357"))
    if _is_old(header):
        # ELD: segment, sequence, field, code.
        part = header.separators[4] if len(header.separators) > 4 else "&"
        return _joined(
            header, "ERR", component.join((refused.segment, "1", "", code.replace(component, part)))
        )
    place = component.join((refused.segment, "1"))
    return _joined(
        header,
        "ERR",
        "",
        place,
        code,
        "E",
        "",
        "",
        "",
        _plain(header, _text(refused)[:_LONGEST_TEXT]),
    )


def _is_old(header: Header) -> bool:
    return header.version.split(header.separators[1])[0] in _OLD


def _text(refused: RefusedError) -> str:
    return f"{refused.refusal.value} {refused.detail}".strip()


def _plain(header: Header, text: str) -> str:
    """Without characters that would be read as separators, or end the message."""
    marks = set(header.separators)
    return "".join(" " if each in marks or ord(each) < 32 else each for each in text)


def _joined(header: Header, *fields: str) -> str:
    return header.separators[0].join(fields).rstrip(header.separators[0])
