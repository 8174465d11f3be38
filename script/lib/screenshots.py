"""The pictures of the documents and of the guide, taken in a browser from the demonstration.

``script/screenshots`` calls it. Each language has a demonstration of its own. Every picture has at
most 64 colors: the pages have few, and the files stay small.
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
_COLORS = 64
# A ward's screen. The guide prints two pictures 182 mm wide, so high that its first page has room.
_SCREEN = ViewportSize(width=1366, height=768)
_FORM_PX, _WORKLIST_PX = 430, 360
# The name of a patient who is made up, and what else is typed and chosen in the form, by name.
_NAMES = {"en": ("Wang", "Suyun"), "zh-hans": ("王", "素云")}
_TEXTS = {
    "hospital_number": "SYN-0901",
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
# The sheet with this heading begins right below the band that says that patients are made up.
_TO_THE_TOP = """heading => {
    const band = document.querySelector(".band").getBoundingClientRect().height;
    const sheet = heading.closest(".sheet").getBoundingClientRect();
    window.scrollTo(0, sheet.top - band - 8);
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(prog="script/screenshots")
    parser.add_argument(
        "--site", help="a demonstration that runs already, with --password of its clinician"
    )
    parser.add_argument("--password")
    chosen = parser.parse_args(arguments)
    GUIDE.mkdir(exist_ok=True)
    for language in LANGUAGES:
        if chosen.site:
            _take_all(chosen.site, chosen.password, language)
            continue
        with _demonstration(language) as (site, password):
            _take_all(site, password, language)
    return 0


@contextmanager
def _demonstration(language: str) -> Iterator[tuple[str, str]]:
    """A site of its own with synthetic patients: its address, and the clinician's password."""
    with tempfile.TemporaryDirectory(prefix="rbp-screenshots-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {
            "RBP_DATA_DIR": folder,
            "RBP_LANGUAGE": language,
            "RBP_MODE": "local",
        }
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


def _take_all(site: str, password: str, language: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell",
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        _take(browser, site, password, language)
        browser.close()


def _take(browser: Browser, site: str, password: str, language: str) -> None:
    suffix = LANGUAGES[language]
    page = browser.new_page(
        base_url=site, viewport=_SCREEN, timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    page.set_default_timeout(180_000)
    page.goto("/sign-in")
    page.locator("#id_username").fill("clinician")
    page.locator("#id_password").fill(password)
    page.locator("form:has(#id_password) button[type=submit]").click()
    page.locator("#id_password").wait_for(state="detached")
    # A whole page before the switch: on one that is still coming, its press is lost.
    page.goto("/about")
    _switch(page, language)
    page.goto("/")
    path = GUIDE / f"worklist.{language}.png"
    _keep(page, language, path, height=_WORKLIST_PX, top="#h-radiographs")
    _fill_in(page, *_NAMES[language])
    _keep(page, language, GUIDE / f"form.{language}.png", height=_FORM_PX, top="#h-predictors")
    _keep(page, language, DOCUMENTS / f"assessment-new{suffix}.png")
    _discard(page)
    page.goto("/history?state=final")
    page.locator("tbody a[href^='/assessments/']").first.click()
    page.locator("a[href$='/report']").first.wait_for()
    _keep(page, language, GUIDE / f"result.{language}.png", part=".result > .sheet:first-child")
    _keep(page, language, DOCUMENTS / f"result{suffix}.png")
    _keep_report(page, language, DOCUMENTS / f"report{suffix}.png")
    page.close()


def _switch(page: Page, language: str) -> None:
    """Choose the language on the page, where it is not chosen already.

    Raises ``Abort`` where the page is in another one then.
    """
    button = page.locator(f'form.language button[value="{language}"]')
    if button.count():
        button.click()
        page.locator(f'form.language span[lang="{language}"]').wait_for()
    _check_language(page, language)


def _check_language(page: Page, language: str) -> None:
    said = page.locator("html").get_attribute("lang") or ""
    if said.lower() != language:
        raise Abort(f"{page.url} is in {said!r}, not in {language!r}: no picture was taken of it.")


def _fill_in(page: Page, family_name: str, given_name: str) -> None:
    """A new assessment before the operation; it is not saved."""
    page.goto("/assessments/new")
    planned = date.today() + timedelta(days=2)
    texts = _TEXTS | {
        "family_name": family_name,
        "given_name": given_name,
        "operation_date": f"{planned:%Y-%m-%d}",
    }
    for name, text in texts.items():
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
    page: Page, language: str, path: Path, *, height: int = 0, top: str = "", part: str = ""
) -> None:
    """A picture of the whole page, of ``part`` of it, or of so much height from ``top`` on."""
    _check_language(page, language)
    page.evaluate("() => document.activeElement?.blur()")
    # The whole: so high that what is fixed to the foot of the window stands at that of the page.
    height = height or page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size(ViewportSize(width=_SCREEN["width"], height=height))
    page.evaluate("() => window.scrollTo(0, 0)")
    if top:
        page.locator(top).evaluate(_TO_THE_TOP)
    if part:
        _save(page.locator(part).screenshot(type="png"), path)
    else:
        _save(page.screenshot(type="png"), path)
    page.set_viewport_size(_SCREEN)


def _keep_report(page: Page, language: str, path: Path) -> None:
    address = page.locator("a[href$='/report']").first.get_attribute("href")
    answer = page.request.get(f"{address}?language={language}", timeout=180_000)
    if not answer.ok:
        raise Abort(f"The report was not printed: {answer.status} {answer.status_text}. Try again.")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "report.pdf").write_bytes(answer.body())
        drawn = ["pdftoppm", "-png", "-r", "110", "-singlefile", "report.pdf", "report"]
        subprocess.run(drawn, cwd=folder, check=True)
        _save(Path(folder, "report.png").read_bytes(), path)


def _save(png: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(_COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(CHECKOUT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    run(main)
