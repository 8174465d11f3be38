"""The whole main job through TLS: Chromium, the nginx example, and the site in production mode."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, expect

from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.scripts.conftest import CHECKOUT, Private, copied, started
from tests.scripts.conftest import with_tables as with_tables
from tests.scripts.front import HOST, Front, standing

ALICE = "import django; django.setup(); from tests import cast; cast.alice()"
SITE = f"https://{HOST}"
# In the page: Playwright's own requests don't find the host.
PRINTED = """async address => {
    const answer = await fetch(address);
    return [answer.status, (await answer.text()).slice(0, 5)];
}"""


@pytest.fixture
def front(
    reachable_folder: Path, with_tables: Private, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    running = copied(with_tables, reachable_folder / "browser-behind-nginx")
    with started(running):
        environment = running.environment(DJANGO_SETTINGS_MODULE="rbpsite.settings")
        subprocess.run([sys.executable, "-c", ALICE], cwd=CHECKOUT, env=environment, check=True)
        with standing(running, tmp_path_factory.mktemp("nginx")) as front:
            yield front


@pytest.fixture
def outside(
    front: Front, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[BrowserContext]:
    """A browser that finds the host name at nginx."""
    ports = {80: front.http_port, 443: front.https_port}
    rules = ",".join(f"MAP {HOST}:{port} 127.0.0.1:{at}" for port, at in ports.items())
    args = [*browser_type_launch_args["args"], f"--host-resolver-rules={rules}"]
    browser = browser_type.launch(**browser_type_launch_args | {"args": args})
    # The certificate is the test's own.
    yield browser.new_context(base_url=SITE, ignore_https_errors=True, locale="en-GB")
    browser.close()


def lately() -> dict[str, str]:
    """The worked example, with an operation three days ago: nothing has to be confirmed."""
    later = date.today() - timedelta(days=3) - cast.OPERATION
    values = steps.worked_example()
    for name in values:
        if name.endswith("_date"):
            values[name] = cast.written(datetime.strptime(values[name], "%d-%b-%Y").date() + later)
    return values


def test_from_sign_in_to_the_report_through_tls(front: Front, outside: BrowserContext) -> None:
    watch = Watch(SITE)
    watch.over(outside)
    page = outside.new_page()
    page.goto(f"http://{HOST}/history")
    assert page.url.startswith(f"{SITE}/")
    steps.sign_in(page)
    page.get_by_role("link", name="New assessment").last.click()
    steps.fill_in(page, lately())
    expect(page.locator("#live-risk-final")).to_have_text(worked.RISK)
    result_url = steps.saved(page)
    assert result_url.startswith(f"{SITE}/assessments/")
    assert page.evaluate(PRINTED, f"{result_url}/report") == [200, "%PDF-"]
    page.goto("/history")
    expect(page.locator("tbody tr")).to_contain_text("Wang, Xiulan")
    cookies = {cookie.get("name"): cookie for cookie in outside.cookies()}
    assert set(cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in cookies.values():
        assert (cookie.get("secure"), cookie.get("httpOnly")) == (True, True)
        assert (cookie.get("path"), cookie.get("sameSite")) == ("/", "Lax")
        assert cookie.get("domain") == HOST
    steps.sign_out(page)
    page.goto(result_url)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    # Only the very first request went without TLS.
    assert watch.problems == [f"request to another host: http://{HOST}/history"]
    assert all("wang" not in text.casefold() for text in front.logs().values())
