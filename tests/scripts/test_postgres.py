"""``script/postgres``: the private PostgreSQL from its first start to its last stop."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

from tests.scripts.conftest import CHECKOUT, Private

IS_ROOT = os.geteuid() == 0


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def owner_of(path: Path) -> int:
    return path.stat().st_uid


def test_the_first_start_makes_it_and_the_second_finds_it(private: Private) -> None:
    assert private.command("status").returncode == 3
    first = private.must("start")
    assert "Making a PostgreSQL database" in first
    assert "has started" in first
    main_process = private.main_process()
    second = private.must("start")
    assert "runs already" in second
    assert private.main_process() == main_process
    assert private.command("status").returncode == 0
    assert "has stopped" in private.must("stop")
    assert "was not running" in private.must("stop")
    assert private.command("status").returncode == 3


def test_data_survive_a_restart(running: Private) -> None:
    running.query("create table kept as select 183.886 as points")
    running.must("stop")
    running.must("start")
    assert [str(value) for (value,) in running.query("select points from kept")] == ["183.886"]


def test_data_survive_the_killing_of_the_server(running: Private) -> None:
    running.query("create table survivor as select 76.8 as risk")
    os.kill(running.main_process(), signal.SIGKILL)
    assert "has started" in running.must("start")
    assert [str(value) for (value,) in running.query("select risk from survivor")] == ["76.8"]


def test_a_lock_whose_number_has_gone_to_another_process_does_not_hold_it_up(
    running: Private,
) -> None:
    lock = running.data / "postmaster.pid"
    left_behind = lock.read_text().splitlines()
    running.must("stop")
    owner = running.data.stat()
    other = subprocess.Popen(
        ["sleep", "60"],
        user=owner.st_uid if IS_ROOT else None,
        group=owner.st_gid if IS_ROOT else None,
    )
    try:
        lock.write_text("\n".join([str(other.pid), *left_behind[1:]]) + "\n")
        os.chown(lock, owner.st_uid, owner.st_gid)
        assert "has started" in running.must("start")
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_two_starts_at_once_make_one_server(private: Private) -> None:
    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(lambda _: private.must("start"), range(2)))
    assert sum("has started" in text for text in said) == 1
    assert sum("runs already" in text for text in said) == 1


def test_nobody_else_can_read_the_data_folder(running: Private) -> None:
    assert mode_of(running.folder) == (0o710 if IS_ROOT else 0o700)
    for part in ("secrets", "logs", "run", "postgres"):
        assert mode_of(running.folder / part) == 0o700, part
    assert mode_of(running.data) == 0o700
    for part in ("secrets", "logs"):
        assert owner_of(running.folder / part) == os.geteuid(), part


def test_it_listens_on_its_socket_alone(running: Private) -> None:
    assert running.query("show listen_addresses") == [("",)]
    assert mode_of(running.folder / "run" / ".s.PGSQL.5432") == 0o700


@pytest.mark.skipif(not IS_ROOT, reason="only root starts it under another account")
def test_root_starts_it_under_an_ordinary_account(running: Private) -> None:
    account = owner_of(Path(f"/proc/{running.main_process()}"))
    assert account != 0
    assert account == owner_of(running.data) == owner_of(running.folder / "run")


@pytest.mark.skipif(not IS_ROOT, reason="every other test shows it already")
def test_an_ordinary_account_starts_its_own(reachable_folder: Path) -> None:
    # A copy that the account can reach, wherever the checkout lies.
    copy = reachable_folder / "checkout"
    shutil.copytree(CHECKOUT / "script", copy / "script")
    (copy / "rbpsite").mkdir()
    for name in ("__init__.py", "data_folder.py"):
        shutil.copy(CHECKOUT / "rbpsite" / name, copy / "rbpsite")
    folder = reachable_folder / "ordinary"
    folder.mkdir()
    account = pwd.getpwnam("nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)

    def as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=copy,
            env={"PATH": os.defpath, "RBP_DATA_DIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    python = next(
        (each for each in (sys.executable, "/usr/bin/python3") if _runs(each, account)), None
    )
    if python is None:
        pytest.skip("no Python here that another account can run")
    try:
        started = as_nobody(python, "-m", "script.lib.postgres", "start")
        assert "has started" in started.stdout, started.stderr
        assert mode_of(folder) == 0o700
        process = int((folder / "postgres/data/postmaster.pid").read_text().split()[0])
        assert owner_of(Path(f"/proc/{process}")) == account.pw_uid
    finally:
        stopped = as_nobody(python, "-m", "script.lib.postgres", "stop")
    assert "has stopped" in stopped.stdout, stopped.stderr


def _runs(python: str, account: pwd.struct_passwd) -> bool:
    try:
        tried = subprocess.run(
            [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0


def test_one_role_owns_the_database_and_none_rules_the_server(running: Private) -> None:
    assert running.query(
        "select rolname, rolsuper, rolcreatedb, rolcreaterole from pg_roles"
        " where rolname ~ '^rbp' order by 1"
    ) == [("rbp", False, False, False), ("rbp_site", False, False, False)]
    assert (
        running.query(
            "select 1 from pg_auth_members m join pg_roles r on r.oid = m.member"
            " where r.rolname ~ '^rbp'"
        )
        == []
    )
    assert running.query(
        "select pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datctype"
        " from pg_database where datname = 'rbp'"
    ) == [("rbp", "UTF8", "C.UTF-8")]


def test_chinese_characters_are_letters_to_the_search(running: Private) -> None:
    running.query("create extension if not exists pg_trgm")
    [(found,)] = running.query("select word_similarity('王芳', '王芳 (二区)') > 0.9")
    assert found


def test_data_are_safe_against_a_crash_and_silent_damage(running: Private) -> None:
    assert running.query("show fsync") == [("on",)]
    assert running.query("show synchronous_commit") == [("on",)]
    assert running.query("show data_checksums") == [("on",)]


def test_no_patient_stands_in_the_log(running: Private) -> None:
    running.query("create table patient (name text unique)")
    running.query("insert into patient values ('WANG, Fang')")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        running.query("insert into patient values ('WANG, Fang')")
    # The text of this error itself quotes what was typed.
    with pytest.raises(psycopg2.errors.InvalidTextRepresentation):
        running.query("select 'WANG'::integer")
    with pytest.raises(psycopg2.OperationalError):
        running.query("select 1", user="a_role_that_is_not_there")
    log = running.folder / "postgres" / "postgres.log"
    end = time.monotonic() + 5
    while "a_role_that_is_not_there" not in log.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    assert "a_role_that_is_not_there" in log.read_text()
    assert "WANG" not in log.read_text()


def test_data_of_another_version_of_postgresql_stop_the_start(running: Private) -> None:
    running.must("stop")
    version = running.data / "PG_VERSION"
    real = version.read_text()
    version.write_text("9\n")
    refused = running.command("start")
    version.write_text(real)
    assert refused.returncode == 1
    assert "The data were written by PostgreSQL 9" in refused.stderr
    assert "Traceback" not in refused.stderr
    running.must("start")


def test_a_folder_that_holds_something_else_is_left_alone(reachable_folder: Path) -> None:
    home = reachable_folder / "home"
    home.mkdir(mode=0o755)
    (home / "letter.txt").write_text("Dear")
    refused = Private(home).command("start")
    assert refused.returncode == 1
    assert "holds other files" in refused.stderr
    assert mode_of(home) == 0o755
    assert [path.name for path in home.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("name", ["long, " * 20 + "name", "b & 50% 张"])
def test_any_name_of_the_data_folder_will_do(reachable_folder: Path, name: str) -> None:
    private = Private(reachable_folder / name)
    sockets: Path | None = None
    try:
        private.must("start")
        assert private.query("select 1") == [(1,)]
        [(quoted,)] = private.query("show unix_socket_directories", user="postgres")
        sockets = Path(quoted.strip('"'))
        assert mode_of(sockets) == 0o700
    finally:
        private.must("stop")
        if sockets:
            shutil.rmtree(sockets)


def test_a_throwaway_serves_one_program_and_leaves_nothing(private: Private) -> None:
    program = (
        "import os, pathlib, psycopg2, sys;"
        "from urllib.parse import unquote;"
        "connection = psycopg2.connect(os.environ['DATABASE_URL']);"
        "connection.autocommit = True;"
        "connection.cursor().execute('create database another');"
        "print(os.environ['RBP_DATA_DIR']);"
        "sys.exit(7)"
    )
    done = private.command("throwaway", sys.executable, "-c", program)
    assert done.returncode == 7, done.stderr
    folder = Path(done.stdout.strip())
    assert folder.is_absolute()
    assert folder != private.folder
    assert not folder.exists()
