"""The processes of a PostgreSQL, and whether the computer has the shared memory for them."""

import contextlib
import os
from pathlib import Path

# PostgreSQL allots shared memory here; containers often give it 64 MB or less.
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - only its size is looked at
_ROOMY_BYTES = 128 * 1024 * 1024


def postgres_processes(data: Path) -> set[int]:
    """The processes at work on a folder of data: PostgreSQL's live in it."""
    at_work = set()
    for entry in Path("/proc").iterdir():
        # Processes end while one looks, and those of other accounts are not shown.
        with contextlib.suppress(OSError):
            if (
                entry.name.isdigit()
                and (entry / "cwd").samefile(data)
                and (entry / "comm").read_text().strip() == "postgres"
            ):
                at_work.add(int(entry.name))
    return at_work


def has_shared_memory() -> bool:
    """Whether as much is free as a private PostgreSQL takes."""
    try:
        room = os.statvfs(_SHARED_MEMORY)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize >= _ROOMY_BYTES
