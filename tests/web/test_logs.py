"""No log holds what was typed: not of a request, not of an error, not of the database."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from rbpsite import logs
from scoring import actions
from scoring.models import Patient
from tests import cast
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
NAME, NUMBER = "Wolfeschlegel", "H987654"
FORMS = {"line": logs.LineFormatter, "json": logs.JsonFormatter}


@contextmanager
def _logged(form: str = "json", level: str = "DEBUG") -> Iterator[StringIO]:
    """Everything that the site logs, as it would be written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(FORMS[form]())
    root, django = logging.getLogger(), logging.getLogger("django")
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        assert not django.handlers
        assert django.propagate
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def _lines(written: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def _fails(**_: object) -> None:
    """What a mistake in the code could bring about: PostgreSQL refuses a row and quotes it."""
    patient = Patient.objects.get(family_name=NAME)
    patient.pk, patient.hospital_number = uuid4(), NUMBER
    patient.save(force_insert=True)


def _fails_in_the_text(**_: object) -> None:
    try:
        raise ValueError(f"patient {NAME}, {NUMBER}")
    except ValueError as reason:
        raise RuntimeError(f"while saving {NAME}") from reason


def _too_long(**_: object) -> None:
    Patient.objects.filter(family_name=NAME).update(hospital_number=NUMBER * 20)


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("failing", [_fails, _fails_in_the_text, _too_long])
def test_an_error_is_logged_without_the_patient(form: str, failing: Any) -> None:
    cast.registered(NUMBER, family_name="Meyer")
    cast.registered("H2", family_name=NAME, given_name="Hong")
    client = signed_in(cast.alice())
    client.raise_request_exception = False
    data = cast.form_data(hospital_number="H3", family_name=NAME)
    with _logged(form) as written, patch.object(actions, "record_assessment", failing):
        response = client.post(f"{reverse('assessment-new')}?name={NAME}", data)
    assert response.status_code == 500
    said = written.getvalue()
    assert NAME not in said
    assert NUMBER not in said
    assert "Traceback" not in said
    # What somebody who mends it needs: where, which kind of error, which request.
    assert f"in {failing.__name__}" in said
    assert response.headers["X-Request-ID"] in said
    if failing is _fails:
        assert "IntegrityError SQLSTATE 23505 constraint scoring_patient_hospital_number" in said
    if failing is _too_long:
        assert "DataError SQLSTATE 22001" in said
    if failing is _fails_in_the_text:
        assert "RuntimeError" in said
        assert "ValueError" in said


def test_a_request_is_one_line() -> None:
    client = signed_in(cast.alice())
    patient = cast.registered(NUMBER)
    with _logged(level="INFO") as written:
        response = client.get(reverse("patient-detail", args=[patient.pk]), {"q": NAME})
    (line,) = _lines(written)
    assert line.pop("time").endswith("Z")
    assert isinstance(line.pop("milliseconds"), int)
    assert line == {
        "level": "INFO",
        "logger": "rbpsite.requests",
        "message": "answered",
        "request": response.headers["X-Request-ID"],
        "method": "GET",
        "view": "patient-detail",
        "status": 200,
        "user": cast.alice().pk,
    }


def test_a_request_in_the_format_for_people(client: Client) -> None:
    with _logged("line", level="INFO") as written:
        client.get(reverse("healthz"))
    words = written.getvalue().split()
    assert words[1:4] == ["INFO", "rbpsite.requests", "answered"]
    assert "view=healthz" in words
    assert "status=200" in words
    assert "user=-" in words


def test_a_refused_form_has_the_number_of_its_request_in_every_line() -> None:
    client = signed_in(cast.alice())
    with _logged(level="INFO") as written:
        refused = client.post(reverse("assessment-new"), {"family_name": NAME})
        lines = _lines(written)
        logging.getLogger("scoring").warning("between two requests")
    assert refused.status_code == 422
    assert {"django.request", "rbpsite.requests"} <= {line["logger"] for line in lines}
    assert {line.get("request") for line in lines} == {refused.headers["X-Request-ID"]}
    assert "request" not in _lines(written)[-1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/patients/{NAME}", 404),
        (f"/{NAME}?q={NUMBER}", 404),
        (f"/static/{NAME}.css", 404),
        (f"/history?search={NAME}", 302),
        (f"/sign-in?next=/{NAME}", 200),
    ],
)
def test_an_address_is_not_logged(client: Client, path: str, status: int) -> None:
    with _logged() as written:
        response = client.get(path, headers={"referer": f"http://testserver/{NAME}"})
    assert response.status_code == status
    assert NAME not in written.getvalue()
    assert NUMBER not in written.getvalue()


def test_what_is_refused_is_logged_without_what_it_carried() -> None:
    client = Client(enforce_csrf_checks=True)
    with _logged() as written:
        assert client.post(reverse("sign-in"), {"username": NAME}).status_code == 403
        assert client.get("/", headers={"host": f"{NAME}.example"}).status_code == 400
        body = b"a=" + NAME.encode() * 40_000
        address = reverse("sign-in")
        kind = "application/x-www-form-urlencoded"
        assert client.post(address, body, content_type=kind).status_code == 413
        assert client.generic(NAME.upper(), "/").status_code == 403
    assert NAME.casefold() not in written.getvalue().casefold()
    lines = _lines(written)
    loggers = {line["logger"] for line in lines}
    assert "django.security.csrf" in loggers
    assert "django.security.DisallowedHost" in loggers
    assert "django.security.RequestDataTooBig" in loggers
    assert "OTHER" in {line.get("method") for line in lines}


def test_no_statement_of_the_database_is_logged() -> None:
    """Not even at the level of everything: it would stand there with its values."""
    settings = logs.logging_settings("line", "DEBUG")
    assert settings["root"]["level"] == "DEBUG"
    assert settings["loggers"]["django"]["level"] == "INFO"
    assert logs.logging_settings("line", "ERROR")["loggers"]["django"]["level"] == "ERROR"


def _record(name: str, level: int, message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord(name, level, "-", 1, message, args, None)


def test_gunicorn_quotes_no_request() -> None:
    form = logs.LineFormatter()
    for record, said in (
        (
            _record("gunicorn.error", logging.WARNING, f"Invalid request from ip=::1: '{NAME}'"),
            "Invalid request from ip=::1",
        ),
        (
            _record("gunicorn.error", logging.ERROR, "Error handling request %s %s", "GET", NAME),
            "Error handling request … …",
        ),
        (
            _record("gunicorn.error", logging.WARNING, "Worker %d was sent %s", 7, "SIGKILL"),
            "Worker 7 was sent …",
        ),
        (
            _record("gunicorn.error", logging.INFO, "Listening at: %s", "http://127.0.0.1:8000"),
            "Listening at: http://127.0.0.1:8000",
        ),
    ):
        assert form.format(record).endswith(said)


def test_an_error_given_to_a_message_is_only_named() -> None:
    error = IntegrityError(f"Key (family_name)=({NAME}) exists")
    record = _record("scoring", logging.ERROR, "Not kept: %s, %d times", error, 3)
    said = logs.LineFormatter().format(record)
    assert said.endswith("Not kept: django.db.utils.IntegrityError, 3 times")


def test_one_event_is_one_line_whatever_stands_in_it() -> None:
    record = _record("scoring", logging.INFO, "user %s", "alice\n2026-01-01 INFO forged")
    assert "\n" not in logs.LineFormatter().format(record)
    assert "\n" not in logs.JsonFormatter().format(record)
