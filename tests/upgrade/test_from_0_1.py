"""An upgrade from version 0.1: its backup is restored, and its tables are brought up to date.

``make_backup.py`` says how the backup was made.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from rbpsite.data_folder import SITE
from scoring.migrations._version_0_1 import REPLACED
from scoring.models.record_tables import RECORD_TABLES
from script.lib.binaries import clients
from tests.scripts.conftest import CHECKOUT, Private, started

BACKUP = Path(__file__).parent / "version-0.1.dump"
MANIFEST = json.loads(Path(f"{BACKUP}.json").read_text())
# Tables that a newer version adds rows to by itself: rights, and what was applied.
GROWING = {
    "auth_permission",
    "auth_group_permissions",
    "django_content_type",
    "django_migrations",
    # The digests of what was there.
    "scoring_auditevent",
    "scoring_auditwaiting",
}
RENAMED = {"scoring_firstfinal": "scoring_indexassessment"}
SCHEMA = {
    # Their order, not their numbers: a restored table has forgotten the columns once dropped.
    "columns": "select table_name, column_name, row_number() over (partition by table_name order by"
    " ordinal_position), data_type, udt_name, is_nullable, column_default, generation_expression,"
    " is_identity, character_maximum_length from information_schema.columns"
    " where table_schema = 'public'",
    "constraints": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    " from pg_constraint where connamespace = 'public'::regnamespace",
    "indexes": "select indexdef from pg_indexes where schemaname = 'public'",
    "triggers": "select pg_get_triggerdef(oid), tgenabled::text from pg_trigger"
    " where not tgisinternal",
    # Not those that no trigger calls any more: version 0.1 left one behind.
    "functions": "select pg_get_functiondef(tgfoid) from pg_trigger where not tgisinternal",
    "statistics": "select attrelid::regclass::text, attname, attoptions from pg_attribute"
    " where attoptions is not null",
    "sequences": "select sequencename, data_type::text from pg_sequences"
    " where schemaname = 'public'",
    "roles": "select g.name, p.codename, p.name from auth_group g"
    " join auth_group_permissions gp on gp.group_id = g.id"
    " join auth_permission p on p.id = gp.permission_id",
}
# A restored "in ('a', 'b')" is the same rule with its casts elsewhere.
CASTS = re.compile(r"::(character varying|text)(\[\])?|[()]")
PAGES = """
import django
django.setup()
from django.test import Client
from django.urls import reverse
from scoring.models import Assessment, Patient, RecalibratedRisk, Recalibration
from tests import cast

def of(model, name):
    return [reverse(name, args=[pk]) for pk in model.objects.values_list("pk", flat=True)]

def opened(username, paths):
    browser = Client()
    asked = {"username": username, "password": cast.PASSWORD}
    assert browser.post(reverse("sign-in"), asked).status_code == 302, username
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, (username, path, answer.status_code)
        content = b"".join(answer) if answer.streaming else answer.content
        print(path)
        for said in SAID.get(path, ()):
            assert said in content.decode(), (path, said)

risks = RecalibratedRisk.objects.values_list("assessment_id", flat=True)
lived = Assessment.objects.filter(patient__hospital_number__startswith="H1")
shown = {*risks, *lived.values_list("pk", flat=True)}
assessments = [reverse("assessment-result", args=[pk]) for pk in shown]
report = reverse("assessment-report", args=[lived.first().pk])
# What was assessed with version 1 of the model is read with its numbers.
EARLIER = "Scored with version 1 of the model"
assert lived.exists()
for one in lived:
    assert one.model_version == one.result.model.version == "1"
    low, _high = one.result.model.band(one.result.scenarios[-1].total_points)
    assert abs(one.result.scenarios[-1].band.low - low) < 1e-9
