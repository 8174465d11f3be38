"""The command ``script/postgres``: the private PostgreSQL by hand."""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from rbpsite.data_folder import OWNER, SITE, private_database_url, socket_folder
from script.lib.abort import Abort, run
from script.lib.account import SystemAccount
from script.lib.cluster import Cluster
from script.lib.folders import read_env_file


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the subcommands; the exit code is 0 when it did what was asked."""
    parser = argparse.ArgumentParser(
        prog="script/postgres", description="The private PostgreSQL of this computer."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("start", help="start it, and make it first where there is none")
    commands.add_parser("stop", help="stop it; the data stay")
    commands.add_parser("status", help="say whether it runs; the exit code is 0 when it does")
    url = commands.add_parser("url", help="print the address for psql, pg_dump and DATABASE_URL")
    url.add_argument("--owner", action="store_true", help="that of the owner of the tables")
    throwaway = commands.add_parser(
        "throwaway", help="run a command with an empty PostgreSQL of its own, then remove that"
    )
    throwaway.add_argument(
        "--durable", action="store_true", help="wait for the disk, as the site's own does"
    )
    throwaway.add_argument("rest", nargs=argparse.REMAINDER, metavar="program ...")
    chosen = parser.parse_args(arguments)

    if chosen.command == "throwaway":
        return run_with_throwaway(chosen.rest, durable=chosen.durable)
    read_env_file()
    if chosen.command == "url":
        print(private_database_url(OWNER if chosen.owner else SITE))
        return 0
    if chosen.command == "status":
        return _status(Cluster())
    if chosen.command == "start":
        say_started(Cluster())
        return 0
    stopped = Cluster().stop()
    print("PostgreSQL has stopped." if stopped else "PostgreSQL was not running.")
    return 0


def say_started(cluster: Cluster) -> None:
    """Start the cluster and say what came of it."""
    if cluster.major() is None:
        print(f"Making a PostgreSQL database in {cluster.folder}", flush=True)
    started = cluster.start()
    print(
        f"PostgreSQL {cluster.major()} {'has started' if started else 'runs already'}; "
        f"data in {cluster.folder}",
        flush=True,
    )


def run_with_throwaway(command: Sequence[str], *, durable: bool = False) -> int:
    """Run a command with a PostgreSQL that lives as long as the command; the command's code.

    The command finds it by ``DATABASE_URL`` and ``RBP_DATA_DIR``.
    """
    if not command:
        raise Abort("Say which program to run, for example: script/postgres throwaway psql")
    signal.signal(signal.SIGTERM, _end)
    with _throwaway_folder() as folder:
        os.environ["RBP_DATA_DIR"] = str(folder)
        cluster = Cluster(durable=durable)
        try:
            cluster.start()
            os.environ["DATABASE_URL"] = private_database_url(OWNER)
            return subprocess.run(command, check=False).returncode
        finally:
            cluster.stop()
            shutil.rmtree(socket_folder(), ignore_errors=True)


@contextlib.contextmanager
def _throwaway_folder() -> Iterator[Path]:
    account = SystemAccount.for_server(Path("/nonexistent"))
    for parent in (tempfile.gettempdir(), "/var/tmp"):  # noqa: S108 - mkdtemp makes it safe
        if account.may_enter(Path(parent)):
            with tempfile.TemporaryDirectory(prefix="rbp-", dir=parent) as folder:
                yield Path(folder).resolve()
            return
    raise Abort(
        f'The account "{account.name}" can enter neither {tempfile.gettempdir()} nor /var/tmp.'
    )


def _status(cluster: Cluster) -> int:
    running = cluster.is_running()
    print(f"PostgreSQL {'runs' if running else 'does not run'}; data in {cluster.folder}")
    return 0 if running else 3


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    run(main)
