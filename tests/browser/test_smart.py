"""Opened from a hospital's chart, as a clinician meets it: out of a frame, there and back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from scoring.fhir.structure import is_known
from scoring.models import AuditEvent
from scoring.smart.servers import Server
from tests import cast
from tests.browser.conftest import Watch
from tests.smart.conftest import ehr as ehr
from tests.smart.ehr import CLIENT, LAUNCH, Ehr, quantity


def test_from_a_frame_in_the_chart_to_a_value_that_was_taken(
    page: Page, watch: Watch, ehr: Ehr, settings: Settings, live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.SMART_SERVERS = [Server("St Example EHR", ehr.base, CLIENT)]
    ehr.redirect_uris.add(f"{live_server.url}/smart/callback")
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    ehr.observations = [quantity("32207-3", 12.8, "fL", day)]
    launch = f"{live_server.url}/smart/launch?iss={ehr.base}&launch={LAUNCH}"
    chart = f'<iframe src="{launch}" width="900" height="500"></iframe>'.encode()
    ehr.answers = {"/chart": (200, {"Content-Type": "text/html"}, chart)}
    add = watch._add
    there = re.compile(f"request to another host: {ehr.base}/")
    monkeypatch.setattr(watch, "_add", lambda problem: there.match(problem) or add(problem))
    cast.alice()
    # Its first use takes seconds: not while the browser waits.
    assert is_known("Observation")
    page.goto(f"{ehr.base}/chart")
    framed = page.frame_locator("iframe")
    expect(framed.locator("main")).to_contain_text("This site can't be shown inside another page.")
    with page.expect_popup() as opened:
        framed.get_by_role("link", name="Open in a window of its own").click()
    site = opened.value
    # Not signed in: behind a form, a redirect to another host is against the policy of our pages.
    site.get_by_label("Username").fill("alice")
    site.get_by_label("Password").fill(cast.PASSWORD)
    site.get_by_role("button", name="Sign in").click()
    expect(site.get_by_role("heading", name="Read from St Example EHR")).to_be_visible()
    expect(site.get_by_label("Family name")).to_have_value("Wang")
    # One value, by a press; nothing before.
    value = site.get_by_label("Platelet distribution width", exact=True)
    expect(value).to_have_value("")
    site.get_by_role("button", name="use Platelet distribution width 12.8 fL").click()
    expect(value).to_have_value("12.8")
    expect(site.locator("#offer-pdw_fl button")).to_have_count(0)
    # With another number there is nothing to take.
    site.reload()
    expect(site.locator("#offer-pdw_fl button")).to_have_count(1)
    site.get_by_label("Hospital number").fill("ANOTHER-1")
    site.get_by_label("Hospital number").blur()
    expect(site.locator("#offer-pdw_fl button")).to_have_count(0)
    assert AuditEvent.objects.filter(action=AuditEvent.Action.SMART_READ).count() == 1
