"""Settings of the sites that the fault tests break: the tests' own, with connections that stay.

``RBP_TEST_CLOCK`` names a file with the seconds by which this site's clock is wrong; it is read
anew each time somebody asks for the time.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from rbpsite import environment
from tests.settings import *  # noqa: F403

DATABASES["default"]["CONN_MAX_AGE"] = environment.number(  # noqa: F405
    "RBP_DB_CONN_MAX_AGE_SECONDS", 60, 0, 86_400
)

if _clock := os.environ.get("RBP_TEST_CLOCK"):
    _file = Path(_clock)
    _true_time = time.time

    def _wrong_now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(_file.read_text()))

    def _wrong_time() -> float:
        return _true_time() + float(_file.read_text())

    timezone.now = _wrong_now
    time.time = _wrong_time
