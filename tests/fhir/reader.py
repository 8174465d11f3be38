"""An application that asks the FHIR server."""

from itertools import count
from typing import Any

from django.test import Client

from scoring.fhir.resource import MEDIA_TYPE, Resource, read, written
from scoring.models import AuditEvent, Role
from tests.tokens import token_of

BASE = "https://rbp.hospital.example/fhir"
_NUMBERS = count()


class Reader:
    """An application that reads."""

    def __init__(self, role: Role | None = Role.CLINICIAN, **more: Any) -> None:
        self.token, text = token_of(f"EHR {next(_NUMBERS)}", role, **more)
        self.client = Client(headers={"Authorization": f"Bearer {text}"})

    def get(self, path: str, status: int = 200, **headers: str) -> Resource:
        """The resource at an address of the server."""
        path = path.removeprefix("https://rbp.hospital.example").removeprefix("/fhir/")
        return resource_of(self.client.get(f"/fhir/{path}", headers=headers or None), status)

    def score(self, sent: object, status: int = 200, kind: str = MEDIA_TYPE) -> Resource:
        """The answer of $score."""
        body = sent if isinstance(sent, bytes) else written(sent).encode()
        path = "/fhir/RiskAssessment/$score"
        return resource_of(self.client.generic("POST", path, body, kind), status)


def resource_of(response: Any, status: int) -> Resource:
    """The resource of an answer with this status."""
    sent_as = f"{MEDIA_TYPE}; charset=utf-8"
    assert (response.status_code, response["Content-Type"]) == (status, sent_as)
    found = read(response.content)
    assert (found["resourceType"] == "OperationOutcome") is (status >= 400)
    return found


def logged() -> list[tuple[str, str]]:
    """What the access log has of applications, oldest first, with hospital numbers."""
    events = AuditEvent.objects.filter(actor__startswith="app").order_by("id")
    return list(events.values_list("action", "hospital_number"))
