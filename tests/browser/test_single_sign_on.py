"""Single sign-on as a clinician meets it: to the hospital's service and back, in the browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from scoring.models import AuditEvent
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.web.conftest import provider as provider
from tests.web.conftest import service as service
from tests.web.conftest import serving_for, set_up_for
from tests.web.sign_in_service import Provider

pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
Action = AuditEvent.Action


@pytest.fixture
def there(
    page: Page, watch: Watch, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Sign in at the service as Alice."""
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    # What its pages ask for is their own affair: they look like this without their styles.
    page.route(re.compile("^https:"), lambda route: route.fulfill(body="", content_type="text/css"))
    add = watch._add
    of_service = re.compile("request to another host: (http://localhost:|https://cdn)")
    monkeypatch.setattr(watch, "_add", lambda problem: of_service.match(problem) or add(problem))

    def sign_in_there() -> None:
        expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
        page.get_by_placeholder("sub").fill("sub-alice")
        page.get_by_role("button", name="Authorize").click()

    return sign_in_there


def _press(page: Page) -> None:
    page.get_by_role("link", name="Sign in with St Example").click()


def test_there_and_back_out_and_in_again(page: Page, there: Callable[[], None]) -> None:
    page.goto("/history")
    _press(page)
    assert "prompt=login" in page.url
    there()
    # To the page that was asked for, by the name of the account.
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.locator("header").first).to_contain_text("Dr Alice Moore")
    steps.sign_out(page)
    page.goto("/history")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    # The service is asked anew: who finds the computer is not signed in by a press.
    _press(page)
    there()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    done = AuditEvent.objects.filter(detail__method="single sign-on").order_by("id")
    assert [line.action for line in done] == [Action.SIGN_IN, Action.SIGN_IN]


def test_who_declines_there_is_back_at_the_sign_in(page: Page, there: Callable[[], None]) -> None:
    page.goto("/sign-in")
    _press(page)
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Not signed in: it was cancelled or refused")


def test_a_token_that_has_run_out_is_refused(
    page: Page, there: Callable[[], None], settings: Settings
) -> None:
    with serving_for(timedelta(minutes=-5)) as late:
        set_up_for(late, settings).knows("sub-alice", preferred_username="alice")
        page.goto("/sign-in")
        _press(page)
        there()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Not signed in.")
    reason = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED).detail["reason"]
    assert "ExpiredSignatureError" in reason


def test_a_service_that_does_not_answer_is_named(
    page: Page, there: Callable[[], None], settings: Settings
) -> None:
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://localhost:9/token"
    page.goto("/sign-in")
    _press(page)
    there()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("main")).to_contain_text("The sign-in service does not answer.")
    # The password goes on.
    steps.sign_in(page)