SAID = {address: [EARLIER] for address in assessments} | {"/": ["The model has a new version: 2"]}
opened("alice", ["/", reverse("history"), reverse("assessment-new"), *assessments, report])
opened("rita", [
    reverse("history"), reverse("validation"), reverse("model-versions"), reverse("access-log"),
    *of(Recalibration, "recalibration-detail"), *of(Patient, "patient-detail")[:10],
])
opened("adam", [reverse("users"), reverse("ward-settings")])
"""


@dataclass(frozen=True)
class Upgraded:
    """A private PostgreSQL with the data of 0.1 in its site's database."""

    private: Private

    def run(self, *command: str, database: str = "rbp") -> tuple[int, str]:
        """Run a command of this version; its exit code and what it said.

        In another database than the site's own it has one role for everything.
        """
        settings = {} if database == "rbp" else {"DATABASE_URL": self.url(database)}
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            env=self.private.environment(
                DJANGO_SETTINGS_MODULE="tests.settings", PYTHONPATH=str(CHECKOUT), **settings
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def must(self, *command: str, database: str = "rbp") -> str:
        """Run a command that has to succeed."""
        code, said = self.run(*command, database=database)
        assert code == 0, said
        return said

    def manage(self, *command: str, database: str = "rbp") -> str:
        """Run a command of manage.py that has to succeed."""
        return self.must(sys.executable, "manage.py", *command, database=database)

    def made(self, database: str, statement: str) -> None:
        """A database more, in the place of one of the same name."""
        connection = psycopg2.connect(self.private.must("url").strip(), user="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"drop database if exists {database}")
                cursor.execute(f"create database {database} owner rbp {statement}")
        finally:
            connection.close()

    def found(self, statement: str, database: str = "rbp") -> list[tuple[object, ...]]:
        """What a statement finds and does."""
        connection = psycopg2.connect(self.url(database))
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def url(self, database: str) -> str:
        """The address of a database with the role that owns it."""
        return self.private.must("url", "--owner").strip().replace("/rbp?", f"/{database}?")


@pytest.fixture(scope="module")
def upgraded(reachable_folder: Path) -> Iterator[Upgraded]:
    private = Private(Path(tempfile.mkdtemp(dir=reachable_folder)))
    with started(private):
        upgraded = Upgraded(private)
        said = upgraded.must("script/restore", str(BACKUP))
        assert "the access log is whole" in said
        yield upgraded


def test_every_row_is_there_and_the_log_is_whole(upgraded: Upgraded) -> None:
    for table, count in MANIFEST["rows"].items():
        name = RENAMED.get(table, table)
        [(found,)] = upgraded.found(f"select count(*) from {name}")  # noqa: S608
        assert found >= count if table in GROWING else found == count, table
    said = upgraded.manage("verify_log", "--anchor", MANIFEST["last_seal"])
    assert "The access log is whole, and the record is what it says" in said
    rows = sum(MANIFEST["rows"].get(table.table, 0) for table in RECORD_TABLES.values())
    assert f"compared with the access log: {rows:,}." in said
    assert upgraded.manage("makemigrations", "--check", "--dry-run") == "No changes detected\n"
    said = upgraded.manage("migrate")
    assert "No migrations to apply" in said
    assert "WARNINGS" not in said


def test_the_tables_are_those_of_a_new_database(upgraded: Upgraded) -> None:
    upgraded.made("new", "")
    upgraded.manage("migrate", "--verbosity=0", database="new")
    for what, statement in SCHEMA.items():
        ours, new = (
            {CASTS.sub("", str(row)) for row in upgraded.found(statement, database)}
            for database in ("rbp", "new")
        )
        assert ours, what
        assert sorted(ours ^ new) == [], what


def test_a_backup_of_an_earlier_0_2_is_brought_up_to_date(
    upgraded: Upgraded, tmp_path: Path
) -> None:
    """Made between two versions, when some of the migrations were applied."""
    upgraded.made("earlier", "")
    tables = upgraded.url("earlier")
    subprocess.run(
        [
            clients()[0] / "pg_restore",
            "--no-owner",
            "--no-privileges",
            f"--dbname={tables}",
            BACKUP,
        ],
        check=True,
    )
    upgraded.manage("migrate", "--verbosity=0", "scoring", "0033_undo", database="earlier")
    upgraded.must("script/backup", "--to", str(tmp_path), database="earlier")
    (backup,) = tmp_path.glob("*.dump")
    upgraded.made("again", "")
    said = upgraded.must("script/restore", str(backup), database="again")
    assert "the access log is whole" in said
    for table, count in MANIFEST["rows"].items():
        name = RENAMED.get(table, table)
        [(found,)] = upgraded.found(f"select count(*) from {name}", "again")  # noqa: S608
        assert found >= count if table in GROWING else found == count, table
    for what, statement in SCHEMA.items():
        again, ours = (
            {CASTS.sub("", str(row)) for row in upgraded.found(statement, database)}
            for database in ("again", "rbp")
        )
        assert sorted(again ^ ours) == [], what


def test_pages_answer(upgraded: Upgraded) -> None:
    opened = upgraded.must(sys.executable, "-W", "ignore", "-c", PAGES)
    assert len([line for line in opened.splitlines() if line.startswith("/")]) > 20


def test_tables_that_0_1_left_half_way_are_left_as_they_are(upgraded: Upgraded) -> None:
    upgraded.made("half", "template rbp")
    upgraded.found(
        "delete from django_migrations where app = 'scoring' and (name like '%\\_squashed\\_%' or"
        " name >= '0012')",
        "half",
    )
    applied = "select app, name from django_migrations order by 1, 2"
    before = upgraded.found(applied, "half")
    for command in ("migrate", "prepare", "doctor"):
        code, said = upgraded.run(sys.executable, "manage.py", command, database="half")
        assert code == 1, said
        assert "7 of its 12 migrations are applied" in said
        assert "git checkout c9b64c5, then manage.py migrate" in said
        assert "Traceback" not in said
    assert upgraded.found(applied, "half") == before


def test_a_backup_of_such_tables_is_refused(upgraded: Upgraded, tmp_path: Path) -> None:
    copy = tmp_path / BACKUP.name
    shutil.copy(BACKUP, copy)
    last = f"scoring.{REPLACED[-1]}"
    left = [name for name in MANIFEST["migrations"] if name != last]
    Path(f"{copy}.json").write_text(json.dumps(MANIFEST | {"migrations": left}))
    patients = upgraded.found("select count(*) from scoring_patient")
    code, said = upgraded.run("script/restore", str(copy), "--replace")
    assert code == 1
    assert f"it lacks {last}" in said
    assert "Traceback" not in said
    assert upgraded.found("select count(*) from scoring_patient") == patients


def test_data_of_one_role_get_the_second(upgraded: Upgraded) -> None:
    """As version 0.1 left them: the site's role is missing, triggers can be skipped."""
    # A copy of the database would hold the role.
    upgraded.made("half", "")
    upgraded.manage("pgtrigger", "install")
    for statement in (
        "grant temporary on database rbp to public",
        f"drop owned by {SITE}",
        f"drop role {SITE}",
    ):
        upgraded.private.query(statement, user="postgres")
    counted = "select count(*), max(id::text) from scoring_assessment"
    before = upgraded.found(counted)
    code, said = upgraded.run(sys.executable, "manage.py", "doctor")
    assert code == 1
    assert f'role "{SITE}" does not exist' in said
    upgraded.private.must("stop")
    upgraded.private.must("start")
    _, said = upgraded.run(sys.executable, "manage.py", "doctor", "--json")
    assert "rights" in {finding["code"] for finding in json.loads(said)}
    upgraded.must(sys.executable, "-m", "script.lib.prepare")
    _, said = upgraded.run(sys.executable, "manage.py", "doctor", "--json")
    assert {finding["code"] for finding in json.loads(said)}.isdisjoint({"rights", "owner", "skip"})
    assert upgraded.found(counted) == before
    assert upgraded.manage("verify_log", "--anchor", MANIFEST["last_seal"])
    test_pages_answer(upgraded)
