"""The digest of a line: PostgreSQL and Python hash the same text, and all of it."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.db.models import TextField
from django.db.models.functions import Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.models import AuditEvent
from scoring.models.audit_digest import HASHED_FIELDS, event_digest, moment_text, seal_digest

pytestmark = pytest.mark.django_db
LINE: dict[str, Any] = {
    "at": datetime(2025, 3, 14, 1, 42, 0, 7, UTC),
    "actor": "alice",
    "actor_name": "Dr Alice Moore",
    "action": "report_printed",
    "patient_id": UUID(int=1),
    "hospital_number": "H100234",
    "assessment_id": UUID(int=2),
    "address": "192.0.2.7",
    "detail": {"reason": "a “b” \\ c"},
}
# PostgreSQL's texts hold every character but NUL, and no half of a surrogate pair.
TEXTS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=20
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False)
)


def _digests(**changes: Any) -> tuple[str, str]:
    """What the database set, and what Python computes of what the database holds."""
    pk = AuditEvent.objects.create(**LINE | changes).pk
    row = AuditEvent.objects.values_list(*HASHED_FIELDS, Cast("detail", TextField()), "digest")
    *values, digest = row.get(pk=pk)
    return digest, event_digest(values)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=TEXTS,
    detail=st.dictionaries(TEXTS, VALUES | st.lists(VALUES, max_size=3), max_size=4),
    at=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    address=st.none() | st.ip_addresses().map(str),
    patient=st.none() | st.uuids(),
)
def test_both_compute_the_same(
    name: str, detail: dict[str, Any], at: datetime, address: str | None, patient: UUID | None
) -> None:
    changes = {"actor_name": name, "detail": detail, "at": at, "address": address}
    by_database, by_python = _digests(**changes, patient_id=patient, hospital_number=name[:16])
    assert by_database == by_python


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", datetime(2025, 3, 14, 1, 42, 0, 8, UTC)),
        ("actor", "bob"),
        ("actor_name", "Dr Bob Keller"),
        ("action", "assessment_viewed"),
        ("patient_id", None),
        ("hospital_number", "H100235"),
        ("assessment_id", UUID(int=3)),
        ("address", "192.0.2.8"),
        ("detail", {"reason": "a “b” \\ d"}),
    ],
)
def test_every_field_counts(field: str, value: Any) -> None:
    event = AuditEvent(pk=1, **LINE)

    def digest() -> str:
        return event_digest([*(getattr(event, name) for name in HASHED_FIELDS), str(event.detail)])

    before = digest()
    setattr(event, field, value)
    assert digest() != before


def test_the_canonical_form_is_the_documented_one() -> None:
    """As docs/access-log.md shows it, so that an auditor can compute it with anything else."""
    text = (
        '[7, "2025-03-14T01:42:00.000007Z", "alice", "Dr Alice Moore", "report_printed", '
        '"00000000-0000-0000-0000-000000000001", "H100234", null, "192.0.2.7", "{\\"a\\": 1}"]'
    )
    values = [7, *(LINE[name] for name in HASHED_FIELDS[1:]), '{"a": 1}']
    values[7] = None
    assert event_digest(values) == sha256(text.encode()).hexdigest()
    at = datetime(2025, 3, 14, 1, 42, tzinfo=UTC)
    assert moment_text(at) == "2025-03-14T01:42:00.000000Z"
    text = f'[2, "{moment_text(at)}", "{"a" * 64}", 5, [[4, "{"b" * 64}"], [5, "{"c" * 64}"]]]'
    digest = seal_digest(
        number=2,
        sealed_at=at,
        previous="a" * 64,
        events_total=5,
        events=[(4, "b" * 64), (5, "c" * 64)],
    )
    assert digest == sha256(text.encode()).hexdigest()
