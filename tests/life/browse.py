"""Pages of the life of an assessment, opened and sent back as a browser does it."""

import io
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.test.html import Element
from django.urls import reverse
from pypdf import PdfReader

from scoring.models import Assessment, Patient
from tests.web.html import Page, classes, elements, text

# Neither the secret of forms nor the mark of whose form it is: both change at every look.
NEVER_SENT = {"switched_on", "csrfmiddlewaretoken", "kept_for", "q"}
# Somebody who is not on record, as the form sends her.
NEW_PATIENT = {
    "hospital_number": "H8",
    "known_patient": "",
    "family_name": "Li",
    "given_name": "Na",
    "birth_date": "01-Feb-1955",
    "sex": "female",
}


def address(name: str, of: Assessment | Patient) -> str:
    """Where a page of an assessment or a patient is."""
    return reverse(name, args=[of.pk])


def opened(client: Client, name: str, of: Assessment | Patient) -> Page:
    """A page, which must be there."""
    response = client.get(address(name, of))
    assert response.status_code == 200, (name, response.status_code)
    return Page(response)


def sent(client: Client, name: str, of: Assessment | Patient, data: dict[str, Any]) -> HttpResponse:
    """Send a form of a page."""
    response: HttpResponse = client.post(address(name, of), data)  # type: ignore[assignment]
    return response


def as_shown(page: Page) -> dict[str, str]:
    """What a browser would send of the page's form as it stands."""
    names = {control.name for control in page.controls} - NEVER_SENT
    values = {name: page.value(name) for name in names}
    unset = {
        control.name
        for control in page.controls
        if control.attributes.get("type") in {"radio", "checkbox"} and not values.get(control.name)
    }
    return {name: value for name, value in values.items() if name not in unset}


def filled(client: Client, name: str, of: Assessment | Patient, **changes: str) -> dict[str, str]:
    """The form of a page as it opens, with something entered."""
    return as_shown(opened(client, name, of)) | changes


def led_to(response: HttpResponse | Any) -> str:
    """The page an answer leads to."""
    assert response.status_code == 302, response.status_code
    return str(response.headers["Location"])


def messages(client: Client, at: str) -> list[str]:
    """What a page says on top about what was just done."""
    return notes(Page(client.get(at)))


def notes(page: Page) -> list[str]:
    """What a page says on top."""
    found = [e for e in elements(page.root) if dict(e.attributes).get("role") == "status"]
    return [text(note) for note in found if note.name == "div" and "note" in classes(note)]


def section(page: Page, heading: str) -> str:
    """The text of a section by the id of its heading."""
    found = [e for e in elements(page.root) if dict(e.attributes).get("aria-labelledby") == heading]
    return text(next(e for e in found if e.name == "section"))


def rows(page: Page, heading: str) -> list[list[str]]:
    """The rows of the table in a section, cell by cell."""
    found = [e for e in elements(page.root) if dict(e.attributes).get("aria-labelledby") == heading]
    table = next(e for e in found if e.name == "section")
    return [
        [text(cell) for cell in row.children if isinstance(cell, Element)]
        for row in elements(table)
        if row.name == "tr" and not any(e.name == "th" and e in row.children for e in _heads(row))
    ]


def _heads(row: Element) -> list[Element]:
    cells = [cell for cell in row.children if isinstance(cell, Element)]
    return [cell for cell in cells if dict(cell.attributes).get("scope") != "row"]


def links(page: Page) -> dict[str, str]:
    """Every link of a page by its text."""
    return {
        text(e): str(dict(e.attributes).get("href"))
        for e in elements(page.root)
        if e.name == "a" and dict(e.attributes).get("href")
    }


def printed(client: Client, of: Assessment) -> str:
    """The text of the report."""
    response = client.get(address("assessment-report", of))
    assert response.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
