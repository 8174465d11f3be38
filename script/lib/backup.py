"""The command ``script/backup``: one consistent copy of the database, with its checksum."""

import argparse
import fcntl
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rbpsite.data_folder import data_folder
from script.lib.abort import Abort, end_at_signals, run
from script.lib.folders import CHECKOUT, read_env_file
from script.lib.manifest import FORMAT, NOT_KEPT, Manifest, beside, digest_of, migrations
from script.lib.manifest import row_counts as rows_of
from script.lib.target import Target, reached

_NAME = re.compile(r"rbp-risk-\d{8}T\d{6}Z\.dump(\.enc)?")
_DRAFT = re.compile(rf"{_NAME.pattern}(\.json)?\.partial")


def main(arguments: Sequence[str] | None = None) -> int:
    """Back up; the exit code is 0 only where a whole backup lies in its place."""
    parser = argparse.ArgumentParser(
        prog="script/backup", description="Back up the database of RBP risk."
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="default: RBP_BACKUP_DIR")
    parser.add_argument(
        "--keep", type=int, metavar="N", help="remove backups but the newest N, after success"
    )
    parser.add_argument(
        "--through",
        metavar="COMMAND",
        type=shlex.split,
        help="write the copy through this command, such as: gpg --encrypt --recipient NAME",
    )
    chosen = parser.parse_args(arguments)
    if chosen.keep is not None and chosen.keep < 1:
        parser.error("--keep takes a number from 1 on")
    read_env_file()
    # Else nobody would remove what was begun.
    end_at_signals()
    folder = chosen.to or backup_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _only_me(folder), reached() as target:
            _remove_drafts(folder)
            path = back_up(target, folder, chosen.through or [])
            removed = _remove_older(path, chosen.keep) if chosen.keep else 0
    except OSError as reason:
        where = reason.filename or folder
        raise Abort(f"No backup was made. {where}: {reason.strerror}") from reason
    print(f"Backed up to {path}" + (f"; {removed} older ones were removed" if removed else ""))
    anchor = Manifest.read(path).last_seal
    if anchor:
        print(f"Anchor of the access log, to be kept elsewhere: {anchor}")
    return 0


def backup_folder() -> Path:
    """The default folder of backups."""
    return Path(os.environ.get("RBP_BACKUP_DIR") or data_folder() / "backups").expanduser()


def back_up(target: Target, folder: Path, through: Sequence[str]) -> Path:
    """Make a backup with its manifest in a folder; where it is. Raises ``Abort``."""
    # Where the log is shipped to may be away: that must not cost the backup.
    manage("seal_log", "--no-ship")
    now = datetime.now(UTC)
    path = folder / f"rbp-risk-{now:%Y%m%dT%H%M%SZ}.dump{'.enc' if through else ''}"
    if path.exists() or beside(path).exists():
        raise Abort(f"{path} is there already and is not written over.")
    draft = path.with_name(f"{path.name}.partial")
    try:
        connection = target.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                cursor.execute("select pg_export_snapshot()")
                _dump(target, draft, cursor.fetchone()[0], through)
                manifest = _manifest(cursor, connection, draft, now, is_encrypted=bool(through))
        finally:
            connection.close()
        _write_safely(beside(path).with_name(f"{beside(path).name}.partial"), manifest.text())
        # A backup counts from the moment its manifest has its name: that comes last.
        draft.rename(path)
        beside(path).with_name(f"{beside(path).name}.partial").rename(beside(path))
        _sync(folder)
    finally:
        draft.unlink(missing_ok=True)
        beside(path).with_name(f"{beside(path).name}.partial").unlink(missing_ok=True)
    return path


def manage(*arguments: str) -> str:
    """Run a command of manage.py; what it said. Raises ``Abort`` where it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout.strip().splitlines()
        raise Abort(f"manage.py {' '.join(arguments)} failed:\n" + "\n".join(said[-20:]))
    return done.stdout.strip()


def _dump(target: Target, draft: Path, snapshot: str, through: Sequence[str]) -> None:
    """Write what PostgreSQL gives of the snapshot, through another program where one is named."""
    command = [
        target.program("pg_dump"),
        *("--format=custom", "--no-owner", "--no-privileges", "--no-comments"),
        f"--snapshot={snapshot}",
        *(f"--exclude-table-data=public.{table}" for table in NOT_KEPT),
    ]
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        dump = subprocess.Popen(
            command,
            env=target.environment,
            stdout=subprocess.PIPE if through else file,
            stderr=subprocess.PIPE,
        )
        filtered = 0
        try:
            if through:
                filtered = subprocess.run(
                    through, stdin=dump.stdout, stdout=file, check=False
                ).returncode
            _, said = dump.communicate()
        finally:
            # Nothing where it has ended.
            dump.kill()
        os.fsync(file.fileno())
    if dump.returncode or filtered:
        reason = said.decode(errors="replace").strip() or f"{through[0]} ended with {filtered}"
        raise Abort(f"No backup was made. {reason}")


def _manifest(
    cursor: Any, connection: Any, draft: Path, now: datetime, *, is_encrypted: bool
) -> Manifest:
    from rbpsite import VERSION

    cursor.execute("select max(number) from scoring_auditseal")
    (seal,) = cursor.fetchone()
    sha256, size = digest_of(draft)
    return Manifest(
        format=FORMAT,
        made_at=now.isoformat(timespec="seconds"),
        version=VERSION,
        postgresql_major=connection.server_version // 10_000,
        migrations=migrations(cursor),
        rows=rows_of(cursor),
        last_seal=manage("log_anchor", "--seal", str(seal)).splitlines()[-1] if seal else "",
        bytes=size,
        sha256=sha256,
        is_encrypted=is_encrypted,
    )


def _remove_drafts(folder: Path) -> None:
    """Remove what backups left behind that were killed, or had no power."""
    for path in folder.iterdir():
        if _DRAFT.fullmatch(path.name):
            path.unlink()


def _remove_older(made: Path, keep: int) -> int:
    """Remove all whole backups of ours but the newest; how many. Other files stay.

    What is dated after the one just made was made by a wrong clock, and counts as the oldest.
    """
    ours = [path for path in made.parent.iterdir() if _NAME.fullmatch(path.name)]
    whole = sorted(
        (path for path in ours if beside(path).exists()),
        key=lambda path: (path.name <= made.name, path.name),
    )
    for path in whole[:-keep]:
        # First what makes it count.
        beside(path).unlink()
        path.unlink()
    return len(whole[:-keep])


def _write_safely(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _only_me(folder: Path) -> Iterator[None]:
    """One backup at a time into one folder."""
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as reason:
            raise Abort(f"Another backup into {folder} is under way.") from reason
        yield


if __name__ == "__main__":
    run(main)
