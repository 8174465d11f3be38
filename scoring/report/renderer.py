"""Documents to PDFs, in a process that this one starts, watches and ends when it hangs.

One such process serves each web worker and each command. It must not be started before gunicorn
forks its workers, which would share it.
"""

import atexit
import builtins
import json
import logging
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from multiprocessing.connection import Pipe

from django.conf import settings
from django.contrib.staticfiles import finders

from scoring.report.fonts import unprintable_count

_SAMPLE = "<!doctype html><html lang='en'><head><title>-</title></head><body>-</body></html>"
# A PDF made so lately proves that PDFs can be made.
_GOOD_FOR_SECONDS = 60.0
# A slow computer may take so long to load libraries and fonts.
_START_SECONDS = 120.0

_logger = logging.getLogger(__name__)


class ReportError(Exception):
    """No PDF was made. The text names no patient and quotes nothing of the document."""


class ReportTimeoutError(ReportError):
    """It took longer than ``PDF_SECONDS``, or others that take so long stand before it."""


class ReportRenderError(ReportError):
    """An error came up while the PDF was made, or the process that makes it ended."""


class _EndedBeforeAskedError(ReportRenderError):
    """The process ended before it was asked for anything, so that another can be asked."""


class Renderer:
    """One document at a time, by a process that is started when it is needed.

    ``command`` is the process's; it gets the number of a descriptor as a further argument.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = command
        self._typesetter: _Typesetter | None = None
        self._changed = threading.Condition()
        # When the document under way was begun, and when the last one was made without an error.
        self._since: float | None = None
        self._made_at: float | None = None

    def start(self) -> "_Typesetter":
        """Start the process without waiting until it has loaded what it needs. Raises OSError."""
        if self._typesetter is None:
            atexit.register(self.end)
        if self._typesetter is None or not self._typesetter.is_alive:
            self.end()
            self._typesetter = _Typesetter(self._command or _weasyprint())
        return self._typesetter

    def end(self) -> None:
        """End the process; the next document starts another one."""
        if self._typesetter is not None:
            self._typesetter.end()

    def pdf_of(self, html: str, *, seconds: float | None = None) -> bytes:
        """The document as PDF/A-3 and PDF/UA, within ``seconds`` (default: ``PDF_SECONDS``).

        Raises ReportTimeoutError, ReportRenderError. At most a third of the time is spent waiting
        for others; and nobody waits where the document under way has taken that long already.
        """
        seconds = seconds or settings.PDF_SECONDS
        deadline = time.monotonic() + seconds
        self._wait_for_turn(seconds / 3)
        made_at = None
        try:
            try:
                pdf = self._begin().answer(html, deadline)
            except _EndedBeforeAskedError:
                # Killed by somebody meanwhile: once is chance.
                pdf = self._begin().answer(html, deadline)
            made_at = time.monotonic()
            return pdf
        except ReportError as error:
            _logger.error("No PDF was made: %s", str(error))
            raise
        finally:
            with self._changed:
                self._since, self._made_at = None, made_at
                self._changed.notify()

    def check(self) -> None:
        """Raise ReportError where no PDF can be made now, after a sixth of ``PDF_SECONDS``."""
        with self._changed:
            since, made_at, now = self._since, self._made_at, time.monotonic()
        if since is not None:
            if now - since > settings.PDF_SECONDS / 3:
                raise ReportTimeoutError(f"one has been under way for {now - since:.0f} seconds")
        elif made_at is None or now - made_at > _GOOD_FOR_SECONDS:
            self.pdf_of(_SAMPLE, seconds=settings.PDF_SECONDS / 6)

    def _begin(self) -> "_Typesetter":
        try:
            return self.start()
        except OSError as error:
            raise ReportRenderError("the renderer can't be started") from error

    def _wait_for_turn(self, patience_seconds: float) -> None:
        began = time.monotonic()
        with self._changed:
            while self._since is not None:
                left = min(self._since, began) + patience_seconds - time.monotonic()
                if left <= 0:
                    raise ReportTimeoutError("others before it take too long")
                self._changed.wait(left)
            self._since = time.monotonic()


class _Typesetter:
    """The process, and the connection over which it is asked."""

    def __init__(self, command: Sequence[str]) -> None:
        self._began = time.monotonic()
        self._is_ready = False
        self._channel, theirs = Pipe()
        with theirs:
            # A group of its own: Ctrl-C at a terminal is for the site, which ends this process.
            self._process = subprocess.Popen(  # noqa: S603 - no word of it comes from outside
                [*command, str(theirs.fileno())],
                cwd=settings.BASE_DIR,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        if self._process.poll() is not None:
            return False
        # Of a killed process the connection ends first: its threads may still be ending.
        return not (self._is_ready and self._channel.poll())

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._channel.close()

    def answer(self, html: str, deadline: float) -> bytes:
        """The PDF. Raises ReportError; a process that hangs, or does not work at all, is ended."""
        if not self._is_ready and not self._channel.poll(_until(deadline)):
            if time.monotonic() - self._began > _START_SECONDS:
                self.end()
            raise ReportTimeoutError("the renderer is not ready yet")
        watchdog = threading.Timer(_until(deadline), self._process.kill)
        watchdog.start()
        is_asked = False
        try:
            if not self._is_ready:
                self._receive()
                self._is_ready = True
            self._channel.send_bytes(html.encode())
            is_asked = True
            return self._receive()
        except (EOFError, OSError) as error:
            self.end()
            if not is_asked and time.monotonic() < deadline:
                raise _EndedBeforeAskedError("the renderer ended before it was asked") from error
            if time.monotonic() < deadline:
                raise ReportRenderError("the renderer ended by itself") from error
            raise ReportTimeoutError("it took too long") from error
        finally:
            watchdog.cancel()
            watchdog.join()
            if not self._is_ready:
                self.end()

    def _receive(self) -> bytes:
        """One answer, with what was logged and warned of in the other process told here."""
        answer = json.loads(self._channel.recv_bytes())
        pdf = b"" if answer["error"] else self._channel.recv_bytes()
        for name, level, text in answer["logged"]:
            logging.getLogger(name).log(level, "%s", text)
        for name, file, line in answer["warned"]:
            category = getattr(builtins, name, UserWarning)
            warnings.warn_explicit("raised while a PDF was made", category, file, line)
        if answer["error"]:
            _logger.error("%s at %s", answer["error"], ", ".join(answer["at"]))
            raise ReportRenderError(answer["error"])
        return pdf


def _until(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0)


def _weasyprint() -> list[str]:
    stylesheet = finders.find("scoring/report.css")
    if stylesheet is None:
        raise FileNotFoundError("static/scoring/report.css")
    return [sys.executable, "-m", "scoring.typesetting", str(stylesheet)]


_renderer = Renderer()


def start() -> None:
    """Start this process's renderer without waiting for it; if that fails, a report tries again."""
    try:
        _renderer.start()
    except OSError as error:
        _logger.error("The renderer can't be started: %s", error)


def pdf_of(html: str, *, seconds: float | None = None) -> bytes:
    """A document as PDF/A-3 and PDF/UA, within ``seconds`` (default: ``PDF_SECONDS``).

    Raises ReportTimeoutError, ReportRenderError.
    """
    if count := unprintable_count(html):
        # Never which: they are letters of a name.
        _logger.warning("%d characters of a PDF print as boxes: no font has them", count)
    return _renderer.pdf_of(html, seconds=seconds)


def check() -> None:
    """Raise ReportError where this process can make no PDF at present."""
    _renderer.check()
