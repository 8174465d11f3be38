"""Steps of a launch: from the server's link to the form, and what a refusal looks like."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import AuditEvent
from tests.smart.ehr import LAUNCH, Ehr
from tests.web.html import Page

NAME = "St Example EHR"
BACK = "http://testserver/smart/callback"


def day(ago: int = 3) -> str:
    """A day before today, as FHIR has it."""
    return (timezone.localdate() - timedelta(days=ago)).isoformat()


def launched(client: Client, ehr: Ehr, **query: str) -> str:
    """The address of the server's sign-in that a launch leads to."""
    address = f"{reverse('smart-launch')}?{urlencode({'iss': ehr.base, 'launch': LAUNCH} | query)}"
    answer = client.get(address)
    assert (answer.status_code, urlsplit(answer["Location"]).path) == (302, reverse("smart-start"))
    return led_on(client.get(answer["Location"]))


def led_on(answer: Any) -> str:
    """Where the page leads by itself, and by its link."""
    address: str = answer.headers["Refresh"].removeprefix("0; url=")
    assert f'href="{address.replace("&", "&amp;")}"' in answer.content.decode()
    return address


def signed_in_there(address: str) -> str:
    """Where the server leads the browser once the user has signed in there."""
    led = requests.get(address, allow_redirects=False, timeout=5).headers["Location"]
    assert led.startswith(BACK)
    return led


def called_back(client: Client, ehr: Ehr, **query: str) -> Any:
    """What the site answers once the user has signed in at the server."""
    return client.get(signed_in_there(launched(client, ehr, **query)))


def opened_form(client: Client, ehr: Ehr, **query: str) -> Page:
    """The form that a launch opens."""
    answer = called_back(client, ehr, **query)
    assert answer.status_code == 302, Page(answer).text
    return Page(client.get(answer["Location"]))


def refused(answer: Any, said: str, trouble: str) -> AuditEvent:
    """The page says why, nothing is kept, and the access log has it."""
    assert answer.status_code == 403
    assert said in Page(answer).text
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.detail["trouble"]) == (AuditEvent.Action.SMART_REFUSED, trouble)
    return event


def fills(page: Page) -> list[str]:
    """The rest of the page behind each button that takes a value over."""
    return page.html.split('data-fills="')[1:]
