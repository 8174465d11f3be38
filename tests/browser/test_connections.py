"""The page "Connections" on a telephone: what each card is about, and a slip of the finger."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from scoring.models import Role
from scoring.smart.servers import Server
from tests import cast
from tests.browser import steps
from tests.fhir.cds_client import CLIENTS
from tests.laboratory.kept import kept_message, pdw_of
from tests.laboratory.messages import obx, oru
from tests.tokens import token_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 780}


@pytest.fixture
def connections(page: Page, live_server: LiveServer, settings: Settings) -> Page:
    """Adam's telephone with the page and all its lists."""
    settings.HL7_IS_SET_UP = True
    settings.SMART_SERVERS = [Server("Hospital EHR", "https://ehr.hospital.example/fhir", "rbp")]
    settings.CDS_CLIENTS = CLIENTS
    kept_message(oru(obx(), processing="Q"))
    token_of("HIS interface", Role.REVIEWER)
    steps.hold_session(page.context, cast.adam(), live_server.url)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/connections")
    return page


def test_each_card_says_what_it_is_about(connections: Page) -> None:
    cells = connections.locator(".cards > tbody > tr > td:first-child")
    # A refused message twice, a server, a client, an application.
    expect(cells).to_have_count(5)
    for cell in cells.all():
        expect(cell).to_be_visible()
    tables = connections.locator(".table-scroll")
    hidden = tables.evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert max(hidden) <= 0


def test_a_card_of_a_result_names_the_predictor(ward: Page) -> None:
    cast.registered("H7")
    message = pdw_of("H7")
    ward.set_viewport_size(PHONE)  # type: ignore[arg-type]
    ward.goto(f"/connections/laboratory/{message.pk}")
    expect(ward.get_by_role("cell", name="Platelet distribution width")).to_be_visible()


def test_a_token_is_revoked_by_the_second_press(connections: Page) -> None:
    really = connections.get_by_role("button", name="Yes, revoke for good")
    expect(really).to_be_hidden()
    connections.locator("summary", has_text="Revoke").click()
    expect(really).to_be_in_viewport(ratio=1)
    really.click()
    expect(connections.locator(".cards")).to_contain_text(["Revoked"])
