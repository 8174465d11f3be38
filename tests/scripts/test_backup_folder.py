"""What a backup does around itself: to older ones, to what it began, to a server beside it."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from script.lib import backup
from script.lib.abort import Abort
from tests.faults.conftest import until
from tests.scripts.conftest import CHECKOUT, Private, copied, started


@pytest.fixture(scope="module")
def ward(reachable_folder: Path, with_tables: Private) -> Iterator[Private]:
    private = copied(with_tables, reachable_folder / "folder-of-backups")
    with started(private):
        yield private


def begun(ward: Private, folder: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [CHECKOUT / "script" / "backup", "--to", folder, *arguments],
        env=ward.environment(RBP_SECRET_KEY="S3cret-" * 9, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def made(ward: Private, folder: Path, *arguments: str, **settings: str) -> str:
    """What script/backup says, which has to succeed."""
    process = begun(ward, folder, *arguments, **settings)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def there(folder: Path, *days: str) -> list[str]:
    """Backups of these days, made before; the names of both files of each."""
    names = [f"rbp-risk-{day}T000000Z.dump{end}" for day in days for end in ("", ".json")]
    for name in names:
        (folder / name).touch()
    return names


def test_what_is_dated_after_the_newest_is_removed_first(ward: Private, tmp_path: Path) -> None:
    """A clock that ran ahead for a while must not cost the backups made since."""
    there(tmp_path, "20990101", "20990102")
    newest_but_one = there(tmp_path, "20260101")
    said = made(ward, tmp_path, "--keep", "2")
    assert "2 older ones were removed" in said
    left = {path.name for path in tmp_path.glob("rbp-risk-*")}
    assert left > set(newest_but_one)
    assert len(left) == 4
    assert "2099" not in "".join(left)


def test_what_was_begun_goes_with_a_signal_or_the_next_time(ward: Private, tmp_path: Path) -> None:
    process = begun(ward, tmp_path, "--through", "sleep 600")
    until(lambda: any(tmp_path.glob("*.dump.enc.partial")), "draft of the backup")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]

    killed = "rbp-risk-20260102T000000Z.dump"
    for name in (f"{killed}.partial", f"{killed}.enc.partial", f"{killed}.json.partial"):
        (tmp_path / name).touch()
    (tmp_path / "letter.partial").touch()
    made(ward, tmp_path)
    assert [path.name for path in tmp_path.glob("*.partial")] == ["letter.partial"]


def test_a_log_that_can_not_be_shipped_costs_no_backup(ward: Private, tmp_path: Path) -> None:
    subprocess.run(
        # It writes a line.
        [sys.executable, "manage.py", "first_administrator"],
        cwd=CHECKOUT,
        env=ward.environment(),
        stdin=subprocess.DEVNULL,
        check=True,
        capture_output=True,
    )
    said = made(ward, tmp_path, RBP_AUDIT_SHIP="jsonl:/nowhere/access-log.jsonl")
    assert "Anchor of the access log" in said


def test_a_server_that_starts_meanwhile_keeps_its_database(
    reachable_folder: Path, with_tables: Private, tmp_path: Path
) -> None:
    """The backup had started the private PostgreSQL, and stopped it under the server."""
    resting = copied(with_tables, reachable_folder / "resting")
    gate, through = tmp_path / "gate", tmp_path / "through"
    os.mkfifo(gate)
    through.write_text(f"#!/bin/sh\ncat {gate}\nexec cat\n")
    through.chmod(0o700)
    process = begun(resting, tmp_path, "--through", str(through))
    until(lambda: any(tmp_path.glob("*.partial")), "draft of the backup")
    try:
        with (resting.folder / "in-use.lock").open("a") as server:
            # One that ends meanwhile leaves it to the backup.
            with pytest.raises(BlockingIOError):
                fcntl.flock(server, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(server, fcntl.LOCK_SH)
            gate.write_text("")
            process.communicate(timeout=120)
            assert process.returncode == 0
            assert "PostgreSQL runs" in resting.must("status")
    finally:
        resting.must("stop")
    # Alone, a backup leaves it at rest, as it found it.
    made(resting, tmp_path)
    assert resting.command("status").returncode == 3


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An error of writing, other than one of opening, has no name of a file."""

    def full() -> AbstractContextManager[None]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "read_env_file", lambda: None)
    monkeypatch.setattr(backup, "end_at_signals", lambda: None)
    monkeypatch.setattr(backup, "reached", full)
    with pytest.raises(Abort, match=f"{tmp_path}: No space left on device"):
        backup.main(["--to", str(tmp_path)])
