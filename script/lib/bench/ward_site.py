"""A site with the demonstration's patients, and the browsers that ask it, as benches need them."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from script.lib.abort import Abort
from script.lib.folders import CHECKOUT

_START_SECONDS = 300
_ANSWER_SECONDS = 60
# Gunicorn ends a connection that is silent for twice as long.
_KEPT_OPEN_SECONDS = 1.0
_INPUT = re.compile("<input ([^>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """One answer, read to the end."""

    milliseconds: float
    status: int
    page: bytes
    location: str

    @property
    def hidden_fields(self) -> dict[str, str]:
        """What the page's forms carry: their tokens and whose they are."""
        inputs = (dict(_ATTRIBUTE.findall(each)) for each in _INPUT.findall(self.page.decode()))
        hidden = (each for each in inputs if each.get("type") == "hidden")
        return {each["name"]: each.get("value", "") for each in hidden}


class Browser:
    """Cookies of one site, and the token for its forms.

    Each request has a connection of its own, so that several may be under way at once; a browser
    that ``stays_connected`` makes one after the other over the same connection.
    """

    def __init__(self, port: int, *, stays_connected: bool = False) -> None:
        self._port = port
        self._stays_connected = stays_connected
        self._cookies: dict[str, str] = {}
        self._token = ""
        self._connection: http.client.HTTPConnection | None = None
        self._last_used = 0.0

    def get(self, address: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", address)

    def post(self, address: str, fields: Mapping[str, str]) -> Answer:
        """Send a form with the token of the page before."""
        return self._ask("POST", address, urlencode({**fields, "csrfmiddlewaretoken": self._token}))

    def sign_in(self, username: str, password: str) -> Answer:
        """Ask for the page and send it. Raises Abort where that leads nowhere."""
        self.get("/sign-in")
        answer = self.try_to_sign_in(username, password)
        if answer.status != 302:
            raise Abort(f"{username} can't sign in: {answer.status}.")
        return answer

    def try_to_sign_in(self, username: str, password: str) -> Answer:
        """Send name and password, whatever the answer."""
        return self.post("/sign-in", {"username": username, "password": password})

    def _over_a_connection(
        self, method: str, address: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection, self._connection = self._connected(), None
        is_kept = False
        try:
            connection.request(method, address, body, headers)
            came = connection.getresponse()
            page = came.read()
            is_kept = self._stays_connected
        finally:
            if is_kept:
                self._connection = connection
            else:
                connection.close()
        return came, page

    def _connected(self) -> http.client.HTTPConnection:
        """The connection of the request before where it is open, else a new one."""
        if self._connection is not None:
            if time.monotonic() - self._last_used < _KEPT_OPEN_SECONDS:
                return self._connection
            self._connection.close()
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_SECONDS)

    def _ask(self, method: str, address: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        is_reused = self._connection is not None
        try:
            came, page = self._over_a_connection(method, address, body, headers)
        except ConnectionError:
            if not is_reused:
                raise
            # The site ended it while the request was on its way: browsers send it again.
            came, page = self._over_a_connection(method, address, body, headers)
        self._last_used = time.monotonic()
        milliseconds = (time.perf_counter() - began) * 1000
        for cookie in came.headers.get_all("Set-Cookie") or []:
            name, value = cookie.partition(";")[0].split("=", 1)
            self._cookies[name] = value
        answer = Answer(milliseconds, came.status, page, came.headers.get("Location", ""))
        if came.headers.get_content_type() == "text/html":
            self._token = answer.hidden_fields.get("csrfmiddlewaretoken", self._token)
        return answer


@dataclass(frozen=True)
class Site:
    """A running site."""

    port: int
    checkout: Path
    environment: dict[str, str]
    server: int

    def manage(self, *arguments: str) -> None:
        """Run a command of the site."""
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=self.checkout, env=self.environment, check=True)

    def said_by(self, program: str) -> str:
        """What lines of Python print within the site."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
        done = subprocess.run(
            command, cwd=self.checkout, env=self.environment, check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode()

    def workers(self) -> list[int]:
        """The processes that serve."""
        (site,) = [pid for pid in children(self.server) if _is_site(pid)]
        return [pid for pid in children(site) if _is_site(pid)]


@contextmanager
def running_site(
    folder: Path, *, checkout: Path = CHECKOUT, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Site]:
    """The demonstration of a checkout on a free port, with its data in a new folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "script.lib.server", "--demo", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RBP_")}
    kept.pop("DATABASE_URL", None)
    environment = {**kept, **settings, "RBP_DATA_DIR": str(folder)}
    # PostgreSQL runs under an account of its own where root measures.
    folder.parent.chmod(0o755)
    with folder.with_suffix(".txt").open("w+") as said:
        server = subprocess.Popen(command, cwd=checkout, env=environment, stdout=said, stderr=said)
        try:
            if not _is_up(port, server):
                said.seek(0)
                raise Abort(f"The site does not start.\n{said.read()}")
            yield Site(port, checkout, environment, server.pid)
        finally:
            server.terminate()
            server.wait()


def _is_up(port: int, server: "subprocess.Popen[bytes]") -> bool:
    """Whether it answers before long."""
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            if Browser(port).get("/readyz").status == 200:
                return True
        except OSError:
            pass
        time.sleep(0.5)
    return False


def memory_mb(pid: int, which: str = "VmRSS") -> float:
    """What a process occupies now, or with VmHWM the most that it ever had."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"{which}:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else 0.0


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_site(pid: int) -> bool:
    return b"script.lib.site" in Path(f"/proc/{pid}/cmdline").read_bytes()


def p95(times: list[float]) -> float:
    """The time that 95 of 100 stay below."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]
