"""Work that no page waits for, done by one process for each database: ``manage.py background``.

Every server may run such a process. The one that holds an advisory lock of PostgreSQL works, the
others stand by. The lock is free again when the connection of its holder ends, which PostgreSQL
sees to where the holder hangs or its computer is gone.
"""

import logging
import time
from collections.abc import Callable, Sequence

from django.db import Error, connection

from scoring import health
from scoring.actions import seal_waiting, ship_seals
from scoring.management.kept_reports import make_a_report

# Lines of the access log that are written within this time share a seal.
POLL_SECONDS = 0.5
# PostgreSQL ends the session of a lock holder that sends nothing for so long.
_SILENT_SECONDS = 15
_FIRST_RETRY_SECONDS = 1.0
_LAST_RETRY_SECONDS = 10.0

_logger = logging.getLogger(__name__)


class Job:
    """Work that is repeated in short pieces; while it fails, less often.

    ``run`` does what is due and returns soon. Whatever it leaves when it raises has to be right:
    it is called again, at the earliest after ``pause_seconds``.
    """

    def __init__(self, name: str, run: Callable[[], object], *, pause_seconds: float = 0.0) -> None:
        self._name = name
        self._run = run
        self._pause_seconds = pause_seconds
        self._retry_seconds = 0.0
        self._due = 0.0

    def attempt(self) -> None:
        """Run it, unless it failed a moment ago. Errors are logged and never raised."""
        if time.monotonic() < self._due:
            return
        error: Exception | None = None
        try:
            self._run()
        except Exception as raised:
            error = raised
        self._log_state_change(error)
        if error is None:
            self._retry_seconds = 0.0
            self._due = time.monotonic() + self._pause_seconds
            return
        if isinstance(error, Error):
            # A broken connection does not mend; the lock goes with it.
            connection.close()
        self._retry_seconds = min(
            max(2 * self._retry_seconds, _FIRST_RETRY_SECONDS), _LAST_RETRY_SECONDS
        )
        self._due = time.monotonic() + self._retry_seconds

    def _log_state_change(self, error: Exception | None) -> None:
        """Log when it begins to fail and when it works again, not every attempt."""
        if error is not None and not self._retry_seconds:
            # Not the text of a database error: it could quote a line of the access log.
            reason = getattr(error, "strerror", None) or type(error).__name__
            _logger.warning("%s fails and is tried again: %s", self._name, reason)
        elif error is None and self._retry_seconds:
            _logger.warning("%s works again.", self._name)


# In this order: what was just sealed is shipped in the same round.
JOBS = (
    Job("Sealing the access log", seal_waiting),
    Job("Shipping the access log", ship_seals),
    # Looking for what is missing takes up to 25 ms.
    Job("Making reports", make_a_report, pause_seconds=1.0),
)


class Background:
    """The loop around the jobs. Any code may close the connection: the lock is taken anew."""

    def __init__(self, jobs: Sequence[Job] = JOBS) -> None:
        self._jobs = jobs
        self._begin = Job("Connecting to the database", self._take_lock)
        self._locked_by: object = None
        self._tables_fit = False
        self._stands_by = False
        self._is_stopping = False

    def stop(self) -> None:
        """End soon, after one more round: little is left unsealed. Safe in a signal handler."""
        self._is_stopping = True

    def run(self) -> None:
        """Work until ``stop`` is called."""
        while not self._is_stopping:
            self.work()
            time.sleep(POLL_SECONDS)
        # For what was written since the last round sealed.
        self.work()
        connection.close()

    def work(self) -> None:
        """One round: every job that is due, where this process is the one that works."""
        self._begin.attempt()
        for job in self._jobs:
            if self._has_lock():
                job.attempt()

    def _has_lock(self) -> bool:
        return self._locked_by is not None and self._locked_by is connection.connection

    def _take_lock(self) -> None:
        """Take the lock, once the tables are of this version, where no other process holds it."""
        if self._has_lock():
            return
        self._tables_fit = self._tables_fit or not health.schema_problem()
        if not self._tables_fit:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [health.BACKGROUND_LOCK])
            (is_taken,) = cursor.fetchone()
            if is_taken:
                cursor.execute(f"SET idle_session_timeout = '{_SILENT_SECONDS}s'")
        if is_taken:
            self._locked_by = connection.connection
            _logger.info("This process does the background work.")
        elif not self._stands_by:
            _logger.info("Another process does the background work; this one stands by.")
        self._stands_by = not is_taken
