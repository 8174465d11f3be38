"""When database or disk fail: what the page says, what it gives back, and what it must not."""

import errno
import threading
import time
from typing import Any
from unittest import mock

import psycopg2
import pytest
from django import forms
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse
from psycopg2 import errors
from pytest_django import Settings

from scoring import health, limits
from scoring.forms.secret_fields import _kinds, secret_names
from scoring.http.causes import Cause, cause_of
from scoring.http.slots import DatabaseSlots
from scoring.models import Assessment
from scoring.report.renderer import ReportRenderError, ReportTimeoutError
from scoring.web import database_slots
from tests import cast
from tests.web.html import Page, signed_in
from tests.web.unavailable import LOST, NEW, SESSIONS, fields_of, without_database

pytestmark = pytest.mark.django_db
HOSTILE = "\n\"'><script>alert(1)</script>\r\n王 & co </textarea>"


def test_a_form_comes_back_as_it_was_typed_and_can_be_sent_again() -> None:
    client = signed_in(cast.alice())
    typed = cast.form_data(family_name=HOSTILE)
    response = without_database(client, "post", NEW, typed)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert "no-store" in response.headers["Cache-Control"]
    page = Page(response)
    assert "saved only once" in page.text
    assert "<script>alert" not in page.html
    # A browser normalises line breaks when it sends.
    kept = fields_of(response)
    assert kept.pop("family_name").replace("\r\n", "\n") == HOSTILE.replace("\r\n", "\n")
    assert kept == {name: text for name, text in typed.items() if name != "family_name"}
    # All of it is hidden: whoever passes by reads no patient.
    assert all("hidden" in c.attributes or c.name == "csrfmiddlewaretoken" for c in page.controls)
    assert client.post(NEW, kept | {"family_name": "Wang"}).status_code == 302
    assert str(Assessment.objects.get().form_token) == typed["form_token"]


def test_a_form_comes_back_where_its_session_could_not_be_written() -> None:
    client = signed_in(cast.alice())
    client.raise_request_exception = False
    typed = cast.form_data()
    with mock.patch("django.contrib.sessions.models.Session.save", side_effect=LOST):
        response = client.post(NEW, typed)
    assert response.status_code == 503
    kept = fields_of(response)
    assert kept == typed
    # It was saved, and stays saved once.
    assert client.post(NEW, kept).status_code == 302
    assert str(Assessment.objects.get().form_token) == typed["form_token"]


def test_its_button_passes_the_check_of_the_forms_origin() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice())
    token = Page(client.get(NEW)).value("csrfmiddlewaretoken")
    data = cast.form_data(csrfmiddlewaretoken=token)
    response = without_database(client, "post", NEW, data)
    again = Page(response).value("csrfmiddlewaretoken")
    assert client.post(NEW, fields_of(response)).status_code == 403
    assert client.post(NEW, fields_of(response) | {"csrfmiddlewaretoken": again}).status_code == 302


def test_a_form_of_another_site_is_not_made_one_of_ours() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice())
    # The page that refuses it has a navigation, which asks the database too.
    response = without_database(client, "post", NEW, cast.form_data())
    assert response.status_code == 503
    assert fields_of(response) == {}
    assert "Wang" not in response.content.decode()


@pytest.mark.parametrize("name", ["sign-in", "password-change"])
def test_a_password_is_not_written_into_a_page(name: str) -> None:
    client = signed_in(cast.alice())
    typed = {"username": "alice", "password": "secret horse", "old_password": "secret horse"}
    response = without_database(client, "post", reverse(name), typed)
    assert response.status_code == 503
    assert "secret" not in response.content.decode()
    assert "Open the page again" in response.content.decode()


@pytest.mark.parametrize("name", ["second-factor", "authenticator-set-up"])
def test_a_code_is_not_written_into_a_page(name: str) -> None:
    client = signed_in(cast.alice())
    response = without_database(client, "post", reverse(name), {"code": "abcde-fghij", "next": "/"})
    assert response.status_code == 503
    assert fields_of(response) == {}
    assert "abcde" not in response.content.decode()


