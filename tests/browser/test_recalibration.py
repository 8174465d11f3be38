"""Versions of the model: their pages, and the way of one from the outcomes to a result."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from scoring.display import percent_text
from scoring.models import Recalibration, Role, User
from scoring.study.cohort_file import CohortFile
from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.browser.openings import Opens
from tests.browser.test_pages import assert_sound
from tests.recalibration.local import (
    REASON,
    adjusted,
    approved,
    few_resamples,
    instead_of_the_record,
    proposed,
    rejected,
    retired,
)
from tests.validation.ward import cohort_file, on_record

PROPOSE = "/validation/recalibration"
BOTH_RISKS = "Published and adjusted risk"
# As long as the form takes one: 500 characters, with a word that can't be broken at a blank.
LONG_REASON = f"{'Seen by the quality board, ' * 16}{'x' * 68}"


def _ruth() -> User:
    """Ruth Second, another reviewer."""
    return cast.account("ruth", "Ruth Second", Role.REVIEWER)


@pytest.fixture
def board(page: Page, live_server: LiveServer) -> Page:
    """A window in which Rita, a reviewer, is signed in; nothing is opened yet."""
    steps.hold_session(page.context, cast.rita(), live_server.url)
    return page


def _open(page: Page, of: Recalibration, state: str) -> None:
    page.goto(f"/models/{of.pk}")
    expect(page.locator(".head .meta")).to_contain_text(state)


def no_version(page: Page) -> None:
    """Both published versions."""
    page.goto("/models")
    expect(page.locator("tbody tr")).to_have_count(2)


def versions(page: Page) -> None:
    """One of each state, from the oldest: retired, rejected, active, waiting."""
    retired(approved())
    rejected(proposed(found=adjusted(0.5, 0.8)))
    approved(proposed(found=adjusted(-0.5, 1.0)))
    proposed(by=cast.rita())
    page.goto("/models")
    expect(page.locator("tbody tr")).to_have_count(6)


def offered(page: Page) -> None:
    with pytest.MonkeyPatch.context() as patch:
        instead_of_the_record(patch)
        page.goto(f"{PROPOSE}?population=as_study&operated_from=01-Jan-2025")
    expect(page.get_by_role("button", name="Propose this version")).to_be_visible()


def nothing_to_propose(page: Page) -> None:
    with pytest.MonkeyPatch.context() as patch:
        instead_of_the_record(patch, 0.0, 1.0)
        page.goto(PROPOSE)
    expect(page.get_by_role("heading", name="Nothing to propose")).to_be_visible()


def too_few(page: Page) -> None:
    on_record(cohort_file(), of=range(120))
    page.goto(PROPOSE)
    expect(page.get_by_role("status").first).to_contain_text("Nothing can be recalibrated")


def waiting(page: Page) -> None:
    _open(page, proposed(), "Needs approval by a second person")
    expect(page.get_by_role("button", name="Approve")).to_be_visible()


def own_proposal(page: Page) -> None:
    _open(page, proposed(by=cast.rita()), "Needs approval by a second person")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def without_a_reason(page: Page) -> None:
    waiting(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#summary")).to_contain_text("Reason: nothing entered")


def active(page: Page) -> None:
    _open(page, approved(), "Active")


def retired_one(page: Page) -> None:
    kept = approved()
    cast.recorded()
    retired(kept)
    _open(page, kept, "Retired")
    expect(page.get_by_role("region", name="Decisions").locator("tbody tr")).to_have_count(2)


def rejected_for_a_long_reason(page: Page) -> None:
    kept = proposed()
    rejected(kept, reason=LONG_REASON)
    _open(page, kept, "Rejected")


def decided_meanwhile(page: Page) -> None:
    kept = proposed()
    _open(page, kept, "Needs approval by a second person")
    approved(kept)
    steps.control(page, "reason").fill(REASON)
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status").first).to_contain_text(
        "Somebody else has already decided this"
    )


def final_result(page: Page) -> None:
    approved()
    page.goto(f"/assessments/{cast.recorded().pk}")
    expect(page.get_by_role("group", name=BOTH_RISKS)).to_be_visible()


def provisional_result(page: Page) -> None:
    approved()
    page.goto(f"/assessments/{cast.recorded(entry=cast.before_the_radiograph()).pk}")
    expect(page.get_by_role("group", name=BOTH_RISKS)).to_have_count(2)


PAGES: tuple[Opens, ...] = (
    no_version,
    versions,
    offered,
    nothing_to_propose,
    too_few,
    waiting,
    own_proposal,
    without_a_reason,
    active,
    retired_one,
    rejected_for_a_long_reason,
    decided_meanwhile,
    final_result,
    provisional_result,
)


@pytest.mark.parametrize("opens", PAGES, ids=lambda opens: opens.__name__)
def test_page(board: Page, watch: Watch, opens: Opens) -> None:
    if opens is without_a_reason:
        watch.expect_status(422)
    opens(board)
    assert_sound(board)


def test_the_form_with_both_risks(
    ward: Page,
) -> None:
    approved()
    steps.new_assessment(ward, steps.before_the_radiograph())
    expect(ward.locator("#points")).to_contain_text("recalibrated version 1, n = 1,500")
    assert_sound(ward)


def test_enter_in_the_reason_decides_nothing(board: Page) -> None:
    """Who has the reason of a rejection typed would approve by it: the first button is that."""
    waiting(board)
    steps.control(board, "reason").fill(REASON)
    steps.control(board, "reason").press("Enter")
    board.wait_for_timeout(300)
    assert Recalibration.objects.get().state == ""
    expect(steps.control(board, "reason")).to_have_value(REASON)


def _more_pain() -> CohortFile:
    """The patients of the file at a hospital where pain stays more often than published."""
    patients = cohort_file()
    drawn = np.random.default_rng(3).random(len(patients.ids)) < 0.25
    return replace(patients, event=patients.event | drawn)


def test_from_the_outcomes_to_a_result_with_both_risks(
    page: Page,
    new_context: Callable[..., BrowserContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rita proposes, Ruth approves, and Alice's next result names both risks."""
    few_resamples(monkeypatch)
    cast.rita()
    _ruth()
    on_record(_more_pain())

    steps.sign_in(page, "rita")
    page.get_by_role("link", name="Validation").click()
    page.get_by_role("link", name="Recalibrate").click()
    expect(page.get_by_role("region", name="What these outcomes support")).to_contain_text("569")
    page.get_by_role("button", name="Propose this version").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recalibrated version 1")
    expect(page.locator("main")).to_contain_text("somebody else must approve it")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    ruths = new_context().new_page()
    steps.sign_in(ruths, "ruth")
    ruths.get_by_role("link", name="Validation").click()
    ruths.get_by_role("link", name="Versions of the model").click()
    ruths.get_by_role("link", name="Recalibrated 1").click()
    steps.control(ruths, "reason").fill(REASON)
    ruths.get_by_role("button", name="Approve").click()
    decided = ruths.get_by_role("region", name="Decisions")
    expect(decided.locator("tbody tr")).to_contain_text(["Ruth Second"])
    expect(decided).to_contain_text(REASON)
    expect(ruths.locator(".head .meta")).to_contain_text("Active")

    alices = new_context().new_page()
    steps.sign_in(alices)
    steps.new_assessment(alices, steps.worked_example())
    steps.saved(alices)
    kept = Recalibration.active()
    assert kept is not None
    published = worked.RISK
    recalibrated = percent_text(kept.curve.risk_at(183.886))
    assert recalibrated != published
    both = alices.get_by_role("group", name=BOTH_RISKS)
    expect(both.locator(".risk-number")).to_have_text(
        [risk.replace(" ", "") for risk in (published, recalibrated)]
    )
    expect(alices.locator("main")).to_contain_text("recalibrated version 1, n = 569")
    printed = steps.report_text(alices, alices.url)
    assert published in printed
    assert recalibrated in printed
