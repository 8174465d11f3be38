"""The whole main job with the paper's worked example: from sign-in to the printed report."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch


def test_from_sign_in_to_the_report(ward: Page) -> None:
    ward.get_by_role("link", name="New assessment").last.click()
    values = steps.worked_example()
    before_the_radiograph = dict(list(values.items())[:-2])
    steps.fill_in(ward, before_the_radiograph)
    expect(ward.locator("#live-total")).to_have_text("148.21")
    expect(ward.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")

    steps.enter(ward, "mvh_restored", values["mvh_restored"])
    expect(ward.locator("#live-total")).to_have_text("183.89")
    expect(ward.locator("#live-risk-final")).to_have_text("77 %")
    steps.enter(ward, "radiograph_date", values["radiograph_date"])

    result_url = steps.saved(ward)
    for shown in ("183.89", "About 77 of 100", "60–88 %", "75–80 %", "WANG, Xiulan", "00482913"):
        expect(ward.locator("body")).to_contain_text(shown)
    expect(ward.locator(".risk-number")).to_have_text("77%")

    text = steps.report_text(ward, result_url)
    for printed in ("183.89", "77 %", "60–88 %", "75–80 %", "WANG, Xiulan", "00482913", "12.8 fL"):
        assert printed in text
    assert "rovisional" not in text
    assert ward.get_by_role("link", name="Print report").get_attribute("href") in (
        f"{result_url}/report",
        f"{result_url.removeprefix(re.match('https?://[^/]+', result_url)[0])}/report",
    )

    for searched in ("00482913", "0048", "wang", "Xiulan", "XIULAN WANG", "ｗａｎｇ"):
        assert_history_finds(ward, searched)

    steps.sign_out(ward)


def assert_history_finds(page: Page, searched: str) -> None:
    page.get_by_role("link", name="History", exact=True).click()
    page.get_by_label("Hospital number from its beginning").fill(searched)
    page.get_by_role("button", name="Show").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    for shown in ("WANG, Xiulan", "00482913", "183.89", "77 %", "Final"):
        expect(rows).to_contain_text(shown)
    assert "ang" not in page.url
    assert "0048" not in page.url
