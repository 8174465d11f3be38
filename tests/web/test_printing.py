"""Printing holds up nobody: pages have the database, and few requests wait for the renderer."""

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import pytest
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import Settings

from scoring.http import printing
from scoring.http.slots import DatabaseSlots
from scoring.report.renderer import ReportTimeoutError
from tests import cast
from tests.languages.full_width import wrong_marks
from tests.report.paper import body
from tests.web.html import Page, signed_in


@pytest.fixture
def taken() -> Iterator[ExitStack]:
    """Every place is taken by somebody else's PDF until this is closed."""
    with ExitStack() as others:
        while printing._places.acquire(blocking=False):
            others.callback(printing._places.release)
        yield others


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["assessment-report", "assessment-patient-sheet"])
def test_a_page_is_answered_while_a_pdf_is_made(settings: Settings, name: str) -> None:
    """In a process with a single slot of the database."""
    settings.THREADS = 3
    inside, other = signed_in(cast.bob()), signed_in(cast.alice())
    other.handler = inside.handler
    report = reverse(name, args=[cast.recorded().pk])
    answered: list[int] = []

    def meanwhile(_html: str) -> bytes:
        page = threading.Thread(
            target=lambda: answered.append(other.get(reverse("worklist")).status_code)
        )
        page.start()
        page.join()
        return body()

    with mock.patch.object(printing, "pdf_of", meanwhile):
        assert inside.get(report).status_code == 200
    assert answered == [200]
    assert inside.get(reverse("worklist")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["assessment-report", "assessment-patient-sheet", "validation-report"]
)
def test_where_too_many_wait_it_is_not_even_begun(taken: ExitStack, name: str) -> None:
    client = signed_in(cast.rita())
    client.raise_request_exception = False
    address = reverse(name, args=[] if name == "validation-report" else [cast.recorded().pk])
    with mock.patch.object(printing, "pdf_of", side_effect=str.encode) as made:
        refused = client.get(address)
        assert not made.called
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        said = Page(refused).text
        assert "Other reports are being made at this moment, so yours was not begun." in said
        assert client.get(reverse("worklist")).status_code == 200
        taken.close()
        assert client.get(address).status_code == 200


LETTER_POINTS = (612, 792)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("name", ["validation-report", "patient-copy-pdf"])
def test_what_has_many_pages_comes_on_the_paper_and_in_the_language_that_are_chosen(
    name: str,
) -> None:
    client, of = signed_in(cast.rita()), cast.recorded()
    chosen = {"language": "zh-hans", "paper": "letter"}
    if name == "validation-report":
        answer = client.get(reverse(name), chosen)
    else:
        answer = client.post(reverse(name, args=[of.patient_id]), chosen)
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in pages} == {LETTER_POINTS}
    texts = [page.extract_text() for page in pages]
    assert f"第 1 页，共 {len(pages)} 页" in texts[0]
    assert wrong_marks((line for text in texts for line in text.splitlines()), of_pdf=True) == []
    # The page itself stays in the user's language, and says what can't be printed.
    refused = {"language": "fr", "paper": "a3"}
    if name == "validation-report":
        answer = client.get(reverse(name), refused, follow=True)
    else:
        answer = client.post(reverse(name, args=[of.patient_id]), refused, follow=True)
    said = Page(answer).text
    assert "Nothing was printed: reports are printed in English (en) or Chinese (zh-hans)." in said
    assert "Nothing was printed: reports are printed on A4 (a4) or US Letter (letter)." in said


@pytest.mark.django_db
def test_a_pdf_that_fails_leaves_its_place() -> None:
    client = signed_in(cast.bob())
    client.raise_request_exception = False
    address = reverse("assessment-report", args=[cast.recorded().pk])
    places = printing._places._value
    with mock.patch.object(printing, "pdf_of", side_effect=ReportTimeoutError("late")):
        assert {client.get(address).status_code for _ in range(places + 1)} == {503}
    assert printing._places._value == places


def test_those_outside_of_the_database_leave_a_thread_free(settings: Settings) -> None:
    """Six slots of eight threads: with three outside, the seventh in all is the last to begin."""
    settings.DB_BUSY_SECONDS = 0
    slots = DatabaseSlots(6)

    def outside(key: int) -> None:
        assert slots.acquire(key)
        slots.leave(key)

    for key in range(3):
        outside(key)
    assert all(slots.acquire(key) for key in range(3, 7))
    assert not slots.acquire(7)
    # Who comes back has a thread already, and does not wait.
    slots.come_back(0)
    assert not slots.acquire(7)
    slots.release(0)
    assert slots.acquire(7)


def test_whoever_waits_outside_does_not_count_as_hanging(settings: Settings) -> None:
    settings.DB_BUSY_SECONDS = 600
    slots = DatabaseSlots(1)
    assert slots.acquire(1)
    slots.leave(1)
    assert slots.acquire(2)
    came: list[Any] = []
    third = threading.Thread(target=lambda: came.append(slots.acquire(3)))
    third.start()
    slots.release(2)
    third.join(60)
    assert came == [True]
