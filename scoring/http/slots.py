"""The requests of a process that use the database at the same time, and those that wait elsewhere.

``scoring.web.database_slots`` gives each request its slot.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection


class DatabaseSlots:
    """The requests of this process that use the database, and since when."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._changed = threading.Condition()
        self._began: dict[int, float] = {}
        self._outside: set[int] = set()

    def acquire(self, key: int) -> bool:
        """Wait for a slot; False without waiting where the requests in all slots hang."""
        deadline = time.monotonic() + settings.DB_BUSY_SECONDS
        with self._changed:
            while not self._is_free():
                now = time.monotonic()
                since = min(self._began.values(), default=now)
                stalled_in = since + settings.DB_BUSY_SECONDS - now
                if stalled_in <= 0 or deadline <= now:
                    return False
                self._changed.wait(min(stalled_in, deadline - now))
            self._began[key] = time.monotonic()
        return True

    def _is_free(self) -> bool:
        taken = len(self._began)
        return taken < self._count and taken + len(self._outside) <= self._count

    def release(self, key: int) -> None:
        """Free the slot of a request that is answered; without a slot nothing happens."""
        with self._changed:
            if self._began.pop(key, None) is not None:
                self._changed.notify()

    def leave(self, key: int) -> None:
        """Give up the slot while the request goes on without the database."""
        with self._changed:
            del self._began[key]
            self._outside.add(key)
            self._changed.notify()

    def come_back(self, key: int) -> None:
        """Have a slot again, without waiting: the request has its thread all the time."""
        with self._changed:
            self._outside.remove(key)
            self._began[key] = time.monotonic()


# The slots of the process and the key of the request that this thread works on.
HELD: ContextVar[tuple[DatabaseSlots, int] | None] = ContextVar("held", default=None)


@contextmanager
def outside_the_database() -> Iterator[None]:
    """Leave the slot of this thread's request to others, for work that asks no database.

    Nothing happens without a slot or within a transaction.
    """
    held = HELD.get()
    if held is None or connection.in_atomic_block:
        yield
        return
    slots, key = held
    slots.leave(key)
    try:
        yield
    finally:
        slots.come_back(key)
