"""What is hashed of the access log, and how: the same text in PostgreSQL and here.

Canonical form: a JSON array on one line as PostgreSQL's ``json_build_array`` and Python's
``json.dumps`` both write it, in UTF-8; times in UTC with microseconds, ids in their usual text,
``detail`` as the text of the jsonb. A digest is the SHA-256 of that in hexadecimal.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

# The predecessor of the first seal.
BEGINNING = "0" * 64
# Stands for the digest of an event that was gone before it could be sealed.
GONE = "0" * 64

# The fields of an event in the order they are hashed; ``detail`` as text comes last.
HASHED_FIELDS = (
    "id",
    "at",
    "actor",
    "actor_name",
    "action",
    "patient_id",
    "hospital_number",
    "assessment_id",
    "address",
)
# The same in SQL, for the trigger that sets the digest of a new event.
EVENT_DIGEST_SQL = """
    encode(sha256(convert_to(json_build_array(
        NEW.id,
        to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.actor,
        NEW.actor_name,
        NEW.action,
        NEW.patient_id::text,
        NEW.hospital_number,
        NEW.assessment_id::text,
        host(NEW.address),
        NEW.detail::text
    )::text, 'UTF8')), 'hex')"""


def event_digest(values: Sequence[object]) -> str:
    """The digest of an event by the values of its ``HASHED_FIELDS`` and its detail as text."""
    return _digest([_plain(value) for value in values])


def seal_digest(
    *,
    number: int,
    sealed_at: datetime,
    previous: str,
    events_total: int,
    events: Sequence[tuple[int, str]],
) -> str:
    """The digest of a seal over ids and digests of its events and the digest it follows."""
    pairs = [[event_id, digest] for event_id, digest in events]
    return _digest([number, moment_text(sealed_at), previous, events_total, pairs])


def moment_text(moment: datetime) -> str:
    """2026-03-14T01:42:00.123456Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _plain(value: object) -> object:
    match value:
        case datetime():
            return moment_text(value)
        case UUID():
            return str(value)
        case _:
            return value


def _digest(values: list[object]) -> str:
    return sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()
