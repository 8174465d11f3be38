"""Who uses the private PostgreSQL: the last one to end stops it, and nobody under another."""

import fcntl
import os
from pathlib import Path


def lock_of(folder: Path) -> int:
    """The descriptor of a file that whoever uses the PostgreSQL of a data folder locks, shared."""
    return os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)


def share(lock: int) -> None:
    """Use it beside others; waits for a command that has it for itself."""
    fcntl.flock(lock, fcntl.LOCK_SH)


def is_alone(lock: int) -> bool:
    """Whether nobody else uses it; if so, nobody does before the lock is shared or closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
