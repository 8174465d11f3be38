"""The process of the site, started by ``script.lib.server`` once everything is prepared."""

import argparse
import logging.handlers
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from gunicorn.app.base import BaseApplication
from gunicorn.config import KNOWN_SETTINGS as _KNOWN

from rbpsite import logs
from script.lib.abort import Abort, end_at_signals, run

# The data folder is on this computer: what is under way when it stops is short.
_GRACE_SECONDS = 10


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn comes without types
    """Gunicorn around the site, loaded once and shared by its worker processes."""

    def __init__(self, settings: dict[str, Any], application: Callable[..., Any]) -> None:
        self._settings = settings
        self._application = application
        super().__init__()

    def load_config(self) -> None:
        """Take over the settings given."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The WSGI application."""
        return self._application


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve; ends with the signal that stops gunicorn."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    chosen = parser.parse_args(arguments)
    end_at_signals()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    try:
        django.setup()
    except ImproperlyConfigured as reason:
        raise Abort(str(reason)) from reason
    # From here on the terminal's Ctrl-C reaches script.lib.server alone, which passes on one
    # signal: gunicorn's workers may hang when several come at once.
    os.setpgrp()
    # Before the logs get their files: it sets Django up, and with it logging, once more.
    from rbpsite.wsgi import application

    _write_logs(settings.DATA_DIR / "logs")
    Server(_settings(chosen.host, chosen.port, chosen.workers), application).run()
    return 0


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
    address = f"[{host}]" if ":" in host else host

    def say_ready(arbiter: object) -> None:
        print(f"RBP risk is ready: http://{address}:{port}/  (Ctrl-C stops it)", flush=True)

    # Only now: in production the settings may ask for more than is there.
    from rbpsite import serving

    names = {setting.name for setting in _KNOWN}

    return {
        **{name: value for name, value in vars(serving).items() if name in names},
        "bind": f"{address}:{port}",
        "workers": workers,
        "graceful_timeout": _GRACE_SECONDS,
        "when_ready": say_ready,
    }


if __name__ == "__main__":
    run(main)
