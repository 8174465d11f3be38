"""Lines in the access log."""

import json
from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from scoring.entry import Origin
from scoring.models import Assessment, AuditEvent, Patient, User
from scoring.models.record_digest import RECORD
from scoring.queries.record_entries import entries_without_line, record_entries
from scoring.queries.streams import batches

NOWHERE = Origin(address=None)
# In a line that takes digests: some 40 kB.
_ENTRIES_AT_ONCE = 100
_TAKE_SQL = f"""
    INSERT INTO scoring_auditevent
        (at, actor, actor_name, action, hospital_number, detail, digest)
    VALUES (%s, '', '', '{AuditEvent.Action.DIGESTS_TAKEN}', '', %s, '')
"""  # noqa: S608 - a constant


def log_event(
    *,
    by: User | None,
    action: AuditEvent.Action,
    origin: Origin,
    patient: Patient | None = None,
    assessment: Assessment | None = None,
    detail: dict[str, object] | None = None,
    record: Sequence[Model] = (),
) -> AuditEvent:
    """One line in the access log; plain values, so that it outlives what it describes.

    It is written in the transaction of whoever calls. ``detail["username"]`` names the account
    that a line is about, where that is another than the actor's. ``record`` are the rows of the
    record that the transaction wrote: the line holds their digests. Once the line is committed,
    ``manage.py background`` seals it and ships it.
    """
    entries: dict[str, object] = {RECORD: record_entries(record)} if record else {}
    if assessment is not None:
        patient = assessment.patient
    return AuditEvent.objects.create(
        at=timezone.now(),
        actor=by.username if by else "",
        actor_name=str(by) if by else "",
        action=action,
        patient_id=patient.id if patient else None,
        hospital_number=patient.hospital_number if patient else "",
        assessment_id=assessment.id if assessment else None,
        address=origin.address,
        detail=(detail or {}) | entries,
    )


def take_digests(layouts: Mapping[str, int]) -> None:
    """Write lines with the digest of each row that has none of its layout in the log yet.

    For rows from before there were digests, and for those that a tool loaded. ``layouts`` are
    their numbers by model. A migration calls this: it asks for no column of a later one.
    """
    for entries in batches(entries_without_line(layouts), _ENTRIES_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_SQL, [timezone.now(), json.dumps({RECORD: entries})])
