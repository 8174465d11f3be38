"""Who is due, and what the board and the navigation say of it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from scoring.models import Assessment
from tests import cast
from tests.web.html import Page, elements, text


def operated(days_ago: int, number: str, *, provisional: bool = False) -> Assessment:
    """An assessment of somebody operated on some days ago."""
    changes = {
        "operation_date": timezone.localdate() - timedelta(days=days_ago),
        "radiograph_date": None,
    }
    make = cast.before_the_radiograph if provisional else cast.worked_example
    return cast.recorded(cast.person(number, family_name=f"W{number}"), make(**changes))


def worklist(client: Client) -> Page:
    return Page(client.get("/"))


def badge(page: Page) -> str:
    found = [e for e in elements(page.root) if dict(e.attributes).get("class") == "badge-due"]
    return text(found[0]) if found else ""