def test_every_field_of_a_secret_kind_is_known() -> None:
    fields = [
        (name, field)
        for form in _kinds(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    hints = {"one-time-code", "current-password", "new-password"}
    typed = {name for name, field in fields if field.widget.attrs.get("autocomplete", "") in hints}
    assert {"code", "password", "old_password", "new_password1", "new_password2"} <= typed
    assert typed <= secret_names()
    # Nothing that a clinician types is lost by it.
    assert secret_names().isdisjoint(cast.form_data())


def test_a_form_without_a_token_is_not_called_safe_to_repeat() -> None:
    client = signed_in(cast.alice())
    response = without_database(client, "post", reverse("history"), {"q": "wang"})
    assert fields_of(response) == {"q": "wang"}
    assert "Check in another window" in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/assessments/00000000-0000-4000-8000-000000000000"]
)
def test_a_page_is_asked_for_again(path: str) -> None:
    response = without_database(signed_in(cast.alice()), "get", path)
    assert response.status_code == 503
    assert "Try again" in response.content.decode()
    assert f'href="{path}"' in response.content.decode()


def wrapped(error: psycopg2.Error, kind: type[DatabaseError] = OperationalError) -> DatabaseError:
    """An error as Django passes it on."""
    outer = kind(str(error))
    outer.__cause__ = error
    return outer


def coded(error_class: type[psycopg2.Error], code: str) -> psycopg2.Error:
    """An error as the server would have sent it; the driver lets nobody set the code."""

    class Coded(error_class):  # type: ignore[misc]
        pgcode = code

    return Coded("told by the server")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (LOST, Cause.UNREACHABLE),
        (InterfaceError("connection already closed"), Cause.UNREACHABLE),
        (wrapped(psycopg2.DatabaseError("SSL SYSCALL: EOF"), DatabaseError), Cause.UNREACHABLE),
        (wrapped(coded(errors.QueryCanceled, "57014")), Cause.BUSY),
        (wrapped(coded(errors.LockNotAvailable, "55P03")), Cause.BUSY),
        (wrapped(coded(errors.DeadlockDetected, "40P01")), Cause.BUSY),
        (wrapped(coded(errors.TooManyConnections, "53300")), Cause.BUSY),
        # As PostgreSQL words it for a connection, which comes without a code.
        (wrapped(psycopg2.OperationalError("FATAL:  sorry, too many clients already")), Cause.BUSY),
        (wrapped(psycopg2.OperationalError("too many connections for role")), Cause.BUSY),
        (wrapped(psycopg2.OperationalError("connection slots are reserved for")), Cause.BUSY),
        (wrapped(coded(errors.DiskFull, "53100")), Cause.DISK_FULL),
        (wrapped(coded(errors.IoError, "58030")), Cause.UNREACHABLE),
        (OSError(errno.ENOSPC, "No space left on device"), Cause.DISK_FULL),
        (wrapped(coded(errors.UndefinedTable, "42P01"), ProgrammingError), Cause.SCHEMA),
        (wrapped(coded(errors.SyntaxError, "42601"), ProgrammingError), None),
        (ReportTimeoutError("it took too long"), Cause.REPORT_LATE),
        (ReportRenderError("the renderer ended by itself"), Cause.REPORT_FAILED),
        (OSError(errno.EACCES, "Permission denied"), None),
        (ValueError("a slip in the program"), None),
    ],
)
def test_the_cause_of_an_error(error: Exception, cause: Cause | None) -> None:
    assert cause_of(error) == cause
    later = RuntimeError("while it was handled")
    later.__context__ = error
    assert cause_of(later) == cause


def test_a_slip_in_the_program_stays_an_error_of_the_program() -> None:
    client = signed_in(cast.alice())
    client.raise_request_exception = False
    with mock.patch(SESSIONS, side_effect=ValueError):
        assert client.get("/").status_code == 500


def test_tables_of_another_version_close_the_site_until_they_fit() -> None:
    client = signed_in(cast.alice())
    with mock.patch.object(database_slots, "_schema", database_slots._Schema()):
        with mock.patch.object(health, "schema_problem", return_value="2 migrations") as asked:
            for _ in range(2):
                response = client.get("/")
                assert (response.status_code, asked.called) == (503, True)
                assert "being updated" in response.content.decode()
            assert "2 migrations" not in response.content.decode()
            for path, kind in (
                ("api/v1/token", "problem+json"),
                ("fhir/metadata", "fhir+json; charset=utf-8"),
            ):
                response = client.get(f"/{path}")
                told = (response.status_code, response["Content-Type"], response["Retry-After"])
                assert told == (503, f"application/{kind}", "10")
        assert client.get("/").status_code == 200
        # Once they fit nobody asks any more.
        with mock.patch.object(health, "schema_problem", side_effect=AssertionError):
            assert client.get("/").status_code == 200


def test_a_request_waits_for_a_slot_unless_the_others_hang(settings: Settings) -> None:
    settings.DB_BUSY_SECONDS = 30
    slots = DatabaseSlots(1)
    assert slots.acquire(1)
    taken: list[bool] = []
    second = threading.Thread(target=lambda: taken.append(slots.acquire(2)))
    second.start()
    slots.release(1)
    second.join(10)
    assert taken == [True]
    # Releasing a slot twice, or one that was never acquired, frees no other.
    slots.release(1)
    slots.release(3)
    settings.DB_BUSY_SECONDS = 0
    began = time.monotonic()
    assert not slots.acquire(4)
    assert time.monotonic() - began < 5
    slots.release(2)
    assert slots.acquire(4)


def test_whoever_serves_limits_how_long_it_waits(settings: Settings) -> None:
    settings.DB_STATEMENT_SECONDS, settings.DB_LOCK_SECONDS, settings.DB_IDLE_SECONDS = 31, 11, 61
    settings.DB_LONG_SECONDS = 601
    names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]

    def shown() -> list[str]:
        with connection.cursor() as cursor:
            return [_one(cursor, name) for name in names]

    with mock.patch.object(limits, "_is_limited", False), limits.long_transaction():
        assert shown() == ["0", "0", "0"]
    limits._limit(connection)
    assert shown() == ["31s", "11s", "61s"]
    with mock.patch.object(limits, "_is_limited", True), limits.long_transaction():
        assert shown() == ["601s", "11s", "601s"]


def _one(cursor: Any, name: str) -> str:
    cursor.execute(f"SHOW {name}")
    return str(cursor.fetchone()[0])
