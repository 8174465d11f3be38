"""The site's database for PostgreSQL's own programs: the hospital's, or the private one.

They connect as the owner of the tables where its address is known, as the site otherwise.

How to connect goes to them in a service file that only this account can read, so that no password
stands on a command line or in the environment of another process.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from rbpsite.data_folder import OWNER, SITE, private_database_url
from rbpsite.database_roles import role_at
from rbpsite.environment import libpq_parameters
from script.lib import in_use
from script.lib.abort import Abort
from script.lib.binaries import Binaries, clients
from script.lib.cluster import Cluster
from script.lib.folders import prepare_data_folder, read_env_file

_SERVICE = "rbp"


@dataclass(frozen=True)
class Target:
    """A database that answers, and the programs that fit it."""

    environment: dict[str, str]
    binaries: Binaries
    # The role that the site connects as.
    site: str

    def connect(self) -> Any:
        """A connection of psycopg2. Raises ``Abort``."""
        try:
            return psycopg2.connect(service=_SERVICE)
        except psycopg2.OperationalError as reason:
            raise Abort(f"The database can't be reached. {reason}") from reason

    def program(self, name: str) -> str:
        """The path of a program of PostgreSQL. Raises ``Abort`` where it is not installed."""
        path = self.binaries / name
        if not path.exists():
            raise Abort(f"{path} is missing: install the package it comes with.")
        return str(path)


@contextmanager
def reached(*, alone: bool = False) -> Iterator[Target]:
    """The site's database; the private one runs for as long as this lasts. Raises ``Abort``.

    ``alone``: refused while script/server uses the private one, which waits meanwhile.
    """
    read_env_file()
    os.environ["RBP_DATABASE_ROLE"] = "owner"
    url = os.environ.get("DATABASE_URL", "")
    if url:
        owner = os.environ.get("DATABASE_OWNER_URL") or url
        try:
            site, service = role_at(url), _service(owner)
        except ValueError:
            raise Abort("DATABASE_URL or DATABASE_OWNER_URL is no address of PostgreSQL.") from None
        yield from _with_service_file(service, site, newest_program=True)
        return
    cluster = Cluster()
    with _in_use(cluster, alone=alone):
        service = _service(private_database_url(OWNER))
        yield from _with_service_file(service, SITE, newest_program=False)


@contextmanager
def _in_use(cluster: Cluster, *, alone: bool) -> Iterator[None]:
    """Keep the private PostgreSQL running, also for a server that begins or ends meanwhile."""
    account = cluster.account
    lock = in_use.lock_of(prepare_data_folder(None if account.is_me else account.gid))
    try:
        was_used = not in_use.is_alone(lock)
        if alone and was_used:
            raise Abort("script/server or script/backup is running: stop it first.")
        if not alone:
            in_use.share(lock)
        was_started = cluster.start()
        try:
            yield
        finally:
            # Whoever used it and ended meanwhile left it running.
            if (was_started or was_used) and in_use.is_alone(lock):
                cluster.stop()
    finally:
        os.close(lock)


def _with_service_file(service: str, site: str, *, newest_program: bool) -> Iterator[Target]:
    with tempfile.TemporaryDirectory(prefix="rbp-") as folder:
        file = Path(folder) / "service"
        file.touch(mode=0o600)
        file.write_text(service)
        os.environ["PGSERVICEFILE"] = str(file)
        environment = {**os.environ, "PGSERVICE": _SERVICE, "LC_ALL": "C.UTF-8"}
        if newest_program:
            programs = clients()
            if not programs:
                raise Abort("pg_dump and psql are missing: install Debian's postgresql-client.")
            binaries = programs[0]
        else:
            binaries = Cluster().binaries()
        yield Target(environment, binaries, site)


def _service(url: str) -> str:
    settings = {"connect_timeout": "10", **libpq_parameters(url)}
    return "\n".join([f"[{_SERVICE}]", *(f"{key}={value}" for key, value in settings.items()), ""])
