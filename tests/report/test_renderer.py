"""The process that makes PDFs hangs, fails, is killed: what its user sees, and what comes next."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest
from django.urls import reverse
from pytest_django import Settings

from scoring import health
from scoring.report import renderer
from scoring.report.renderer import Renderer, ReportRenderError, ReportTimeoutError
from tests import cast
from tests.scripts.conftest import CHECKOUT
from tests.web.html import Page, signed_in

# Whatever waits for so long has failed.
SECONDS = 120
_STARTS_ONE = """
import sys, time, django
django.setup()
from scoring.report.renderer import Renderer
renderer = Renderer([sys.executable, "-m", "tests.report.typesetter", sys.argv[1]])
print(renderer.start()._process.pid, flush=True)
time.sleep(600)
"""


def soon(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def command(hang: Path) -> list[str]:
    return [sys.executable, "-m", "tests.report.typesetter", str(hang)]


@pytest.fixture
def hang(tmp_path: Path) -> Path:
    """While this file is there, no document gets ready."""
    return tmp_path / "hang"


@pytest.fixture
def pdfs(hang: Path, settings: Settings) -> Iterator[Renderer]:
    """A renderer that works, until ``hang`` is made."""
    settings.PDF_SECONDS = SECONDS
    pdfs = Renderer(command(hang))
    assert pdfs.pdf_of("first") == b"first"
    yield pdfs
    pdfs.end()


def process_of(pdfs: Renderer) -> int:
    return pdfs.start()._process.pid


def has_ended(pid: int) -> bool:
    """Gone, or dead and not yet waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_one_process_serves_all(pdfs: Renderer) -> None:
    process = process_of(pdfs)
    assert [pdfs.pdf_of(str(number)) for number in range(3)] == [b"0", b"1", b"2"]
    assert process_of(pdfs) == process


def test_what_takes_too_long_is_ended_and_the_next_one_works(pdfs: Renderer, hang: Path) -> None:
    process = process_of(pdfs)
    hang.touch()
    with pytest.raises(ReportTimeoutError, match="took too long"):
        pdfs.pdf_of("late", seconds=0.1)
    assert has_ended(process)
    hang.unlink()
    assert pdfs.pdf_of("next") == b"next"


def test_one_that_is_still_starting_is_given_its_time(hang: Path) -> None:
    hang.touch()
    pdfs = Renderer(command(hang))
    process = process_of(pdfs)
    with pytest.raises(ReportTimeoutError, match="not ready yet"):
        pdfs.pdf_of("early", seconds=0.1)
    assert process_of(pdfs) == process
    with (
        mock.patch.object(renderer, "_START_SECONDS", 0),
        pytest.raises(ReportTimeoutError, match="not ready yet"),
    ):
        pdfs.pdf_of("early", seconds=0.1)
    assert has_ended(process)
    hang.unlink()
    assert pdfs.pdf_of("next") == b"next"
    pdfs.end()


def test_nobody_waits_for_long_behind_one_that_hangs(
    pdfs: Renderer, hang: Path, settings: Settings
) -> None:
    hang.touch()
    with ThreadPoolExecutor() as others:
        first = others.submit(pdfs.pdf_of, "first")
        soon(lambda: pdfs._since is not None)
        pdfs.check()
        with pytest.raises(ReportTimeoutError, match="others before it"):
            pdfs.pdf_of("second", seconds=0.1)
        settings.PDF_SECONDS = 0
        with pytest.raises(ReportTimeoutError, match="has been under way for"):
            pdfs.check()
        os.kill(process_of(pdfs), signal.SIGKILL)
        with pytest.raises(ReportRenderError, match="ended by itself"):
            first.result(SECONDS)
    hang.unlink()
    settings.PDF_SECONDS = SECONDS
    assert pdfs.pdf_of("next") == b"next"


