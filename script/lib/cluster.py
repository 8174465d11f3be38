"""The private PostgreSQL: made, started and stopped in the data folder.

It listens on a socket alone. Whoever can reach the socket is trusted without a password; that
is safe only because the socket's folder is closed (0700) to everybody but the account PostgreSQL
runs under, and root.
"""

import contextlib
import fcntl
import os
import re
import shlex
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rbpsite.data_folder import OWNER, SITE, data_folder, socket_folder
from script.lib.abort import Abort
from script.lib.account import SystemAccount
from script.lib.binaries import Binaries, choose
from script.lib.folders import prepare_data_folder
from script.lib.postgres_processes import has_shared_memory, postgres_processes

_WAIT_SECONDS = 60
# How long the processes of a killed server may take to notice that it is gone.
_ORPHANS_SECONDS = 15.0

# Data of version 0.1 have the first of the two alone.
_ROLES_AND_DATABASE = f"""
select 'create role {OWNER} login' where not exists
  (select from pg_roles where rolname = '{OWNER}') \\gexec
select 'create role {SITE} login' where not exists
  (select from pg_roles where rolname = '{SITE}') \\gexec
select 'create database rbp owner {OWNER}' where not exists
  (select from pg_database where datname = 'rbp') \\gexec
"""  # noqa: S608 - constants
# The site of the tests turns from the one into the other.
_OF_TESTS = f"""
alter role {OWNER} createdb;
grant {SITE} to {OWNER};
"""


