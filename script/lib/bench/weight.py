"""The command ``script/bench --weight``: what a browser fetches for the form and for a result.

A real Chromium at the demonstration, served by gunicorn. Bytes are those of the bodies as they come
over the wire, as Chromium counts them; what it takes from its cache counts as nothing.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page, sync_playwright

from script.lib.abort import Abort, run
from script.lib.bench.ward_site import running_site

_CHROMIUM = "/usr/bin/chromium-headless-shell"
_FORM = "/assessments/new"
_FAILURES = {"error", "warning"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Start a site, visit the pages twice, print a table in Markdown."""
    argparse.ArgumentParser(prog="script/bench --weight").parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder) / "data") as site:
        secrets = Path(folder) / "data" / "secrets" / "demonstration.json"
        origin = f"http://127.0.0.1:{site.port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            cookies, result = _signed_in(
                browser.new_context(base_url=origin), json.loads(secrets.read_text())["clinician"]
            )
            print("| page | visit | requests | kB | of it HTML |")
            print("|---|---|---:|---:|---:|")
            for name, address in (("form", _FORM), ("result", result)):
                context = browser.new_context(base_url=origin)
                context.add_cookies(cookies)
                for number in ("first", "later"):
                    _print(name, number, origin + address, _visit(context.new_page(), address))
            browser.close()
    return 0


def _signed_in(context: BrowserContext, password: str) -> tuple[Any, str]:
    """The cookies of a clinician, and the address of a result."""
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=username]", "clinician")
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.goto("/history?state=final")
    address = page.get_attribute("main a[href^='/assessments/']", "href")
    if address is None:
        raise Abort("The demonstration has no final result.")
    return context.cookies(), address


def _visit(page: Page, address: str) -> dict[str, int]:
    """The bytes of everything that one page fetches until it is quiet, by address."""
    addresses, heads, fetched = dict[str, str](), dict[str, int](), dict[str, int]()

    def came(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]
        heads[event["requestId"]] = round(event["response"]["encodedDataLength"])

    def ended(event: dict[str, Any]) -> None:
        key = event["requestId"]
        size = round(event["encodedDataLength"]) - heads.get(key, 0)
        # Nothing comes over the wire of what is in the cache.
        if key in addresses and size > 0:
            fetched[addresses[key]] = size

    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.responseReceived", came)
    client.on("Network.loadingFinished", ended)
    failed = list[str]()
    # Whether a script or the browser was first to put the focus into the form is only said.
    page.on("console", lambda said: failed.append(said.text) if said.type in _FAILURES else None)
    page.goto(address, wait_until="networkidle")
    if failed:
        raise Abort(f"{address}: {failed[0]}")
    icon = page.get_attribute("link[rel=icon]", "href") or ""
    if len(fetched) > 1:
        # A browser with a window asks for it, too, at the first visit.
        fetched[icon] = _size(page.evaluate("location.origin") + icon)
    page.close()
    return fetched


def _size(address: str) -> int:
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip, br"})) as answer:  # noqa: S310
        return len(answer.read())


def _print(name: str, number: str, address: str, fetched: dict[str, int]) -> None:
    total, html = sum(fetched.values()) / 1000, fetched[address] / 1000
    print(f"| {name} | {number} | {len(fetched)} | {total:.1f} | {html:.1f} |")


if __name__ == "__main__":
    run(main)
