"""The page of the access log as the tests of it share it."""

import csv
import io
from datetime import datetime
from unittest.mock import patch

from django.test import Client
from django.utils import timezone

from scoring import actions
from scoring.entry import Origin
from scoring.models import AuditEvent, Patient, User
from tests.web.html import Page, elements, text

LOG = "/access-log"
EXPORT = "/access-log/export"


def look(user: User, patient: Patient, *, at: datetime | None = None) -> AuditEvent:
    """A line about somebody who looked at a patient."""
    with patch.object(timezone, "now", return_value=at or timezone.now()):
        return actions.log_event(
            by=user,
            action=AuditEvent.Action.PATIENT_VIEWED,
            origin=Origin(address="192.0.2.7"),
            patient=patient,
        )


def rows(page: Page) -> list[list[str]]:
    """The cells of every row of the table."""
    rows = [
        [text(cell) for cell in elements(row) if cell.name == "td"]
        for row in elements(page.root)
        if row.name == "tr"
    ]
    return [row for row in rows if len(row) == 7]


def search(client: Client, **typed: str) -> Page:
    """The page that the posted search leads to."""
    return Page(client.post(LOG, typed, follow=True))


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    """The rows of the exported file."""
    response = client.post(EXPORT + query)
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content)))
