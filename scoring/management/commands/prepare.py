"""``manage.py prepare``: everything between a new version of the code and serving it.

Brings the database and the static files up to date and sees that there is an administrator.
Does nothing, quickly, where nothing changed; safe when several servers start at once.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rbpsite.joined_static import JOINED
from scoring import health
from scoring.catalogs import missing_catalogs, uncompiled_text
from scoring.management import owner
from scoring.management.help_text import describe

# Any number, the same for every server of one database.
_LOCK_NUMBER = 1625518
# Variants of Bootstrap and htmx that no page uses; compressing them takes several seconds.
UNUSED_STATIC = ["bootstrap-*", "*.rtl.*", "*.esm.*", "htmx-4*", "htmax-*", "*-4.*"]


class Command(BaseCommand):
    """Database, static files and first administrator."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command."""
        describe(
            parser,
            _(
                "Bring the database and the static files up to date; create the first "
                "administrator."
            ),
        )
        parser.add_argument(
            "--no-administrator",
            action="store_false",
            dest="administrator",
            help=_("leave accounts alone, also where there is none yet"),
        )
        parser.add_argument(
            "--tables",
            action="store_true",
            help=_("the tables alone, for the owner of the tables before the site's role starts"),
        )

    def handle(self, *args: Any, administrator: bool, tables: bool, **options: Any) -> None:
        """Do what is due.

        Raises OperationalError when the database can't be reached, CommandError when a former
        version has to finish first, the owner of the tables has to bring them up to date, or the
        words of a language are not compiled.
        """
        for catalog in missing_catalogs():
            raise CommandError(uncompiled_text(catalog))
        with _one_at_a_time():
            self._migrate()
            if administrator and not tables:
                call_command("first_administrator", if_none=True, stdout=self.stdout)
        if not tables:
            self._collect_static()

    def _migrate(self) -> None:
        with connection.cursor() as cursor:
            if not owner.may_migrate(cursor):
                self._check_tables()
                return
        if problem := health.unfinished_problem():
            raise CommandError(problem)
        executor = MigrationExecutor(connection)
        due = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if due:
            text = ngettext(
                "Bringing the database up to date: %(count)d migration (usually a few seconds)",
                "Bringing the database up to date: %(count)d migrations (usually a few seconds)",
                len(due),
            )
            self._say(text % {"count": len(due)})
            call_command("migrate", interactive=False, verbosity=0)
        else:
            owner.set_up_database()

    def _check_tables(self) -> None:
        """The site's role can't mend them. Raises CommandError where they are not right."""
        try:
            problem = health.schema_problem()
        except ProgrammingError:
            problem = _("the site's role may not read them")
        if problem:
            text = _(
                "The tables don't fit this version: %(problem)s. Run manage.py migrate as their "
                "owner, with DATABASE_OWNER_URL set. See docs/operations.md."
            )
            raise CommandError(text % {"problem": problem})

    def _collect_static(self) -> None:
        if is_collected():
            return
        self._say(_("Collecting the static files (usually a few seconds)"))
        try:
            call_command(
                "collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED_STATIC
            )
            stamp = _stamp()
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.write_text(_static_state())
        except OSError as reason:
            text = _(
                "The static files can't be written (%(reason)s: %(file)s). See RBP_STATIC_DIR."
            )
            raise CommandError(
                text % {"reason": reason.strerror, "file": reason.filename}
            ) from reason

    def _say(self, text: str) -> None:
        """Announce a step before it begins, also where the output is no terminal."""
        self.stdout.write(text)
        self.stdout.flush()


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one server at a time change the database."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK_NUMBER])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK_NUMBER])


def is_collected() -> bool:
    """Whether the static files of exactly this version lie where they are served from."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return False
    return _stamp().exists() and _stamp().read_text() == _static_state()


def _stamp() -> Path:
    return Path(settings.DATA_DIR) / "static.stamp"


def _static_state() -> str:
    """A mark that changes with any source of a static file, or where they are collected."""
    mark = hashlib.sha256(f"{settings.STATIC_ROOT} {settings.VERSION} {JOINED}".encode())
    for finder in get_finders():
        for path, storage in finder.list(UNUSED_STATIC):
            source = Path(storage.path(path)).stat()
            mark.update(f"{path} {source.st_size} {source.st_mtime_ns}\n".encode())
    return mark.hexdigest()
