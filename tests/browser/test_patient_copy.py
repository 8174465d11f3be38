"""A patient asks for a copy: from the record to both files, in the browser."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.browser import steps
from tests.browser.soundness import assert_sound
from tests.patient_copy.record import everything
from tests.report.paper import read

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_files_from_the_page_of_the_patient(
    page: Page,
    live_server: LiveServer,
) -> None:
    patient = everything()
    steps.hold_session(page.context, cast.rita(), live_server.url)
    page.goto(f"/patients/{patient.pk}")
    page.get_by_role("link", name="Copy for the patient").click()
    expect(page.get_by_text("The hospital checks who asks")).to_be_visible()
    assert_sound(page)
    files = {}
    for kind in ("PDF", "JSON"):
        with page.expect_download() as started:
            page.get_by_role("button", name=f"Download {kind}").click()
        files[kind] = Path(started.value.path()).read_bytes()
        assert started.value.suggested_filename.endswith(f".{kind.lower()}")
    assert json.loads(files["JSON"])["patient"]["hospital_number"] == "47119"
    assert "47119" in read(files["PDF"])[1]
