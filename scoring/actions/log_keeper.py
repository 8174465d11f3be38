"""Seals and ships the access log in the background of a server process.

A request only wakes it: neither the chain nor a syslog daemon that is slow, full or away can hold
up a page. What is left when a process ends is sealed by the next one, or by ``seal_log``.
"""

import logging
import os
import threading

from django.db import connection

from scoring.actions.log_seal import seal_waiting
from scoring.actions.log_ship import ship_seals

# Lines that follow each other within this time share a seal.
GATHER_SECONDS = 0.5
_IDLE_SECONDS = 5.0
_FIRST_RETRY_SECONDS = 1.0
_LAST_RETRY_SECONDS = 60.0

_logger = logging.getLogger(__name__)


class Keeper:
    """One thread with one connection to the database, closed while there is nothing to do."""

    def __init__(self, gather_seconds: float = GATHER_SECONDS) -> None:
        self._gather_seconds = gather_seconds
        self._retry_seconds = 0.0
        self._is_failing = False
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """There is something to seal; never waits and never fails for whoever calls."""
        self._woken.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="access-log-keeper", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """End the thread once it has done what it is about."""
        self._stopped.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set():
                self._wait()
                self._stopped.wait(self._gather_seconds)
                # Before the work: a line committed from here on wakes it again.
                self._woken.clear()
                self._work()
        finally:
            connection.close()

    def _wait(self) -> None:
        if self._retry_seconds:
            self._woken.wait(self._retry_seconds)
        elif not self._woken.wait(_IDLE_SECONDS):
            connection.close()
            self._woken.wait()

    def _work(self) -> None:
        try:
            seal_waiting()
            is_shipped = ship_seals()
        except Exception as error:
            connection.close()
            self._retry_seconds = min(
                max(2 * self._retry_seconds, _FIRST_RETRY_SECONDS), _LAST_RETRY_SECONDS
            )
            self._say(error)
        else:
            # Where another process ships, what this one sealed may have come too late for it.
            self._retry_seconds = 0.0 if is_shipped else _FIRST_RETRY_SECONDS
            self._say(None)

    def _say(self, error: Exception | None) -> None:
        """Tell once when it begins to fail and once when it goes on; the lines are on record."""
        if error is not None and not self._is_failing:
            # The text of an error of the database could quote a line.
            reason = getattr(error, "strerror", None) or type(error).__name__
            _logger.warning("The access log could not be sealed or shipped yet: %s", reason)
        elif error is None and self._is_failing:
            _logger.warning("The access log is sealed and shipped again.")
        self._is_failing = error is not None


_keeper: Keeper | None = None


def start_keeping() -> None:
    """Called by a process that serves the site: from now on it seals and ships what it logs.

    Commands don't: they are over before there is something to do.
    """
    global _keeper
    _keeper = Keeper()


def stop_keeping() -> None:
    """Wait for what is under way, and leave the rest to others."""
    global _keeper
    keeper, _keeper = _keeper, None
    if keeper is not None:
        keeper.stop()


def wake() -> None:
    """Have sealed what was just committed, where this process is one that does."""
    if _keeper is not None:
        _keeper.wake()


def _keep_in_child() -> None:
    """A forked worker has no thread of its own yet, and no lock that one held."""
    if _keeper is not None:
        start_keeping()


os.register_at_fork(after_in_child=_keep_in_child)
