"""The pictures of the documents and of the guide, taken in a browser from the demonstration.

``script/screenshots`` calls it. Every picture has at most 64 colours: the pages have few, and the
files stay small.
"""

import argparse
import io
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from script.lib.abort import Abort, run
from script.lib.folders import CHECKOUT

DOCUMENTS = CHECKOUT / "docs" / "images"
GUIDE = CHECKOUT / "static" / "scoring" / "help"
# Language of the site, and what follows the name of a picture in the documents.
LANGUAGES = {"en": "", "zh-hans": ".zh-CN"}
_COLOURS = 64
# A ward's screen; pictures of the guide are printed 88 mm wide.
_SCREEN, _GUIDE_PX = ViewportSize(width=1366, height=768), 1000
# What is chosen in the form, by name: of a patient who is made up.
_TEXTS = {
    "hospital_number": "SYN-0901",
    "family_name": "Wang",
    "given_name": "Suyun",
    "birth_date": "14.7.1944",
    "t_score": "-2.8",
    "pdw_fl": "12,8",
    "chloride_mmol_l": "105 mEq/L",
}
_CHOICES = {
    "sex": "female",
    "operation_status": "planned",
    "trauma_history": "yes",
    "posterior_fascia_edema": "yes",
    "mvh_restored": "not_known_yet",
}
_LISTS = {"fracture_level": "L1", "pdw_unit": "fL"}
_START_SECONDS = 1800


def main(arguments: Sequence[str] | None = None) -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(prog="script/screenshots")
    parser.add_argument(
        "--site", help="a demonstration that runs already, with --password of its clinician"
    )
    parser.add_argument("--password")
    chosen = parser.parse_args(arguments)
    GUIDE.mkdir(exist_ok=True)
    if chosen.site:
        _take_all(chosen.site, chosen.password)
        return 0
    with _demonstration() as (site, password):
        _take_all(site, password)
    return 0


@contextmanager
def _demonstration() -> Iterator[tuple[str, str]]:
    """A site of its own with synthetic patients: its address, and the clinician's password."""
    with tempfile.TemporaryDirectory(prefix="rbp-screenshots-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {"RBP_DATA_DIR": folder, "RBP_MODE": "local"}
        environment.pop("DATABASE_URL", None)
        server = subprocess.Popen(
            [CHECKOUT / "script" / "server", "--demo", "--port", str(port)], env=environment
        )
        try:
            _wait(server, f"http://127.0.0.1:{port}")
            secrets = json.loads(Path(folder, "secrets", "demonstration.json").read_text())
            yield f"http://127.0.0.1:{port}", secrets["clinician"]
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", site: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise Abort("The demonstration did not start.")
        try:
            urllib.request.urlopen(f"{site}/healthz", timeout=5).close()  # noqa: S310 - our own
        except (urllib.error.URLError, TimeoutError):
            time.sleep(1)
        else:
            return
    raise Abort("The demonstration did not answer in time.")


def _take_all(site: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell",
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        for language, suffix in LANGUAGES.items():
            _take(browser, site, password, language, suffix)
        browser.close()


def _take(browser: Browser, site: str, password: str, language: str, suffix: str) -> None:
    page = browser.new_page(
        base_url=site, viewport=_SCREEN, timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    page.set_default_timeout(180_000)
    page.goto("/sign-in")
    page.locator("#id_username").fill("clinician")
    page.locator("#id_password").fill(password)
    page.locator("form:has(#id_password) button[type=submit]").click()
    page.locator("#id_password").wait_for(state="detached")
    _switch(page, language)
    page.goto("/")
    _keep(page, GUIDE / f"worklist.{language}.png", width=_GUIDE_PX)
    _fill_in(page)
    _keep(page, GUIDE / f"form.{language}.png", width=_GUIDE_PX, top="#h-predictors")
    _keep(page, DOCUMENTS / f"assessment-new{suffix}.png", whole=True)
    _discard(page)
    page.goto("/history?state=final")
    page.locator("tbody a[href^='/assessments/']").first.click()
    page.locator("a[href$='/report']").first.wait_for()
    _keep(page, GUIDE / f"result.{language}.png", width=_GUIDE_PX)
    _keep(page, DOCUMENTS / f"result{suffix}.png", whole=True)
    _keep_report(page, DOCUMENTS / f"report{suffix}.png")
    _switch(page, "en")
    page.close()


def _switch(page: Page, language: str) -> None:
    """Choose the language on the page, where it is not chosen already."""
    button = page.locator(f'form.language button[value="{language}"]')
    if button.count():
        button.click()
        page.locator(f'form.language span[lang="{language}"]').wait_for()


def _fill_in(page: Page) -> None:
    """A new assessment before the operation; it is not saved."""
    page.goto("/assessments/new")
    planned = date.today() + timedelta(days=2)
    for name, text in {**_TEXTS, "operation_date": f"{planned:%Y-%m-%d}"}.items():
        page.locator(f"#id_{name}").fill(text)
        page.locator(f"#id_{name}").blur()
    for name, choice in _LISTS.items():
        page.locator(f"#id_{name}").select_option(choice)
    for name, value in _CHOICES.items():
        chosen = page.locator(f'input[name="{name}"][value="{value}"]')
        page.locator(f'label[for="{chosen.get_attribute("id")}"]').click()
    page.locator("[data-exclusions]").click()
    for answer in page.locator('.checks [data-study="yes"] input[value="yes"]').all():
        page.locator(f'label[for="{answer.get_attribute("id")}"]').click()
    # The panel follows what is typed.
    page.locator("#points [id^=live-risk]").first.wait_for()


def _discard(page: Page) -> None:
    """Leave no unfinished form: the next pictures would show it."""
    page.goto("/")
    while (draft := page.locator("details.discard").first).count():
        draft.locator("summary").click()
        draft.locator("button[type=submit]").click()


def _keep(
    page: Page, path: Path, *, width: int | None = None, whole: bool = False, top: str = ""
) -> None:
    """A picture of the page: what the screen shows, from ``top`` on, or the whole of it."""
    page.evaluate("() => document.activeElement?.blur()")
    if whole:
        # So high that what is fixed to the foot of the window stands at the foot of the page.
        height = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size(ViewportSize(width=_SCREEN["width"], height=height))
    if top:
        page.locator(top).evaluate("element => element.scrollIntoView()")
    else:
        page.evaluate("() => window.scrollTo(0, 0)")
    _save(page.screenshot(type="png"), path, width)
    page.set_viewport_size(_SCREEN)


def _keep_report(page: Page, path: Path) -> None:
    address = page.locator("a[href$='/report']").first.get_attribute("href")
    answer = page.request.get(address or "", timeout=180_000)
    if not answer.ok:
        raise Abort(f"The report was not printed: {answer.status} {answer.status_text}. Try again.")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "report.pdf").write_bytes(answer.body())
        drawn = ["pdftoppm", "-png", "-r", "110", "-singlefile", "report.pdf", "report"]
        subprocess.run(drawn, cwd=folder, check=True)
        _save(Path(folder, "report.png").read_bytes(), path, None)


def _save(png: bytes, path: Path, width: int | None) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if width:
        height = round(picture.height * width / picture.width)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(CHECKOUT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    run(main)
