"""A data folder with a record that is backed up and restored."""

import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from tests.faults.conftest import until
from tests.scripts.conftest import CHECKOUT, Private

RECORD = """
import django
django.setup()
from scoring import actions
from tests import cast
from tests.life import acts
hostile = "O'Brien\\\\n\\t\\"王\\" \\\\."
first = cast.recorded(cast.person(family_name=hostile))
acts.amended(first, reason=hostile + "\\n\\r second line")
acts.voided(acts.provisional("H2"))
acts.outcome(first, acts.measured(3, 7))
acts.corrected(cast.registered("H3"), cast.person("H3", given_name="Na"))
actions.seal_waiting()
acts.completed(acts.provisional("H4"))
"""
# Everything but who is signed in, and what a sequence gives next.
TABLES = (
    "select relname, relkind::text from pg_class where relnamespace = 'public'::regnamespace"
    " and relkind in ('r', 'S') and relname <> 'django_session' order by 1"
)
# A restore that ended leaves its process of PostgreSQL to notice that: until then it holds tables.
UNFINISHED = (
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start is not null"
)


@dataclass(frozen=True)
class Kept:
    """A data folder with a record, and a folder for backups."""

    private: Private
    backups: Path
    through: tuple[str, ...] = ()

    def run(self, script: str, *arguments: str, **settings: str) -> tuple[int, str]:
        done = subprocess.run(
            [CHECKOUT / "script" / script, *arguments],
            cwd=self.backups,
            env=self.private.environment(
                # Else each process has a passing one, and no anchor is the next one's.
                RBP_SECRET_KEY="S3cret-" * 9,
                RBP_BACKUP_DIR=str(self.backups),
                **settings,
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout

    def must(self, script: str, *arguments: str, **settings: str) -> str:
        code, said = self.run(script, *arguments, **settings)
        assert code == 0, said
        return said

    def must_not(self, reason: str, *arguments: str, **settings: str) -> None:
        """A restore is refused with this reason and changes nothing."""
        before = self.rows()
        code, said = self.run("restore", *arguments, **settings)
        assert code == 1
        assert reason in said
        assert "Traceback" not in said
        assert differing(self.rows(), before) == []

    def backed_up(self, *arguments: str, **settings: str) -> Path:
        before = set(self.backups.glob("*.dump*"))
        self.must("backup", *arguments, **settings)
        found = set(self.backups.glob("*.dump*")) - before
        return next(path for path in found if path.suffix != ".json")

    def rows(self) -> dict[str, Any]:
        """Every row of every table, and where the sequences are."""
        if not (self.private.data / "postmaster.pid").exists():
            self.private.must("start")
        until(lambda: self.private.query(UNFINISHED) == [(0,)], "the end of all transactions")
        found: dict[str, Any] = {}
        connection = psycopg2.connect(
            host=str(self.private.folder / "run"), user="rbp", dbname="rbp"
        )
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(TABLES)
            for name, kind in cursor.fetchall():
                what = "last_value, is_called" if kind == "S" else f"{name}::text"
                cursor.execute(f"select {what} from {name}")  # noqa: S608
                found[name] = sorted(cursor.fetchall())
        return found


def differing(rows: dict[str, Any], others: dict[str, Any]) -> list[str]:
    """The names alone: pytest would take minutes to compare what is in the tables."""
    names = sorted(rows.keys() | others.keys())
    return [name for name in names if rows.get(name) != others.get(name)]
