"""The command ``script/restore``: a backup into the site's database, whole or not at all."""

import argparse
import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from scoring.migrations._version_0_1 import REPLACED
from script.lib.abort import Abort, run
from script.lib.backup import manage
from script.lib.folders import CHECKOUT
from script.lib.manifest import Manifest, digest_of, quoted, tables
from script.lib.target import Target, reached

# What lies in the site's schema and belongs to no extension goes before the backup comes.
_EMPTY = """
do $$
declare
    each record;
begin
    for each in select oid::regclass as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') loop
        execute format('drop table if exists %s cascade', each.name);
    end loop;
    for each in select oid::regprocedure as name from pg_proc p
        where pronamespace = 'public'::regnamespace and not exists (
            select from pg_depend d where d.objid = p.oid and d.deptype = 'e') loop
        execute format('drop function if exists %s cascade', each.name);
    end loop;
end $$;
"""
_OTHERS = (
    "select count(*) from pg_stat_activity where datname = current_database()"
    " and usename in (current_user, %s) and pid <> pg_backend_pid()"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Restore; the exit code is 0 only where everything is there again and was checked."""
    parser = argparse.ArgumentParser(
        prog="script/restore", description="Restore a backup of RBP risk."
    )
    parser.add_argument("backup", type=Path)
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of the data that are there"
    )
    parser.add_argument(
        "--through",
        metavar="COMMAND",
        type=shlex.split,
        help="read the copy through this command, such as: gpg --decrypt",
    )
    parser.add_argument(
        "--anchor", help="say how far the backup is behind what manage.py log_anchor printed once"
    )
    chosen = parser.parse_args(arguments)
    manifest = checked(chosen.backup)
    if manifest.is_encrypted and not chosen.through:
        raise Abort("This backup was written through another command: say --through what reads it.")
    with reached(alone=True) as target:
        _check_target(target, manifest, replace=chosen.replace)
        restore(target, chosen.backup, manifest, chosen.through or [])
        manage("migrate", "--verbosity=0")
        # Without its signature: on another server the key is another one.
        seal = ":".join(manifest.last_seal.split(":")[:2])
        manage("verify_log", *(["--anchor", seal] if seal else []))
        total = sum(manifest.rows.values())
        print(
            f"Restored {total:,} rows of {len(manifest.rows)} tables as of {manifest.made_at}; the "
            "access log is whole, and the record is what it says. Everybody signs in again."
        )
        if chosen.anchor is not None:
            print(manage("log_anchor", "--compare", chosen.anchor))
    return 0


def checked(backup: Path) -> Manifest:
    """The manifest of a backup that is undamaged and fits this version. Raises ``Abort``."""
    if not backup.exists():
        raise Abort(f"{backup}: there is no such file.")
    manifest = Manifest.read(backup)
    if digest_of(backup) != (manifest.sha256, manifest.bytes):
        raise Abort(f"{backup} is damaged: it is not the file that was written.")
    replaced = {f"scoring.{name}" for name in REPLACED}
    files = (CHECKOUT / "scoring/migrations").glob("[0-9]*.py")
    known = {f"scoring.{path.stem}" for path in files} | replaced
    newer = [m for m in manifest.migrations if m.startswith("scoring.") and m not in known]
    if newer:
        raise Abort(
            f"This backup is of version {manifest.version}, which is newer than this program (it "
            f"knows {newer[-1]}). Restore it with that version."
        )
    missing = replaced.difference(manifest.migrations)
    if missing and len(missing) < len(replaced):
        raise Abort(
            f"This backup is of a version 0.1 that stopped half-way in its migrations: it lacks "
            f"{min(missing)}. Restore it with the last commit of that version (git checkout "
            f"c9b64c5), run manage.py migrate there and back up again."
        )
    return manifest


def restore(target: Target, backup: Path, manifest: Manifest, through: Sequence[str]) -> None:
    """Empty the schema, fill it and count its rows, all in one transaction. Raises ``Abort``."""
    psql = subprocess.Popen(
        [
            *(
                target.program("psql"),
                "-X",
                "-q",
                "-f",
                "-",
                "-o",
                os.devnull,
            ),
            # Terse: the context of an error would quote the row.
            *("-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse"),
        ],
        env=target.environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert psql.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
    is_read, why = False, "the backup could not be read to its end."
    try:
        # Without "commit" nothing holds: psql itself would commit at the end of its input, also
        # where that ended because this process was killed.
        psql.stdin.write(b"begin;\n" + _EMPTY.encode())
        psql.stdin.flush()
        is_read = _unpack(target, backup, through, psql.stdin)
        if is_read:
            psql.stdin.write(_counted(manifest).encode())
            # The planner knows nothing of what was just loaded: a list would take minutes.
            psql.stdin.write(b"analyze;\ncommit;\n")
    except BrokenPipeError:
        # It ended on an error, which is told below.
        is_read = True
    except OSError as reason:
        why = f"{reason.filename}: {reason.strerror}."
    # Without "commit" it ends in a rollback. Killed, it would leave a process of the server behind
    # that holds the tables until it notices.
    _, said = psql.communicate()
    if not is_read:
        raise Abort(f"Nothing was changed: {why}")
    if psql.returncode != 0:
        raise Abort(f"Nothing was changed. {said.decode(errors='replace').strip()}")


def _unpack(target: Target, backup: Path, through: Sequence[str], sink: IO[bytes]) -> bool:
    """Write the backup as SQL; whether that went well to the end."""
    unpack = [target.program("pg_restore"), "--no-owner", "--no-privileges", "--no-comments"]
    with backup.open("rb") as file:
        reader = subprocess.Popen(through, stdin=file, stdout=subprocess.PIPE) if through else None
        done = subprocess.run(
            [*unpack, "--exit-on-error", "-f", "-"],
            env=target.environment,
            stdin=reader.stdout if reader else file,
            stdout=sink,
            check=False,
        )
        return done.returncode == 0 and (reader is None or reader.wait() == 0)


def _counted(manifest: Manifest) -> str:
    """SQL that fails where a table has other rows than the backup had."""
    checks = "".join(
        f"if (select count(*) from public.{quoted(name)}) <> {int(rows)} then "  # noqa: S608 - quoted
        f"raise exception 'rows are missing from a table'; end if;\n"
        for name, rows in manifest.rows.items()
    )
    return f"do $counted$ begin\n{checks}end $counted$;\n"


def _check_target(target: Target, manifest: Manifest, *, replace: bool) -> None:
    connection = target.connect()
    try:
        with connection.cursor() as cursor:
            major = connection.server_version // 10_000
            if major < manifest.postgresql_major:
                raise Abort(
                    f"This backup is of PostgreSQL {manifest.postgresql_major}, and the database "
                    f"is of PostgreSQL {major}: use the same or a newer one."
                )
            if tables(cursor) and not replace:
                raise Abort(
                    "There are data in this database. To put the backup in their place, back them "
                    "up first and say --replace: what is there now is gone then."
                )
            cursor.execute(_OTHERS, [target.site])
            if cursor.fetchone()[0]:
                raise Abort("Somebody works with this database: stop the server first.")
    finally:
        connection.close()


if __name__ == "__main__":
    run(main)
