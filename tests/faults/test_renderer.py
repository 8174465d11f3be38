"""The process that makes PDFs frozen or killed, and what becomes of it when the site ends."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.browser import Saving
from tests.faults.conftest import Site, Ward, clinicians, until
from tests.report.test_renderer import has_ended


def renderers(site: Site) -> dict[int, int]:
    """The process that makes PDFs of each worker, by the worker's number."""
    found = {}
    for worker in site.workers():
        for children in Path(f"/proc/{worker}/task").glob("*/children"):
            for child in children.read_text().split():
                if not has_ended(int(child)) and _is_renderer(child):
                    found[worker] = int(child)
    return found


def _is_renderer(process: str) -> bool:
    return b"scoring.typesetting" in Path(f"/proc/{process}/cmdline").read_bytes()


@pytest.fixture
def site(ward: Ward) -> Iterator[Site]:
    """Two workers, each with its renderer."""
    with ward.serving(RBP_WORKERS="2") as site:
        until(lambda: len(renderers(site)) == 2, "a renderer for each worker")
        yield site


def keep_none(ward: Ward) -> None:
    """Remove the reports that are kept, so that the next print takes the renderer."""
    ward.query("delete from scoring_keptreport")


def must_end(*processes: int) -> None:
    until(lambda: all(map(has_ended, processes)), "the end of the renderers")


def test_frozen_it_is_given_up_and_replaced(ward: Ward) -> None:
    # One worker, so that the same one is asked each time.
    with ward.serving(RBP_WORKERS="1", RBP_PDF_SECONDS="30") as site:
        browser = site.signed_in()
        saving = Saving("P-PRINT")
        saving.send_until_saved(browser)
        report = f"{saving.answers[-1].headers['Location']}/report"

        def is_printed() -> bool:
            keep_none(ward)
            return browser.get(report).body.startswith(b"%PDF")

        until(is_printed, "a report")
        [frozen] = renderers(site).values()
        os.kill(frozen, signal.SIGSTOP)
        keep_none(ward)
        with ThreadPoolExecutor() as people:
            late = people.submit(browser.get, report)
            said: list[tuple[int, bool]] = []

            def is_noticed() -> bool:
                ready = browser.get("/readyz")
                said.append((ready.status, "has been under way" in ready.text))
                return said[-1] == (503, True)

            until(lambda: is_noticed() or late.done(), "the state of the report")
            assert said[-1] == (503, True)
            assert browser.get("/").status == 200
            assert late.result().status == 503
            assert "The PDF was not ready in time" in late.result().text
        must_end(frozen)
        until(is_printed, "a report by the next one")
        until(lambda: browser.get("/readyz").status == 200, "readiness")
        # Killed by somebody else, for example for want of memory.
        [killed] = renderers(site).values()
        os.kill(killed, signal.SIGKILL)
        until(is_printed, "a report by a third one")


def test_frozen_it_holds_up_no_pages_and_few_of_those_who_print(ward: Ward) -> None:
    """Sixteen reports at once in a worker of eight threads: five wait, the others are told so."""
    with ward.serving(RBP_WORKERS="1", RBP_THREADS="8", RBP_PDF_SECONDS="3600") as site:
        browser = site.signed_in()
        saving = Saving("P-MANY")
        saving.send_until_saved(browser)
        report = f"{saving.answers[-1].headers['Location']}/report"
        until(lambda: browser.get(report).status == 200, "a report")
        [frozen] = renderers(site).values()
        os.kill(frozen, signal.SIGSTOP)
        keep_none(ward)
        with clinicians(16) as people:
            try:
                prints = [people.submit(browser.get, report) for _ in range(16)]
                until(lambda: sum(each.done() for each in prints) == 11, "the answers to 11")
                refused = [each.result() for each in prints if each.done()]
                assert {answer.status for answer in refused} == {503}
                assert all("Other reports are being made" in answer.text for answer in refused)
                assert {answer.headers["Retry-After"] for answer in refused} == {"10"}
                # Everybody's pages, a sign-in and a new assessment go on.
                other = site.signed_in()
                for each in (browser, other):
                    for path in ("/", "/history", "/healthz", "/patients", "/readyz"):
                        assert each.get(path).status in {200, 503 if path == "/readyz" else 200}
                meanwhile = Saving("P-MEANWHILE")
                assert meanwhile.send(other).is_saved
                in_transaction = ward.query(
                    "select count(*) from pg_stat_activity where datname = current_database()"
                    " and state like 'idle in transaction%'",
                    user="postgres",
                )
                assert in_transaction == [(0,)]
                assert sum(each.done() for each in prints) == 11
            finally:
                os.kill(frozen, signal.SIGCONT)
            late = [each.result() for each in prints if each.result() not in refused]
            assert [answer.body[:4] for answer in late] == [b"%PDF"] * 5
    ward.must_hold_exactly_once([saving, meanwhile])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_site(site: Site, number: signal.Signals) -> None:
    processes = renderers(site).values()
    # As a terminal does it: to the whole group.
    os.killpg(site.process.pid, number)
    assert site.process.wait() == 0
    must_end(*processes)
    assert "Traceback" not in (site.ward.folder / f"site-{site.port}.log").read_text()


def test_it_ends_with_its_worker(site: Site) -> None:
    before = renderers(site)
    worker = min(before)
    # Held, so that it can't notice before the worker is gone. Linux itself lets it go on only if it
    # had stopped by then.
    os.kill(before[worker], signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    until(lambda: has_ended(worker), "the end of the worker")
    with suppress(ProcessLookupError):
        os.kill(before[worker], signal.SIGCONT)
    must_end(before[worker])
    until(lambda: len(renderers(site)) == 2, "the next one")
    # New workers, as after a change of settings.
    before = renderers(site)
    site.process.send_signal(signal.SIGHUP)
    must_end(*before.values())
    until(lambda: len(renderers(site)) == 2, "the next ones")
    before = renderers(site)
    site.kill()
    must_end(*before.values())
