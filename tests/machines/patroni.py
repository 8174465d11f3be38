"""Patroni and etcd watch two PostgreSQLs; the leader is lost and nobody promotes by hand."""

import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2

from tests.faults.browser import Saving
from tests.faults.conftest import PREPARE, acknowledged, clinicians, until
from tests.machines.conftest import Machines, as_server, is_synchronous, needed
from tests.machines.postgres import Server
from tests.scripts.conftest import Private
from tests.scripts.test_server import free_port

SAVES = 100
KILLED_AFTER = 25
_PATIENT = {"RBP_DB_BUSY_SECONDS": "600", "RBP_DB_LOCK_SECONDS": "600"}
# The shortest times that Patroni takes.
_CONFIGURATION = """
scope: rbp
name: {name}
restapi:
  listen: 127.0.0.1:{rest}
  connect_address: 127.0.0.1:{rest}
etcd3:
  host: 127.0.0.1:{etcd}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 3
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters:
        wal_keep_size: 1GB
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/data
  bin_dir: {binaries}
  pgpass: {folder}/pgpass
  authentication:
    superuser: {{username: postgres, password: made-up}}
    replication: {{username: postgres, password: made-up}}
  pg_hba:
    - host all all 127.0.0.1/32 trust
    - host replication all 127.0.0.1/32 trust
  parameters:
    unix_socket_directories: ""
    dynamic_shared_memory_type: mmap
"""


class Watched(Server):
    """A PostgreSQL that a Patroni starts, watches and promotes."""

    process: "subprocess.Popen[bytes]"

    def watch(self, etcd: int) -> None:
        """Start its Patroni."""
        (self.folder / "patroni.yml").write_text(
            _CONFIGURATION.format(
                name=self.name,
                rest=free_port(),
                etcd=etcd,
                port=self.port,
                folder=self.folder,
                binaries=self.binaries.folder,
            )
        )
        self.process = as_server(self, [needed("patroni", "patroni"), "patroni.yml"])

    def lose(self) -> None:
        """The whole computer: Patroni first, else it would start PostgreSQL again."""
        if hasattr(self, "process"):
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        if self.data.exists():
            self.kill()

    def takes_writes(self) -> bool:
        """Whether it answers and is no standby."""
        try:
            return self.query("select pg_is_in_recovery()", database="postgres") == [(False,)]
        except psycopg2.OperationalError:
            return False


@contextmanager
def etcd_running(folder: Path) -> Iterator[int]:
    """One etcd; a hospital has three. Its port."""
    port, peers = free_port(), free_port()
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peers}"
    with (folder / "etcd.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(needed("etcd", "etcd-server"), "--name", "one", "--data-dir", folder / "etcd"),
                *("--listen-client-urls", client, "--advertise-client-urls", client),
                *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
                *("--initial-cluster", f"one={peer}"),
            ],
            stdout=log,
            stderr=log,
        )
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def test_leader_lost_during_100_saves(reachable_folder: Path, tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=reachable_folder))
    folder.chmod(0o755)
    a, b = Watched("a", folder / "a"), Watched("b", folder / "b")
    machines = Machines(Private(tmp_path), tmp_path, servers=[a, b])
    savings = [Saving(f"M{number}") for number in range(SAVES)]
    enough = threading.Semaphore(0)
    saved_at: list[float] = []
    with ExitStack() as running:
        etcd = running.enter_context(etcd_running(tmp_path))
        for server in (a, b):
            running.callback(server.lose)
        a.watch(etcd)
        until(a.takes_writes, "the first leader", a.process)
        a.make_database()
        b.watch(etcd)
        until(lambda: is_synchronous(a), "the synchronous standby", b.process)
        machines.manage("migrate", "--verbosity=0")
        machines.python(PREPARE)
        site = running.enter_context(machines.serving(**_PATIENT))
        with clinicians(SAVES) as people:
            browser, workers = site.signed_in(), site.workers()

            def save(saving: Saving) -> None:
                saving.send_until_saved(browser)
                saved_at.append(time.monotonic())
                enough.release()

            done = [people.submit(save, saving) for saving in savings]
            acknowledged(enough, KILLED_AFTER, done)
            a.lose()
            killed = time.monotonic()
            until(b.takes_writes, "the new leader", b.process)
            promoted = time.monotonic()
            for each in done:
                each.result()
        assert site.workers() == workers, "the site was restarted"
        before = sum(moment < killed for moment in saved_at)
        assert KILLED_AFTER <= before < SAVES
        assert all(saving.ids for saving in savings)
        machines.must_hold_exactly_once(savings)
        print(
            f"\n{SAVES} saves, {before} acknowledged when the leader was lost; Patroni promoted "
            f"the standby after {promoted - killed:.1f} s, the first save came "
            f"{min(m for m in saved_at if m > killed + 0.5) - killed:.1f} s after the loss\n"
            "acknowledged and lost: 0; saved twice: 0; the access log is whole; no restart"
        )
        a.watch(etcd)
        until(lambda: is_synchronous(b), "the former leader as a standby", a.process)
        print("the former leader came back as the standby by itself (pg_rewind)")
