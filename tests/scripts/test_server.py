"""``script/server``: from nothing to the first answer, and to a clean stop."""

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.scripts.conftest import CHECKOUT, Private

# Nothing is decided by these: they end a run that a defect would let wait for ever.
START_SECONDS = STOP_SECONDS = 1800


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running script/server with what it has said so far."""

    def __init__(self, private: Private, port: int, said: Path, **settings: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._said = said
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with said.open("w") as output:
            self.process = subprocess.Popen(
                ["script/server", "--port", str(port)],
                cwd=CHECKOUT,
                env=private.environment(**settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._said.read_text()

    def answers(self) -> bool:
        try:
            with self._opener.open(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.1)

    def press_ctrl_c(self) -> None:
        """The terminal sends the signal to every process of the command."""
        os.killpg(self.process.pid, signal.SIGINT)
        assert self.process.wait(STOP_SECONDS) == 0, self.said

    def kill(self) -> None:
        """Kill the command; the site it started notices and ends."""
        self.process.kill()
        self.process.wait()
        end = time.monotonic() + STOP_SECONDS
        while self.answers():
            assert time.monotonic() < end, self.said
            time.sleep(0.1)

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(STOP_SECONDS)


@contextmanager
def serving(private: Private, port: int, folder: Path, **settings: str) -> Iterator[Server]:
    server = Server(private, port, folder / f"said-{port}-{time.monotonic_ns()}", **settings)
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def first_start(
    reachable_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Private, str]:
    """A data folder that came from nothing by one start and a Ctrl-C, and what the start said."""
    private = Private(Path(tempfile.mkdtemp(dir=reachable_folder)))
    with serving(private, free_port(), tmp_path_factory.mktemp("first")) as server:
        assert f"RBP risk is ready: {server.address}/" in server.said
        server.press_ctrl_c()
    return private, server.said


def test_the_first_start_makes_everything(first_start: tuple[Private, str]) -> None:
    private, said = first_start
    assert "Making a PostgreSQL database" in said
    assert re.search(r"username  admin\n  password  \S{20,}\n", said)
    assert "Stopping: requests under way are answered first" in said
    assert "PostgreSQL has stopped; the data are safe." in said
    assert "Traceback" not in said
    assert private.command("status").returncode == 3
    key = private.folder / "secrets" / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) > 60
    requests = (private.folder / "logs" / "access.log").read_text()
    assert "method=GET view=healthz status=200" in requests
    assert "Booting worker" in (private.folder / "logs" / "server.log").read_text()


def test_two_servers_share_the_database_and_the_last_one_stops_it(
    first_start: tuple[Private, str], tmp_path: Path
) -> None:
    private, _ = first_start
    key = (private.folder / "secrets" / "secret_key").read_text()
    with ExitStack() as servers:
        first = servers.enter_context(serving(private, free_port(), tmp_path))
        second = servers.enter_context(serving(private, free_port(), tmp_path))
        assert "runs already" in second.said
        first.press_ctrl_c()
        assert "another script/server or script/backup uses it" in first.said
        assert second.answers()
        second.press_ctrl_c()
        assert "PostgreSQL has stopped; the data are safe." in second.said
    assert private.command("status").returncode == 3
    assert (private.folder / "secrets" / "secret_key").read_text() == key
    for said in (first.said, second.said):
        assert "password" not in said
        assert "Traceback" not in said


def test_a_killed_server_leaves_data_that_the_next_one_finds(
    first_start: tuple[Private, str], tmp_path: Path
) -> None:
    private, _ = first_start
    with serving(private, free_port(), tmp_path) as server:
        [(before,)] = private.query("select password from scoring_user")
        server.kill()
    os.kill(private.main_process(), signal.SIGKILL)
    with serving(private, free_port(), tmp_path) as server:
        assert private.query("select password from scoring_user") == [(before,)]
        # Killed while the site runs, it is started again.
        os.kill(private.main_process(), signal.SIGKILL)
        end = time.monotonic() + START_SECONDS
        while "PostgreSQL had ended by itself and was started again." not in server.said:
            assert time.monotonic() < end, server.said
            time.sleep(0.1)
        assert private.query("select password from scoring_user") == [(before,)]
        # systemd stops a service by this signal, sent to the main process alone.
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(STOP_SECONDS) == 0
        assert "PostgreSQL has stopped; the data are safe." in server.said


def child_of(server: Server, words: bytes = b"manage.py\0background\0") -> int:
    """The process with these words in its command line, as soon as there is one."""
    end = time.monotonic() + START_SECONDS
    while True:
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        for number in children.read_text().split():
            if words in Path(f"/proc/{number}/cmdline").read_bytes():
                return int(number)
        assert time.monotonic() < end, server.said
        time.sleep(0.1)


def test_the_background_process_is_started_again_and_ends_with_the_server(
    first_start: tuple[Private, str], tmp_path: Path
) -> None:
    private, _ = first_start
    log = private.folder / "logs" / "background.log"
    with serving(private, free_port(), tmp_path) as server:
        killed = child_of(server)
        before = log.read_text().count("This process does the background work.")
        os.kill(killed, signal.SIGKILL)
        end = time.monotonic() + START_SECONDS
        while log.read_text().count("This process does the background work.") <= before:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        second = child_of(server)
        assert second != killed
        server.press_ctrl_c()
        assert not Path(f"/proc/{second}").exists()
    with serving(private, free_port(), tmp_path) as server:
        third = child_of(server)
        server.kill()
        end = time.monotonic() + STOP_SECONDS
        while Path(f"/proc/{third}").exists():
            assert time.monotonic() < end, "it outlived the server"
            time.sleep(0.1)


def test_what_the_site_warns_of_is_in_its_log(
    first_start: tuple[Private, str], tmp_path: Path
) -> None:
    private, _ = first_start
    port = free_port()
    with serving(private, port, tmp_path):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/sign-in", headers={"Host": "other.example"})
        assert connection.getresponse().status == 400
        connection.close()
        log = (private.folder / "logs" / "server.log").read_text()
        assert log.count("django.security.DisallowedHost 400 Bad Request") == 1


def test_a_killed_site_is_said(first_start: tuple[Private, str], tmp_path: Path) -> None:
    private, _ = first_start
    with serving(private, free_port(), tmp_path) as server:
        os.kill(child_of(server, b"script.lib.site\0"), signal.SIGKILL)
        assert server.process.wait(STOP_SECONDS) != 0
        assert "The site was killed (Killed). Start it again: script/server" in server.said
        assert "PostgreSQL has stopped; the data are safe." in server.said


def run_server(private: Private, *arguments: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        ["script/server", *arguments],
        cwd=CHECKOUT,
        env=private.environment(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    return done.returncode, done.stdout


def test_the_demonstration_leaves_a_ward_alone(first_start: tuple[Private, str]) -> None:
    private, _ = first_start
    code, said = run_server(private, "--demo", "--port", str(free_port()))
    assert code == 1
    assert "This database holds accounts or patients already" in said
    assert "Traceback" not in said
    assert private.must("start")
    assert private.query("select count(*) from scoring_patient") == [(0,)]
    private.must("stop")