@dataclass
class Cluster:
    """The private PostgreSQL of the present data folder.

    A cluster that is not ``durable`` is for tests: it trades safety for speed, and the owner may
    create databases and act as the site.
    """

    durable: bool = True
    folder: Path = field(init=False)
    account: SystemAccount = field(init=False)

    def __post_init__(self) -> None:
        self.folder = data_folder() / "postgres"
        self.account = SystemAccount.for_server(self.data)

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder of data."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """PostgreSQL's own log."""
        return self.folder / "postgres.log"

    def major(self) -> int | None:
        """The major version of PostgreSQL that wrote the data; None before there are any."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def binaries(self) -> Binaries:
        """The programs that fit the data. Raises ``Abort`` when there are none."""
        return choose(self.major())

    def start(self) -> bool:
        """Make what is missing and start the server; False when it ran already.

        Raises ``Abort`` when the server can't be made or started.
        """
        self._make_folders()
        with self._only_me():
            if self._answers() or self._wait_for_former_processes():
                # By a former version, perhaps.
                self._ensure_database(self.binaries())
                return False
            binaries = self.binaries()
            self._check_reach(binaries)
            if self.major() is None:
                self._init(binaries)
            self._remove_stale_locks()
            started = self.account.run(
                [
                    *(binaries / "pg_ctl", "start", "-w", "-t", str(_WAIT_SECONDS)),
                    *("-D", self.data, "-l", self.log, "-o", self._options()),
                ],
                keep_output=False,
                timeout_seconds=_WAIT_SECONDS + 10,
            )
            if started.returncode != 0:
                raise Abort(f"PostgreSQL did not start. The end of {self.log}:\n{self._log_end()}")
            self._ensure_database(binaries)
        return True

    def stop(self) -> bool:
        """Stop the server and leave its data whole; False when it was not running."""
        if not self.data.exists():
            return False
        with self._only_me():
            if not self._processes():
                return False
            stopped = self.account.run(
                [
                    *(self.binaries() / "pg_ctl", "stop", "-w", "-t", str(_WAIT_SECONDS)),
                    *("-D", self.data, "-m", "fast"),
                ],
                timeout_seconds=_WAIT_SECONDS + 10,
            )
            if stopped.returncode != 0 and self._processes():
                raise Abort(f"PostgreSQL did not stop: {stopped.stdout.strip()}")
        return True

    def is_running(self) -> bool:
        """Whether the server takes connections."""
        return self.data.exists() and self._answers()

    def has_crashed(self) -> bool:
        """Whether the server is gone without having been stopped."""
        if not self.data.exists() or self._main_process_lives():
            return False
        told = self.account.run(
            [self.binaries() / "pg_controldata", "-D", self.data], timeout_seconds=10
        )
        state = re.search(r"^Database cluster state: *(.*)$", told.stdout, re.MULTILINE)
        return state is None or state[1] != "shut down"

    def _main_process_lives(self) -> bool:
        # The lock file goes with a server that ends by itself, and stays with one that is killed.
        with contextlib.suppress(OSError, ValueError, IndexError):
            process = Path("/proc") / (self.data / "postmaster.pid").read_text().split()[0]
            return (process / "cwd").samefile(self.data)
        return False

    def _make_folders(self) -> None:
        top = prepare_data_folder(None if self.account.is_me else self.account.gid)
        if not self.account.may_enter(top):
            raise Abort(
                f'PostgreSQL runs as "{self.account.name}", which can\'t enter {top}: a folder '
                "above it is closed. Set RBP_DATA_DIR to a folder it can reach, such as "
                "/var/lib/rbp-risk."
            )
        for folder in (self.folder, socket_folder()):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.account.uid}:
                raise Abort(f"{folder} belongs to another account. Remove it and start again.")
            self.account.own(folder)

    def _check_reach(self, binaries: Binaries) -> None:
        if self.account.run(["test", "-x", binaries / "postgres"], timeout_seconds=10).returncode:
            raise Abort(
                f'PostgreSQL runs as "{self.account.name}", which can\'t reach its programs in '
                f"{binaries.folder}. Put this folder where others may enter, such as /opt, or "
                "install Debian's package postgresql."
            )

    def _init(self, binaries: Binaries) -> None:
        # Made beside and then renamed: half a database is never taken for a whole one.
        draft = self.folder / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        made = self.account.run(
            [
                *(binaries / "initdb", "-D", draft, "--username=postgres", "--encoding=UTF8"),
                # C.UTF-8 knows the letters of every script: the search for a name needs that.
                *("--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"),
                "--data-checksums" if self.durable else "--no-sync",
            ],
            timeout_seconds=300,
        )
        if made.returncode != 0:
            raise Abort(f"PostgreSQL's data could not be made in {draft}:\n{made.stdout.strip()}")
        draft.rename(self.data)

    def _options(self) -> str:
        """Options of the server: on its command line, so that they follow the code and the folder.

        Patients' names could stand in a statement, its parameters or the text of an error, so none
        of them is logged. Errors of statements are in the site's own log, by their codes.
        """
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{socket_folder()}"',
            "unix_socket_permissions": "0700",
            "cluster_name": "rbp-risk",
            "log_min_messages": "log",
            "log_min_error_statement": "panic",
            "log_statement": "none",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "log_error_verbosity": "terse",
            "log_checkpoints": "off",
            "log_line_prefix": "%m [%p] ",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        if not has_shared_memory():
            settings["dynamic_shared_memory_type"] = "mmap"
        return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())

    def _ensure_database(self, binaries: Binaries) -> None:
        statements = _ROLES_AND_DATABASE
        if not self.durable:
            statements += _OF_TESTS
        done = self.account.run(
            [
                *(binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"),
                *("-h", socket_folder(), "-U", "postgres", "-d", "postgres"),
            ],
            text=statements,
            timeout_seconds=_WAIT_SECONDS,
        )
        if done.returncode != 0:
            raise Abort(f"PostgreSQL's database could not be made:\n{done.stdout.strip()}")

    def _answers(self) -> bool:
        """Whether the server of this folder takes connections on its socket."""
        command = (self.binaries() / "pg_isready", "-q", "-h", socket_folder(), "-t", "5")
        return self.account.run(command, timeout_seconds=10).returncode == 0

    def _processes(self) -> set[int]:
        return postgres_processes(self.data)

    def _wait_for_former_processes(self) -> bool:
        """Wait until nothing works on the data; True when a server turns out to be on its way.

        After ``kill -9`` of a server its other processes live on for a moment; to start a second
        server beside them would destroy data.
        """
        end = time.monotonic() + _ORPHANS_SECONDS
        while self._processes():
            if self._answers():
                return True
            if time.monotonic() > end:
                numbers = ", ".join(str(number) for number in sorted(self._processes()))
                raise Abort(
                    f"Processes of a former PostgreSQL still work on {self.data} (numbers "
                    f"{numbers}). Wait until they have ended, or end them, and start again."
                )
            time.sleep(0.1)
        return False

    def _remove_stale_locks(self) -> None:
        """Remove the lock files of a killed server; nothing works on the data when this runs.

        PostgreSQL would take them for live where their process number has gone to another
        process of the same account, as it does after a restart of the computer.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for leftover in socket_folder().glob(".s.PGSQL.*"):
            leftover.unlink()

    @contextlib.contextmanager
    def _only_me(self) -> Iterator[None]:
        """Let one command at a time start or stop this PostgreSQL."""
        with (self.folder.parent / "postgres.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _log_end(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return "(it could not be read)"
