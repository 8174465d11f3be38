"""The process of the site: brings database and static files up to date, then serves them.

Started by ``script.lib.server`` once the database runs.
"""

import argparse
import ctypes
import logging.handlers
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from gunicorn.app.base import BaseApplication

from rbpsite import logs
from rbpsite.gunicorn_log import ServerLog
from script.lib.stop import Stop, run

# How long a browser may stay silent on an open connection.
_KEEP_ALIVE_SECONDS = 2
_THREADS_PER_WORKER = 4
_REQUEST_SECONDS = 60
_GRACE_SECONDS = 10
_PR_SET_PDEATHSIG = 1


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn comes without types
    """Gunicorn around the site, loaded once and shared by its worker processes."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Take over the settings given."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The WSGI application."""
        # Only now: it sets Django up.
        from rbpsite.wsgi import application

        return application


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare and serve; ends with the signal that stops gunicorn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--demo", action="store_true")
    chosen = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    # Should script.lib.server be killed, Linux sends this signal here: no site without it.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    try:
        django.setup()
        call_command("prepare")
        if chosen.demo:
            call_command("demo")
    except (ImproperlyConfigured, CommandError) as reason:
        raise Stop(str(reason)) from reason
    except OperationalError as reason:
        raise Stop(f"The database can't be reached. {reason}") from reason
    _warm_up()
    # From here on the terminal's Ctrl-C reaches script.lib.server alone, which passes on one
    # signal: gunicorn's workers may hang when several come at once.
    os.setpgrp()
    Server(_settings(chosen.host, chosen.port, chosen.workers)).run()
    return 0


def _warm_up() -> None:
    """Load what makes PDF reports before the workers part: the first report is as fast as any."""
    # Only now: models can't be loaded before Django is set up.
    from scoring.report import warm_up

    warm_up()
    # A connection must not be shared between processes.
    connections.close_all()


def _write_logs(folder: Path) -> None:
    """Requests to access.log, everything else to server.log; both without patient data."""
    form = logs.formatter_class(settings.LOG_FORMAT)()
    errors = logging.handlers.WatchedFileHandler(folder / "server.log")
    requests = logging.handlers.WatchedFileHandler(folder / "access.log")
    for handler, names in ((errors, ("", "gunicorn.error")), (requests, (logs.REQUESTS,))):
        handler.setFormatter(form)
        for name in names:
            logging.getLogger(name).addHandler(handler)
    logging.getLogger(logs.REQUESTS).propagate = False


def _settings(host: str, port: int, workers: int) -> dict[str, Any]:
    _write_logs(settings.DATA_DIR / "logs")
    address = f"[{host}]" if ":" in host else host

    def say_ready(arbiter: object) -> None:
        print(f"RBP risk is ready: http://{address}:{port}/  (Ctrl-C stops it)", flush=True)

    return {
        "bind": f"{address}:{port}",
        "workers": workers,
        # Threads keep a browser's idle connections from holding up everybody else.
        "worker_class": "gthread",
        "threads": _THREADS_PER_WORKER,
        "keepalive": _KEEP_ALIVE_SECONDS,
        "timeout": _REQUEST_SECONDS,
        "graceful_timeout": _GRACE_SECONDS,
        "preload_app": True,
        "control_socket_disable": True,
        "logger_class": ServerLog,
        # Limits of what is read before the site sees a request.
        "limit_request_line": 2048,
        "limit_request_fields": 60,
        "when_ready": say_ready,
    }


def _end(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    run(main)
