"""A site whose database is away, and the form that it gives back."""

from typing import Any
from unittest import mock

from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tests.faults.browser import FormReader

SESSIONS = "django.contrib.sessions.backends.db.SessionStore.load"
NEW = reverse("assessment-new")
LOST = OperationalError("server closed the connection unexpectedly")


def without_database(client: Client, method: str, path: str, data: Any = None) -> Any:
    """Ask while not even the session can be read."""
    client.raise_request_exception = False
    with mock.patch(SESSIONS, side_effect=LOST):
        return getattr(client, method)(path, data)


def fields_of(response: Any) -> dict[str, str]:
    reader = FormReader()
    reader.feed(response.content.decode())
    reader.fields.pop("csrfmiddlewaretoken", None)
    return reader.fields
