"""Answers one document after the other, and tells what was logged and warned of meanwhile.

An answer is a JSON object, followed by the PDF where its "error" is empty:

    {"error": "OSError", "at": ["weasyprint/urls.py:333"], "logged": [[logger, level, text]],
     "warned": [[category, file, line]]}

None of it quotes the document, which holds patients' data.
"""

import contextlib
import gc
import json
import logging
import os
import select
import signal
import threading
import traceback
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TextIO

_WARM_UP = "<!doctype html><html lang='en'><head><title>-</title></head><body>-</body></html>"
# A report under way is finished when the site is stopped: the site's process ends this one.
_LEFT_TO_THE_SITE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(channel: Connection, draw: Callable[[str], bytes]) -> None:
    """Answer until the site's process ends.

    The first answer is to a document of this process itself: it loads fonts and libraries, and
    tells the site whether reports can be made.
    """
    for number in _LEFT_TO_THE_SITE:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_site, args=(channel.fileno(),), daemon=True).start()
    told = _Told()
    # Python looks for garbage after each answer, when nobody waits, and not among the libraries.
    gc.disable()
    # The site's process has ended.
    with contextlib.suppress(EOFError, OSError):
        _answer(channel, draw, _WARM_UP, told)
        gc.collect()
        gc.freeze()
        while True:
            _answer(channel, draw, channel.recv_bytes().decode(), told)
            gc.collect()


def _answer(channel: Connection, draw: Callable[[str], bytes], html: str, told: "_Told") -> None:
    error, at, pdf = "", list[str](), b""
    try:
        pdf = draw(html)
    except BaseException as raised:
        # Whatever a library raises, and WeasyPrint's refusals are no Exception.
        error, at = type(raised).__name__, _places(raised)
    answer = {"error": error, "at": at, **told.all_of_it()}
    channel.send_bytes(json.dumps(answer).encode())
    if not error:
        channel.send_bytes(pdf)


def _places(error: BaseException) -> list[str]:
    """Where an error came through, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}" for frame in frames]


def _end_with_site(descriptor: int) -> None:
    """End this process when the site's process has ended, also while a document hangs."""
    ends = select.poll()
    ends.register(descriptor, select.POLLHUP)
    ends.poll()
    os._exit(0)


class _Told(logging.Handler):
    """Gathers what libraries log and warn of, without what they quote of the document."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._logged: list[tuple[str, int, str]] = []
        self._warned: list[tuple[str, str, int]] = []
        logging.getLogger().addHandler(self)
        warnings.simplefilter("default")
        warnings.showwarning = self._warn

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record of the log."""
        self._logged.append((record.name, record.levelno, _without_quotes(record)))

    def _warn(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        self._warned.append((category.__name__, filename, lineno))

    def all_of_it(self) -> dict[str, Any]:
        """What came since the last time."""
        all_of_it = {"logged": self._logged, "warned": self._warned}
        self._logged, self._warned = [], []
        return all_of_it


def _without_quotes(record: logging.LogRecord) -> str:
    """What a record says. Numbers, such as lines of a stylesheet, stay; a letter's does not."""
    text = str(record.msg)
    if text.startswith(".notdef"):
        return text.partition(":")[0]
    if not isinstance(record.args, tuple) or not record.args:
        return text
    return text % tuple(value if isinstance(value, int | float) else "…" for value in record.args)
