"""The browser of the tests: Debian's Chromium, watched so that nothing goes wrong in silence."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.browser import soundness, steps

# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine is slow, not wrong; the time is spent only where a test fails.
expect.set_options(timeout=15_000)

_HERE = Path(__file__).parent
_FROM_NOWHERE = ("data:", "blob:", "about:")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, with nothing of its own on the network."""
    return {
        "executable_path": "/usr/bin/chromium-headless-shell",
        "args": [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(
    browser_context_args: dict[str, Any], live_server: LiveServer
) -> dict[str, Any]:
    """A ward's screen; ``page.goto("/")`` goes to the site under test."""
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "viewport": {"width": 1366, "height": 768},
        "locale": "en-GB",
        "timezone_id": "Asia/Shanghai",
    }


@dataclass
class Watch:
    """What went wrong in the browser during a test."""

    site: str
    expected_statuses: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def expect_status(self, status: int) -> None:
        """Declare that the test provokes answers with this HTTP status."""
        self.expected_statuses.add(status)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of the context."""
        context.on("console", self._console)
        context.on("weberror", lambda failure: self._add(f"script error: {failure.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _add(self, problem: str) -> None:
        self.problems.append(problem)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium's words for it, and htmx's.
        words = ("status of", "Status Error Code")
        # A form may be sent while a date in it is still being read. What fails is a sendError.
        is_abandoned = message.text.startswith(("htmx:afterRequest,", "htmx:sendAbort,"))
        excused = is_abandoned or any(
            f"{word} {status} " in message.text
            for word in words
            for status in self.expected_statuses
        )
        if message.type in {"error", "warning"} and not excused:
            self._add(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", *_FROM_NOWHERE)):
            self._add(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self._add(f"status {response.status}: {response.url}")


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    """Fails the test when the browser met anything that the test did not declare."""
    watch = Watch(live_server.url)
    yield watch
    if watch.problems:
        pytest.fail("The browser reported:\n" + "\n".join(watch.problems), pytrace=False)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], watch: Watch
) -> Callable[..., BrowserContext]:
    """Every window of a test is watched, the first one and those it opens itself."""

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        watch.over(context)
        return context

    return watched


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Asserts that axe finds nothing to mend on the page as it stands."""
    return soundness.assert_axe_finds_nothing


@pytest.fixture
def ward(page: Page, live_server: LiveServer) -> Page:
    """A window in which Alice is signed in; nothing is opened yet."""
    steps.hold_session(page.context, cast.alice(), live_server.url)
    return page


@pytest.fixture
def plain_ward(new_context: Callable[..., BrowserContext], live_server: LiveServer) -> Page:
    """The same in a browser without JavaScript."""
    context = new_context(java_script_enabled=False)
    steps.hold_session(context, cast.alice(), live_server.url)
    return context.new_page()
