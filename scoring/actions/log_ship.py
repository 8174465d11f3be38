"""Sends sealed lines of the access log out of the database: to a file or to syslog.

Seal by seal, each with its lines before it, as JSON on one line each. What could not be sent is
sent later; what is sent twice after an interruption has the same id. See docs/access-log.md.
"""

import json
import logging
import logging.handlers
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from scoring.models import AuditEvent, AuditSeal, AuditShipment
from scoring.models.audit_digest import moment_text

SEALS_AT_ONCE = 20
# Syslog daemons cut longer lines (rsyslog at 8,192 bytes): half a line would be no JSON.
SYSLOG_LINE_BYTES = 8000
# The line of a seal takes fewer than 400.
_SEAL_LINE_BYTES = 1000
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
        with closing(_File(target) if kind == "jsonl" else _Syslog(target)) as receiver:
            # The database may have forgotten what it could not commit.
            sent = _already_sent(seals, receiver.last_digest)
            for seal in seals[sent:]:
                receiver.send(_contents(seal))
                sent += 1
    except OSError as error:
        return sent, error
    return sent, None


def _already_sent(seals: list[AuditSeal], last_digest: str) -> int:
    """How many of the seals the receiver has, whose last one has this digest."""
    digests = [seal.digest for seal in seals]
    return digests.index(last_digest) + 1 if last_digest in digests else 0


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


class _File:
    """A file of JSON lines, readable by its owner alone; it may be rotated between two seals.

    ``last_digest`` is the digest of the seal the file ends with; empty where it ends otherwise.
    """

    def __init__(self, path: str) -> None:
        self._file = open(  # noqa: SIM115 - the caller closes it
            path, "a+b", opener=lambda path, flags: os.open(path, flags, 0o600)
        )
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(max(size - _SEAL_LINE_BYTES, 0))
        end = self._file.read()
        self.last_digest = _digest_of_seal(end)
        # Half a line stays behind when the disk is full.
        self._before = b"" if end.endswith(b"\n") or not end else b"\n"

    def send(self, contents: Iterable[dict[str, object]]) -> None:
        """Write the lines of one seal and see that the disk has them. Raises OSError."""
        lines = b"".join(json.dumps(content).encode() + b"\n" for content in contents)
        self._file.write(self._before + lines)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._before = b""

    def close(self) -> None:
        """Raises OSError where what was written before could not be kept."""
        self._file.close()


def _digest_of_seal(end: bytes) -> str:
    """The digest of a seal, where its line is the last one and whole."""
    if not end.endswith(b"\n"):
        return ""
    try:
        content = json.loads(end.splitlines()[-1])
    except ValueError:
        return ""
    is_seal = isinstance(content, dict) and content.get("kind") == "seal"
    return str(content.get("digest")) if is_seal else ""


def _syslog_address(target: str) -> str | tuple[str, int]:
    """``/dev/log`` is a socket of this computer, ``udp://log.example:514`` another one's port."""
    if target.startswith("/"):
        return target
    parts = urlsplit(target)
    return str(parts.hostname), parts.port or _SYSLOG_PORT


class _Syslog(logging.handlers.SysLogHandler):
    """Datagrams to a syslog daemon, facility authpriv; it does not confirm what it received."""

    ident = "rbp-risk: "
    append_nul = False
    last_digest = ""

    def __init__(self, target: str) -> None:
        address = _syslog_address(target)
        super().__init__(address, facility=self.LOG_AUTHPRIV, socktype=socket.SOCK_DGRAM)

    def _connect_unixsocket(self, address: str) -> None:
        super()._connect_unixsocket(address)  # type: ignore[misc]
        # A daemon that reads no more would hold up the sender for ever.
        self.socket.settimeout(_SEND_SECONDS)  # type: ignore[attr-defined]

    def send(self, contents: Iterable[dict[str, object]]) -> None:
        """One datagram a line; a detail too long for it is left out. Raises OSError."""
        for content in contents:
            line = json.dumps(content)
            if len(line) > SYSLOG_LINE_BYTES:
                left_out = len(json.dumps(content.get("detail")))
                line = json.dumps(content | {"detail": {"left_out_bytes": left_out}})
            level = {"levelno": logging.INFO, "levelname": "INFO"}
            self.handle(logging.makeLogRecord({"msg": line} | level))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the handler's name
        """Raise the error that is being handled; the handler would print it."""
        raise
