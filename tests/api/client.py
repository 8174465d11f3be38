"""An application that asks the API."""

import json
from typing import Any

from django.test import Client

from scoring.models import AuditEvent, Role, Ward
from tests.tokens import token_of

ROOT = "/api/v1"
FINAL = {
    "age_years": 80,
    "t_score": -3.2,
    "trauma_history": True,
    "posterior_fascia_edema": False,
    "pdw_fl": 16.8,
    "chloride_mmol_l": 101.5,
    "mvh_restored": False,
}


class Application:
    """Sends JSON with its token."""

    def __init__(
        self, role: Role | None = None, *, ward: Ward | None = None, name: str = "HIS interface"
    ) -> None:
        self.token, text = token_of(name, role, ward)
        self.user = self.token.user
        self.headers = {"Authorization": f"Bearer {text}"}
        self.client = Client(headers=self.headers)

    def log_lines(self) -> list[str]:
        """The actions that the access log has of it, oldest first."""
        lines = AuditEvent.objects.filter(actor=self.user.username).order_by("id")
        return [line.action for line in lines]

    def get(self, path: str, **headers: str) -> Any:
        """The answer; names of headers are written with underscores."""
        return self.client.get(ROOT + path, headers=_named(headers))

    def send(self, method: str, path: str, content: Any, **headers: str) -> Any:
        """The answer to JSON; bytes are sent as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.client.generic(
            method, ROOT + path, body, "application/json", headers=_named(headers)
        )

    def post(self, path: str, content: Any, **headers: str) -> Any:
        """The answer to JSON by POST."""
        return self.send("POST", path, content, **headers)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def pointers(response: Any) -> dict[str, str]:
    """The code of each refused value by its pointer."""
    return {error["pointer"]: error["code"] for error in response.json()["errors"]}


def keys_asked(response: Any) -> list[str]:
    """The key of each question that is asked back."""
    return [question["key"] for question in response.json()["questions"]]
