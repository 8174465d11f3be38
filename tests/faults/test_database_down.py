"""PostgreSQL killed, frozen, or waiting for a lock: what the site says, and what it saves."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.faults.browser import Browser, Saving, form_of
from tests.faults.conftest import Site, Ward, acknowledged, clinicians, until
from tests.scripts.conftest import CHECKOUT

CLINICIANS = 8


def backends(ward: Ward) -> list[int]:
    """Every process of the PostgreSQL."""
    main = ward.private.main_process()
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return [main, *map(int, children)]


def must_give_back(browser: Browser, saving: Saving) -> dict[str, str]:
    """Send it where it can't be saved: the page has Retry-After and every field as it was."""
    answer = saving.send(browser)
    assert answer.status == 503, answer.text
    assert answer.headers["Retry-After"] == "10"
    assert "no-store" in answer.headers["Cache-Control"]
    form = form_of(answer)
    assert form.address == "/assessments/new"
    kept = {name: text for name, text in form.fields.items() if name != "csrfmiddlewaretoken"}
    assert kept == saving.fields
    assert "Send again" in answer.text
    return form.fields


def test_killed_under_load_the_site_gives_forms_back_and_goes_on_by_itself(
    ward: Ward, site: Site
) -> None:
    browser = site.signed_in()
    workers = site.workers()
    savings = [Saving(f"P{number}") for number in range(48)]
    enough = threading.Semaphore(0)

    def save(saving: Saving) -> None:
        saving.send_until_saved(browser)
        enough.release()

    with clinicians(CLINICIANS) as people:
        done = [people.submit(save, saving) for saving in savings]
        acknowledged(enough, 12, done)
        os.kill(ward.private.main_process(), signal.SIGKILL)
        try:
            until(lambda: browser.get("/").status == 503, "the page that says so")
            assert browser.get("/healthz").status == 200
            ready = browser.get("/readyz")
            assert ready.status == 503
            assert '"database": "it can\'t be reached"' in ready.text
            assert "Try again" in browser.get("/history").text
            late = Saving("P-LATE")
            given_back = must_give_back(browser, late)
        finally:
            ward.private.must("start")
        for each in done:
            each.result()
    # The page's own button, pressed once the database is there again.
    late.answers.append(browser.post("/assessments/new", given_back))
    assert late.answers[-1].is_saved
    until(lambda: browser.get("/readyz").status == 200, "readiness")
    assert site.workers() == workers
    assert any(a.status == 503 for saving in savings for a in saving.answers)
    ward.must_hold_exactly_once([*savings, late])


def test_the_container_s_check_finds_it_alive(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, CHECKOUT / "docs" / "deploy" / "healthcheck.py"],
        env={"RBP_BIND": f"0.0.0.0:{site.port}", "RBP_ALLOWED_HOSTS": "localhost"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_lock_that_is_held_ends_the_wait_and_not_the_site(ward: Ward, site: Site) -> None:
    browser = site.signed_in()
    savings = [Saving(f"L{number}") for number in range(24)]
    holder = ward.connection()
    with holder, holder.cursor() as cursor, clinicians(24) as people:
        cursor.execute("lock table scoring_reportcounter in access exclusive mode")
        waiting = [people.submit(saving.send, browser) for saving in savings]
        assert browser.get("/healthz").status == 200
        assert {each.result().status for each in waiting} == {503}
        assert "too busy" in savings[0].answers[0].text
    holder.close()
    for saving in savings:
        saving.send_until_saved(browser)
    ward.must_hold_exactly_once(savings)


def test_frozen_it_holds_up_neither_health_checks_nor_the_answer_that_says_so(
    ward: Ward, site: Site
) -> None:
    browser = site.signed_in()
    # More than twice as many as both processes work on: 14 slots each, of 16 threads.
    savings = [Saving(f"F{number}") for number in range(60)]
    frozen = backends(ward)
    with clinicians(60) as people:
        for process in frozen:
            os.kill(process, signal.SIGSTOP)
        try:
            waiting = [people.submit(saving.send, browser) for saving in savings]
            # Both processes work on as many as they may; the others are sent away.
            until(lambda: sum(each.done() for each in waiting) >= 20, "answers")
            for _ in range(10):
                assert browser.get("/healthz").status == 200
            assert browser.get("/").status == 503
            assert {each.result().status for each in waiting if each.done()} == {503}
            assert not all(each.done() for each in waiting), "nothing was frozen"
        finally:
            for process in frozen:
                os.kill(process, signal.SIGCONT)
        for each in waiting:
            each.result()
    for saving in savings:
        saving.send_until_saved(browser)
    ward.must_hold_exactly_once(savings)