def test_one_that_was_killed_is_replaced_unnoticed(pdfs: Renderer) -> None:
    os.kill(process_of(pdfs), signal.SIGKILL)
    # Its threads end one by one, and the connection with the last of them.
    soon(lambda: pdfs._typesetter and not pdfs._typesetter.is_alive)
    assert pdfs.pdf_of("next") == b"next"


def test_one_that_was_killed_while_it_started_is_replaced_unnoticed(pdfs: Renderer) -> None:
    pdfs.end()
    os.kill(process_of(pdfs), signal.SIGKILL)
    assert pdfs.pdf_of("next") == b"next"


def test_signals_of_a_terminal_or_of_systemd_don_t_end_it(pdfs: Renderer) -> None:
    process = process_of(pdfs)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(process, number)
    assert pdfs.pdf_of("next") == b"next"
    assert process_of(pdfs) == process


def test_it_ends_with_a_killed_site_even_when_it_hangs(hang: Path) -> None:
    hang.touch()
    with subprocess.Popen(
        [sys.executable, "-c", _STARTS_ONE, str(hang)], cwd=CHECKOUT, stdout=subprocess.PIPE
    ) as site:
        assert site.stdout
        process = int(site.stdout.readline())
        soon(lambda: b"tests.report.typesetter" in Path(f"/proc/{process}/cmdline").read_bytes())
        site.kill()
    soon(lambda: has_ended(process))


def test_one_that_cannot_start_says_so() -> None:
    with pytest.raises(ReportRenderError, match="can't be started"):
        Renderer(["/nowhere/python"]).pdf_of("-")
    with mock.patch.object(renderer, "_renderer", Renderer(["/nowhere/python"])):
        # A worker that starts serves all the same.
        renderer.start()
    nothing = Renderer(["/bin/true"])
    with pytest.raises(ReportRenderError, match="ended before it was asked"):
        nothing.pdf_of("-", seconds=SECONDS)


def test_what_is_logged_and_warned_of_comes_through_without_names(
    pdfs: Renderer, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.warns(DeprecationWarning, match="^raised while a PDF was made$") as warned:
        pdfs.pdf_of("talk")
    assert Path(warned[0].filename).name == "typesetter.py"
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("weasyprint", ".notdef glyph rendered for Unicode"),
        ("weasyprint", "Ignored `…` at 12:3"),
    ]
    # They were meant.
    caplog.clear()


def test_an_error_is_named_without_its_text(
    pdfs: Renderer, caplog: pytest.LogCaptureFixture
) -> None:
    process = process_of(pdfs)
    with pytest.raises(ReportRenderError, match="ValueError"):
        pdfs.pdf_of("fail")
    assert "ValueError at" in caplog.text
    assert "report/typesetter.py:" in caplog.text
    assert "王" not in caplog.text
    assert pdfs.pdf_of("next") == b"next"
    assert process_of(pdfs) == process


@pytest.mark.django_db
def test_the_page_says_so_and_readiness_knows(
    pdfs: Renderer, hang: Path, settings: Settings
) -> None:
    assessment = cast.recorded()
    client = signed_in(cast.bob())
    client.raise_request_exception = False
    report = reverse("assessment-report", args=[assessment.pk])

    def ready() -> tuple[int, str]:
        with mock.patch("scoring.web.health.readiness", health.Readiness()):
            answered = client.get(reverse("readyz"))
        return answered.status_code, answered.json()["parts"]["pdf"]

    with mock.patch.object(renderer, "_renderer", pdfs):
        assert ready() == (200, "ok")
        hang.touch()
        settings.PDF_SECONDS = 0.1
        late = client.get(report)
        assert late.status_code == 503
        assert late.headers["Retry-After"] == "10"
        assert "The PDF was not ready in time, so printing was stopped." in Page(late).text
        assert ready()[0] == 503
        assert ready()[1].startswith("no report can be made (")
        hang.unlink()
        settings.PDF_SECONDS = SECONDS
        assert client.get(report).status_code == 200
        assert ready() == (200, "ok")
