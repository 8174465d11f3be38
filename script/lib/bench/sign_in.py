"""The command ``script/bench --sign-in``: does the ward feel it when passwords are guessed?

A site of its own, with the demonstration's patients. A clinician opens the worklist once a second,
first alone, then while wrong passwords come in, each for another user name: the lock-out, which
would answer them without a look at the password, never begins.
"""

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from script.lib.abort import Abort, run
from script.lib.folders import CHECKOUT

_START_SECONDS = 300
_ANSWER_SECONDS = 60
_THREADS = 400
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def main(arguments: Sequence[str] | None = None) -> int:
    """Start a site, measure, print a table in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench --sign-in")
    parser.add_argument("--seconds", type=int, default=30, help="of each part, default: 30")
    parser.add_argument("--guesses", type=int, default=20, help="a second, default: 20")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, _site(Path(folder) / "data") as (port, server):
        secrets = Path(folder) / "data" / "secrets" / "demonstration.json"
        ward = _Browser(port)
        ward.sign_in("clinician", json.loads(secrets.read_text())["clinician"])
        elsewhere = _Browser(port)
        elsewhere.get("/sign-in")
        for _time in range(20):
            ward.get("/")
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start.\n")
        before = _peaks_mb(server)
        alone = _every(1.0, chosen.seconds, lambda: ward.get("/"))
        guesses: list[_Answer] = []
        with ThreadPoolExecutor(1) as beside:
            name = count()
            guessing = beside.submit(
                _every,
                1 / chosen.guesses,
                chosen.seconds,
                lambda: elsewhere.guess(f"user{next(name)}"),
            )
            guessed = _every(1.0, chosen.seconds, lambda: ward.get("/"))
            guesses = guessing.result()
        after = _peaks_mb(server)
    _print(alone, guessed, guesses)
    print(f"\nPeak memory of the workers: {before} MB before, {after} MB after.")
    return 0


@dataclass(frozen=True)
class _Answer:
    milliseconds: float
    status: int


class _Browser:
    """Cookies of one site, and the token for its forms."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        self._token = ""

    def get(self, address: str) -> _Answer:
        return self._ask("GET", address)

    def sign_in(self, username: str, password: str) -> None:
        self.get("/sign-in")
        if self._post_sign_in(username, password).status != 302:
            raise Abort("The clinician of the demonstration can't sign in.")

    def guess(self, username: str) -> _Answer:
        return self._post_sign_in(username, "wrong horse battery")

    def _post_sign_in(self, username: str, password: str) -> _Answer:
        fields = {"username": username, "password": password, "csrfmiddlewaretoken": self._token}
        return self._ask("POST", "/sign-in", urlencode(fields))

    def _ask(self, method: str, address: str, body: str | None = None) -> _Answer:
        """One request over a connection of its own, read to the end."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        milliseconds = (time.perf_counter() - began) * 1000
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.partition(";")[0].split("=", 1)
            self._cookies[name] = value
        if found := _TOKEN.search(page):
            self._token = found[1]
        return _Answer(milliseconds, answer.status)


def _every(interval: float, seconds: float, ask: Callable[[], _Answer]) -> list[_Answer]:
    """Ask at fixed moments, whether the answer before has come or not."""
    asked: list[Future[_Answer]] = []
    with ThreadPoolExecutor(_THREADS) as threads:
        began = time.monotonic()
        for number in range(round(seconds / interval)):
            time.sleep(max(0.0, began + number * interval - time.monotonic()))
            asked.append(threads.submit(ask))
    return [one.result() for one in asked]


@contextmanager
def _site(folder: Path) -> Iterator[tuple[int, int]]:
    """The demonstration on a free port with two workers: the port and the server's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "script.lib.server", "--demo", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RBP_")}
    kept.pop("DATABASE_URL", None)
    # PostgreSQL runs under an account of its own where root measures.
    folder.parent.chmod(0o755)
    with (folder.parent / "server.txt").open("w+") as said:
        server = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=kept | {"RBP_DATA_DIR": str(folder)},
            stdout=said,
            stderr=said,
        )
        try:
            if not _is_up(port, server):
                said.seek(0)
                raise Abort(f"The site does not start.\n{said.read()}")
            yield port, server.pid
        finally:
            server.terminate()
            server.wait()


def _is_up(port: int, server: "subprocess.Popen[bytes]") -> bool:
    """Whether it answers before long."""
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            if _Browser(port).get("/readyz").status == 200:
                return True
        except OSError:
            pass
        time.sleep(0.5)
    return False


def _peaks_mb(server: int) -> str:
    """The most memory that each worker has had."""
    (site,) = [pid for pid in _children(server) if _is_site(pid)]
    workers = [pid for pid in _children(site) if _is_site(pid)]
    found = [
        re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in workers
    ]
    return " and ".join(f"{int(peak[1]) / 1000:.0f}" for peak in found if peak)


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_site(pid: int) -> bool:
    return b"script.lib.site" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _print(alone: list[_Answer], guessed: list[_Answer], guesses: list[_Answer]) -> None:
    print("| requests | number | median ms | p95 ms | longest ms | answers |")
    print("|---|---:|---:|---:|---:|---|")
    rows = [
        ("worklist, nobody else", alone),
        ("worklist, passwords guessed", guessed),
        ("wrong passwords", guesses),
    ]
    for name, answers in rows:
        times = [answer.milliseconds for answer in answers]
        statuses = Counter(answer.status for answer in answers)
        said = ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
        print(
            f"| {name} | {len(times)} | {statistics.median(times):.0f} | {_p95(times):.0f} "
            f"| {max(times):.0f} | {said} |"
        )
    before, after = (_p95([one.milliseconds for one in answers]) for answers in (alone, guessed))
    print(f"\nThe p95 of the worklist is {after / before:.2f} times that with nobody else.")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    run(main)
