"""``script/backup`` and ``script/restore``: every row comes back, or nothing is touched."""

import fcntl
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.conftest import CHECKOUT, Private, copied
from tests.scripts.kept import RECORD, Kept, differing


@pytest.fixture(scope="module")
def kept(
    reachable_folder: Path, with_tables: Private, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    private = copied(with_tables, reachable_folder / "kept")
    private.must("start")
    program = ["python", "-W", "ignore", "-c", RECORD]
    environment = private.environment(
        DJANGO_SETTINGS_MODULE="tests.settings", PYTHONPATH=str(CHECKOUT)
    )
    program[0] = str(CHECKOUT / ".venv/bin/python")
    subprocess.run(program, cwd=CHECKOUT, env=environment, check=True, timeout=60)
    yield Kept(private, tmp_path_factory.mktemp("backups"))
    private.must("stop")


@pytest.fixture(scope="module")
def backup(kept: Kept) -> Path:
    """A backup of the record, made while the database is in use."""
    return kept.backed_up()


def changed(manifest: Path, **changes: Any) -> None:
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | changes))


def test_what_was_destroyed_comes_back_row_by_row(kept: Kept, backup: Path) -> None:
    before = kept.rows()
    assert len(before["scoring_assessment"]) == 6
    assert before["scoring_auditwaiting"] == []
    manifest = json.loads(Path(f"{backup}.json").read_text())
    assert manifest["rows"]["scoring_assessment"] == 6
    for path in (backup, Path(f"{backup}.json")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(kept.backups.glob("*.partial"))

    kept.private.must("stop")
    shutil.rmtree(kept.private.folder / "postgres")
    said = kept.must("restore", backup.name, "--anchor", manifest["last_seal"])
    assert "the access log is whole, and the record is what it says" in said
    assert "The access log holds this anchor; 0 lines were sealed since." in said
    # It was started for this, and stopped again.
    assert kept.private.command("status").returncode == 3
    assert differing(kept.rows(), before) == []
    # Without them PostgreSQL may take minutes for a list, until it looks by itself.
    assert kept.private.query("select 1 from pg_stats where tablename = 'scoring_assessment'")
    with pytest.raises(Exception, match="Cannot update or delete"):
        kept.private.query("delete from scoring_assessment")


def test_data_that_are_there_are_replaced_only_where_told(kept: Kept, backup: Path) -> None:
    before = kept.rows()
    kept.private.query("insert into scoring_reportcounter values (2001, 7)")
    kept.private.query("insert into django_session values ('key', 'data', now())")
    kept.private.query("create table of_a_later_version (id int references scoring_user)")
    kept.must_not("There are data in this database", str(backup))
    with (kept.private.folder / "in-use.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        kept.must_not("is running: stop it first", str(backup), "--replace")
    kept.must("restore", str(backup), "--replace")
    assert differing(kept.rows(), before) == []
    assert kept.private.query("select * from django_session") == []


def test_a_backup_that_is_not_as_it_was_written_is_refused(
    kept: Kept, backup: Path, tmp_path: Path
) -> None:
    copy = tmp_path / backup.name
    manifest = Path(f"{copy}.json")

    def fresh() -> None:
        shutil.copy(backup, copy)
        shutil.copy(f"{backup}.json", manifest)

    fresh()
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    kept.must_not("is damaged", str(copy), "--replace")
    copy.write_bytes(content[:-100])
    kept.must_not("is damaged", str(copy), "--replace")
    fresh()
    manifest.unlink()
    kept.must_not("is missing: without it nobody knows", str(copy), "--replace")
    fresh()
    changed(manifest, version="9.0.0", migrations=["scoring.9999_of_the_future"])
    kept.must_not("of version 9.0.0, which is newer", str(copy), "--replace")
    fresh()
    changed(manifest, postgresql_major=99)
    kept.must_not("is of PostgreSQL 99", str(copy), "--replace")
    fresh()
    changed(manifest, format=2)
    kept.must_not("another version of RBP risk", str(copy), "--replace")
    fresh()
    changed(manifest, rows={"scoring_assessment": 7})
    # All of it was in place by then, and is taken back.
    kept.must_not("Nothing was changed. psql", str(copy), "--replace")
    kept.must_not("there is no such file", str(tmp_path / "none.dump"))


def test_through_another_program_it_is_encrypted(kept: Kept, tmp_path: Path) -> None:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--yes", "--trust-model=always"]
    make = [*gpg, "--passphrase", "", "--quick-generate-key", "backup", "future-default"]
    settings = {
        "DATABASE_URL": kept.private.must("url").strip(),
        "GNUPGHOME": str(home),
    }
    # To restore takes the owner of the tables; for a backup the site's role is enough.
    owner = {"DATABASE_OWNER_URL": kept.private.must("url", "--owner").strip()}
    before = kept.rows()
    try:
        subprocess.run(make, check=True, capture_output=True)
        through = " ".join([*gpg, "--encrypt", "--recipient", "backup"])
        encrypted = kept.backed_up("--through", through, **settings)
        assert encrypted.suffix == ".enc"
        assert b"PGDMP" not in encrypted.read_bytes()
        back = (str(encrypted), "--replace")
        kept.must_not("say --through what reads it", *back, **settings)
        kept.must_not("Nothing was changed", *back, "--through", "false", **settings)
        kept.private.query("insert into scoring_reportcounter values (2001, 7)")
        decrypt = " ".join([*gpg, "--decrypt"])
        kept.must_not("Nothing was changed", *back, "--through", decrypt, **settings)
        kept.must("restore", *back, "--through", decrypt, **settings, **owner)
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True)
    assert differing(kept.rows(), before) == []


@pytest.mark.parametrize("through", ["/nowhere", "sh -c 'kill -9 $PPID'"])
def test_what_ends_half_way_changes_nothing(kept: Kept, backup: Path, through: str) -> None:
    before = kept.rows()
    # Else psql may end at a notice that nobody reads any more.
    quiet = {"PGOPTIONS": "-c client_min_messages=warning"}
    code, said = kept.run("restore", str(backup), "--replace", "--through", through, **quiet)
    assert differing(kept.rows(), before) == []
    told = "Nothing was changed: /nowhere: No such file or directory.\n"
    assert (code, told in said) in {(1, True), (-9, False)}


def test_a_backup_that_fails_leaves_nothing_behind(kept: Kept, tmp_path: Path) -> None:
    folder = replace(kept, backups=tmp_path)
    for through, reason in (("false", "false ended with 1"), ("/nowhere", "No such file")):
        code, said = folder.run("backup", "--through", through)
        assert (code, "No backup was made" in said) == (1, True)
        assert reason in said
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]
    code, said = folder.run("backup", DATABASE_URL="postgresql://rbp:secret@127.0.0.1:9/rbp")
    assert code == 1
    assert "secret" not in said
    with (tmp_path / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, said = folder.run("backup")
    assert (code, "is under way" in said) == (1, True)


def test_the_newest_are_kept(kept: Kept, tmp_path: Path) -> None:
    folder = replace(kept, backups=tmp_path)
    names = [f"rbp-risk-2026010{day}T000000Z.dump" for day in range(1, 5)]
    for name in names[:3]:
        (tmp_path / name).touch()
        (tmp_path / f"{name}.json").touch()
    # Neither half a backup nor a file of somebody else's is touched.
    (tmp_path / names[3]).touch()
    (tmp_path / "letter.dump").touch()
    said = folder.must("backup", "--keep", "2")
    assert "2 older ones were removed" in said
    assert "Anchor of the access log, to be kept elsewhere: " in said
    left = {path.name for path in tmp_path.glob("*.dump")}
    assert left - {max(left - {"letter.dump"})} == {names[2], names[3], "letter.dump"}


def test_no_password_stands_where_others_can_read_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from script.lib.target import reached

    monkeypatch.setenv("DATABASE_URL", "postgresql://rbp:pa%2Fss@db.example:5433/r?sslmode=require")
    monkeypatch.setattr("script.lib.target.read_env_file", lambda: None)
    monkeypatch.setenv("PGSERVICEFILE", "")
    with reached() as target:
        file = Path(os.environ["PGSERVICEFILE"])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        lines = file.read_text().splitlines()
        assert {"host=db.example", "port=5433", "password=pa/ss", "sslmode=require"} <= set(lines)
        del target.environment["DATABASE_URL"]
        assert not any("pa/ss" in value for value in target.environment.values())
    assert not file.exists()
