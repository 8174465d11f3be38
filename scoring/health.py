"""Whether what the site works with works: database, tables, disk, PDF reports, background work.

What is said here may be read by anybody who can reach the site: no names of hosts, no paths.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error as CheckError
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.migrations._version_0_1 import REPLACED
from scoring.queries.access_log import oldest_unsealed_at
from scoring.report import renderer

WELL = "ok"
# Held by the process that does the background work: any number, the same for every server.
BACKGROUND_LOCK = 16255183
# Shared by every process that takes laboratory messages.
LISTENER_LOCK = 16255185
# The background work seals a line of the access log within seconds.
SEALED_WITHIN = timedelta(minutes=10)
# How long an answer is good for: those who watch ask often.
_FRESH_SECONDS = 5.0
_OLD_SECONDS = 70.0
_MB = 1024 * 1024
# Chosen when the site starts: once it is full, tempfile would choose another and hide it.
_TEMPORARY_FILES = tempfile.gettempdir()
_OF_VERSION_0_1 = frozenset(("scoring", name) for name in REPLACED)


@dataclass(frozen=True)
class Part:
    """One thing the site needs, and "ok" or what is wrong with it."""

    name: str
    text: str
    # Whether pages need it: without the rest the site still serves.
    is_needed: bool = True

    @property
    def is_well(self) -> bool:
        """Whether it works."""
        return self.text == WELL


def database_problem() -> str:
    """Empty where the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "it can't be reached"
    return ""


@cache
def known_migrations() -> dict[tuple[str, str], Sequence[tuple[str, str]]]:
    """The migrations of this version of the program by app and name, each with what it replaces."""
    return {key: each.replaces for key, each in MigrationLoader(None).disk_migrations.items()}


def unfinished_problem() -> str:
    """Empty unless version 0.1 applied only some of its migrations. Raises Error.

    This version can't go on from there: it has them as one.
    """
    return _unfinished(set(MigrationRecorder(connection).applied_migrations()))


def check_former_version(*, databases: Sequence[str] | None, **_options: Any) -> list[CheckError]:
    """The same as a check of Django's, which ``manage.py migrate`` makes before it begins."""
    problem = unfinished_problem() if databases else ""
    return [CheckError(problem, id="scoring.E001")] if problem else []


def _unfinished(applied: set[tuple[str, str]]) -> str:
    done = len(applied.intersection(_OF_VERSION_0_1))
    if done in {0, len(_OF_VERSION_0_1)}:
        return ""
    text = _(
        "Version 0.1 stopped half-way in these tables: %(done)d of its %(all)d migrations are "
        "applied. Finish them with its last commit (git checkout c9b64c5, then manage.py migrate); "
        "then start this version again."
    )
    return text % {"done": done, "all": len(_OF_VERSION_0_1)}


def schema_problem() -> str:
    """Empty where exactly the migrations of this version are applied. Raises Error."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    if problem := _unfinished(applied):
        return problem
    known = known_migrations()
    missing = sorted(key for key in known if not applied.issuperset(known[key] or [key]))
    if missing:
        first, count = ".".join(missing[0]), len(missing)
        text = ngettext(
            "%(count)d migration is not applied yet: %(first)s",
            "%(count)d migrations are not applied yet, from %(first)s on",
            count,
        )
        return text % {"count": count, "first": first}
    known_names = {*known, *(each for replaced in known.values() for each in replaced)}
    apps = {app for app, _name in known}
    newer = sorted(each for each in applied - known_names if each[0] in apps)
    if newer:
        return f"the tables are of a newer version, which applied {'.'.join(newer[-1])}"
    return ""


def disk_problem() -> str:
    """Empty where data folder and temporary files have room."""
    for name, folder in (("data", settings.DATA_DIR), ("temporary files", _TEMPORARY_FILES)):
        if problem := room_problem(Path(folder)):
            return f"{name}: {problem}"
    return ""


def room_problem(folder: Path) -> str:
    """Empty where a folder, or the one it would be made in, has room to write."""
    while not folder.exists():
        folder = folder.parent
    room = os.statvfs(folder)
    if room.f_flag & os.ST_RDONLY:
        return "the disk can only be read"
    free_mb = room.f_bavail * room.f_frsize // _MB
    if free_mb < settings.MIN_FREE_MB:
        return f"{free_mb} MB are free, {settings.MIN_FREE_MB} are needed"
    # A file system without a fixed number of files says 0 of 0.
    if room.f_files and not room.f_favail:
        return "no more files can be made"
    return ""


def pdf_problem() -> str:
    """Empty where this process can make a report."""
    try:
        renderer.check()
    except renderer.ReportError as error:
        return f"no report can be made ({error})"
    return ""


def background_is_running() -> bool:
    """Whether ``manage.py background`` works on some server of this database. Raises Error."""
    return _is_held(BACKGROUND_LOCK)


def listener_is_running() -> bool:
    """Whether ``manage.py receive_hl7`` runs on some server of this database. Raises Error."""
    return _is_held(LISTENER_LOCK)


def _is_held(lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND (classid, objid, objsubid) = (0, %s, 1) AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [lock],
        )
        return bool(cursor.fetchone()[0])


def background_problem() -> str:
    """Empty where the background work is done and keeps up. Raises Error."""
    if not background_is_running():
        return "it does not run"
    oldest = oldest_unsealed_at()
    if oldest is not None and timezone.now() - oldest > SEALED_WITHIN:
        return "lines of the access log are not sealed"
    return ""


def listener_problem() -> str:
    """Empty where laboratory messages are taken. Raises Error."""
    return "" if listener_is_running() else "it does not run"


class Readiness:
    """All parts, each asked at most once in a while, by one thread at a time."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._known: dict[str, tuple[float, Part]] = {}

    def parts(self) -> list[Part]:
        """Every part; the last answers where another thread waits for new ones."""
        if not self._asking.acquire(blocking=not self._known):
            return [self._last(name) for name in self._known]
        try:
            parts = [
                self._part("database", database_problem),
                self._part("tables", _tables_problem),
                self._part("disk", disk_problem),
                self._part("pdf", pdf_problem),
                self._part("background", _background_problem, is_needed=False),
            ]
            if settings.HL7_IS_SET_UP:
                parts.append(self._part("laboratory", _listener_problem, is_needed=False))
            return parts
        finally:
            self._asking.release()

    def _part(self, name: str, problem: Callable[[], str], *, is_needed: bool = True) -> Part:
        known = self._known.get(name)
        if known is None or time.monotonic() - known[0] > _FRESH_SECONDS or not known[1].is_well:
            known = (time.monotonic(), Part(name, problem() or WELL, is_needed))
            self._known[name] = known
        return known[1]

    def _last(self, name: str) -> Part:
        """The last answer; one that was not renewed for long is none."""
        asked, part = self._known[name]
        is_old = time.monotonic() - asked > _OLD_SECONDS
        return replace(part, text="no answer for some time") if is_old else part


def _tables_problem() -> str:
    try:
        return schema_problem()
    except Error:
        return "they can't be looked at"


def _background_problem() -> str:
    try:
        return background_problem()
    except Error:
        return "it can't be looked at"


def _listener_problem() -> str:
    try:
        return listener_problem()
    except Error:
        return "it can't be looked at"


readiness = Readiness()
