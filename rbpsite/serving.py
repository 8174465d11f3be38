"""Gunicorn's configuration, the same for every way of serving the site.

    gunicorn --config python:rbpsite.serving rbpsite.wsgi

``script/server`` takes the same values and writes its logs into the data folder.
"""

import ctypes
import os
import tempfile
from pathlib import Path
from typing import Any

from rbpsite.settings import BIND, THREADS, WORKERS

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes a file without a name in it

bind = BIND
workers = WORKERS
# Threads keep a browser's idle connections from holding up everybody else.
worker_class = "gthread"
threads = THREADS
# How long a browser may stay silent on an open connection.
keepalive = 2
# A worker whose main loop is stuck for so long is replaced; a request waits for the database at
# most as long as the settings' time-outs allow.
timeout = 60
# On a stop or restart, requests under way get this long to end.
graceful_timeout = 30
# Memory that a library leaks does not add up; the jitter keeps workers from leaving together.
max_requests = 10_000
max_requests_jitter = 1_000
# Loaded once and shared by the workers.
preload_app = True
# The sign of life of a worker must not depend on a disk.
worker_tmp_dir = (
    str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else tempfile.gettempdir()
)
control_socket_disable = True
# Requests are logged by the site itself, without what may tell of a patient.
logger_class = "rbpsite.gunicorn_log.ServerLog"
# Limits of what is read before the site sees a request.
limit_request_line = 2048
limit_request_fields = 60


# Of glibc's malloc.h.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def _give_memory_back() -> None:
    """Have the C library give large blocks back to the system as soon as they are free.

    Left to itself, glibc keeps them for the thread that had them: of each thread that ever hashed a
    password, the 19 MiB of Argon2.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, 1024 * 1024)
        mallopt(_M_ARENA_MAX, 2)


# Here, before there are workers and threads: they inherit it.
_give_memory_back()


def on_starting(server: Any) -> None:
    """Close the database connections of this process: its workers must not share them.

    What the fonts can print is read once for all workers, before anybody waits for it.
    """
    # Only now: the application, loaded before this is called, has set Django up.
    from django.db import connections

    from scoring.report import fonts

    fonts.printable()
    connections.close_all()


def post_worker_init(worker: Any) -> None:
    """Start the worker's PDF renderer: it has loaded its fonts before the first report."""
    from scoring.report import renderer

    renderer.start()
