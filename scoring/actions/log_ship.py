"""Sends sealed lines of the access log out of the database: to a file or to syslog.

Seal by seal, each with its lines before it, as JSON on one line each. What could not be sent is
sent later; what is sent twice after an interruption has the same id. See docs/access-log.md.
"""

import json
import logging
import logging.handlers
import os
import socket
from collections.abc import Iterator
from contextlib import closing
from io import TextIOWrapper
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from scoring.models import AuditEvent, AuditSeal, AuditShipment
from scoring.models.audit_digest import moment_text

SEALS_AT_ONCE = 20
# Syslog daemons cut longer lines (rsyslog at 8,192 bytes): half a line would be no JSON.
SYSLOG_LINE_BYTES = 8000
_SYSLOG_PORT = 514
_SEND_SECONDS = 5
# Any number, the same for every server of one database.
_LOCK_NUMBER = 16255182


def ship_seals() -> bool:
    """Send what was not sent yet; False where another process is just sending.

    Raises OSError where the destination can't be reached or takes no more; seals sent
    whole until then are not sent again.
    """
    destination: str = settings.AUDIT_SHIP
    while destination:
        with transaction.atomic(durable=True):
            if not _lock():
                return False
            shipment, _ = AuditShipment.objects.get_or_create(destination=destination)
            following = AuditSeal.objects.filter(number__gt=shipment.seal_number)
            seals = list(following.order_by("number")[:SEALS_AT_ONCE])
            if not seals:
                break
            sent, error = _send(destination, seals)
            if sent:
                shipment.seal_number = seals[sent - 1].number
                shipment.save()
        if error is not None:
            raise error
    return True


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        return bool(cursor.fetchone()[0])


def _send(destination: str, seals: list[AuditSeal]) -> tuple[int, OSError | None]:
    """How many of the seals were sent whole, and what stopped the next one."""
    kind, _, target = destination.partition(":")
    sent = 0
    try:
        with closing(_File(target) if kind == "jsonl" else _Syslog(target)) as handler:
            for seal in seals:
                for content in _contents(seal):
                    handler.send(content)
                handler.finish()
                sent += 1
    except OSError as error:
        return sent, error
    return sent, None


def _contents(seal: AuditSeal) -> Iterator[dict[str, object]]:
    """What is sent of a seal: its events in the order they were sealed in, then itself."""
    found = AuditEvent.objects.in_bulk(seal.event_ids)
    for event_id, digest in zip(seal.event_ids, seal.event_digests, strict=False):
        event = found.get(event_id)
        values = {} if event is None else _values(event)
        # The digest that was sealed, not the one that stands in the line by now.
        yield {"kind": "event", "id": event_id} | values | {"seal": seal.number, "digest": digest}
    yield {
        "kind": "seal",
        "number": seal.number,
        "at": moment_text(seal.sealed_at),
        "events": len(seal.event_ids),
        "events_total": seal.events_total,
        "previous": seal.previous,
        "digest": seal.digest,
    }


def _values(event: AuditEvent) -> dict[str, object]:
    return {
        "at": moment_text(event.at),
        "actor": event.actor,
        "actor_name": event.actor_name,
        "action": event.action,
        "patient_id": str(event.patient_id) if event.patient_id else None,
        "hospital_number": event.hospital_number,
        "assessment_id": str(event.assessment_id) if event.assessment_id else None,
        "address": event.address,
        "detail": event.detail,
    }


def _record(line: str) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": line, "levelno": logging.INFO, "levelname": "INFO"})


class _Outspoken(logging.Handler):
    """A handler that does not keep its errors to itself."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the handler's name
        """Leave the exception to whoever sends; it is being handled just now."""
        raise


class _File(_Outspoken, logging.handlers.WatchedFileHandler):
    """A file of JSON lines, readable by its owner alone; may be rotated while it is written."""

    def __init__(self, path: str) -> None:
        super().__init__(path, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        file = open(  # noqa: SIM115 - the handler closes it
            self.baseFilename,
            "a",
            encoding="utf-8",
            opener=lambda path, flags: os.open(path, flags, 0o600),
        )
        if not _ends_with_line(self.baseFilename):
            # Half a line stayed behind when the disk was full.
            file.write("\n")
        return file

    def send(self, content: dict[str, object]) -> None:
        """Write one line. Raises OSError."""
        self.handle(_record(json.dumps(content)))

    def finish(self) -> None:
        """See that the disk has it. Raises OSError."""
        if self.stream is not None:
            os.fsync(self.stream.fileno())


def _ends_with_line(path: str) -> bool:
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _syslog_address(target: str) -> str | tuple[str, int]:
    """``/dev/log`` is a socket of this computer, ``udp://log.example:514`` another one's port."""
    if target.startswith("/"):
        return target
    parts = urlsplit(target)
    return str(parts.hostname), parts.port or _SYSLOG_PORT


class _Syslog(_Outspoken, logging.handlers.SysLogHandler):
    """Datagrams to a syslog daemon, facility authpriv."""

    ident = "rbp-risk: "
    append_nul = False

    def __init__(self, target: str) -> None:
        address = _syslog_address(target)
        super().__init__(address, facility=self.LOG_AUTHPRIV, socktype=socket.SOCK_DGRAM)

    def _connect_unixsocket(self, address: str) -> None:
        super()._connect_unixsocket(address)  # type: ignore[misc]
        # A daemon that reads no more would hold up the sender for ever.
        self.socket.settimeout(_SEND_SECONDS)  # type: ignore[attr-defined]

    def send(self, content: dict[str, object]) -> None:
        """Send one datagram; a detail too long for it is left out. Raises OSError."""
        line = json.dumps(content)
        if len(line) > SYSLOG_LINE_BYTES:
            left_out = len(json.dumps(content.get("detail")))
            line = json.dumps(content | {"detail": {"left_out_bytes": left_out}})
        self.handle(_record(line))

    def finish(self) -> None:
        """Nothing to wait for: a datagram is gone when it is sent."""
