"""The command ``script/bench --sign-in``: does the ward feel it when passwords are guessed?

A site of its own, with the demonstration's patients. A clinician opens the worklist once a second,
first alone, then while wrong passwords come in, each for another user name: the lock-out, which
would answer them without a look at the password, never begins.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path

from script.lib.abort import run
from script.lib.bench.ward_site import Answer, Browser, Site, memory_mb, p95, running_site

_THREADS = 400
_WRONG = "wrong horse battery"


def main(arguments: Sequence[str] | None = None) -> int:
    """Start a site, measure, print a table in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench --sign-in")
    parser.add_argument("--seconds", type=int, default=30, help="of each part, default: 30")
    parser.add_argument("--guesses", type=int, default=20, help="a second, default: 20")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder) / "data") as site:
        secrets = Path(folder) / "data" / "secrets" / "demonstration.json"
        ward = Browser(site.port)
        ward.sign_in("clinician", json.loads(secrets.read_text())["clinician"])
        elsewhere = Browser(site.port)
        elsewhere.get("/sign-in")
        for _time in range(20):
            ward.get("/")
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start.\n")
        before = _peaks_mb(site)
        alone = _every(1.0, chosen.seconds, lambda: ward.get("/"))
        guesses: list[Answer] = []
        with ThreadPoolExecutor(1) as beside:
            name = count()
            guessing = beside.submit(
                _every,
                1 / chosen.guesses,
                chosen.seconds,
                lambda: elsewhere.try_to_sign_in(f"user{next(name)}", _WRONG),
            )
            guessed = _every(1.0, chosen.seconds, lambda: ward.get("/"))
            guesses = guessing.result()
        after = _peaks_mb(site)
    _print(alone, guessed, guesses)
    print(f"\nPeak memory of the workers: {before} MB before, {after} MB after.")
    return 0


def _every(interval: float, seconds: float, ask: Callable[[], Answer]) -> list[Answer]:
    """Ask at fixed moments, whether the answer before has come or not."""
    asked: list[Future[Answer]] = []
    with ThreadPoolExecutor(_THREADS) as threads:
        began = time.monotonic()
        for number in range(round(seconds / interval)):
            time.sleep(max(0.0, began + number * interval - time.monotonic()))
            asked.append(threads.submit(ask))
    return [one.result() for one in asked]


def _peaks_mb(site: Site) -> str:
    """The most memory that each worker has had."""
    return " and ".join(f"{memory_mb(pid, 'VmHWM'):.0f}" for pid in site.workers())


def _print(alone: list[Answer], guessed: list[Answer], guesses: list[Answer]) -> None:
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
            f"| {name} | {len(times)} | {statistics.median(times):.0f} | {p95(times):.0f} "
            f"| {max(times):.0f} | {said} |"
        )
    before, after = (p95([one.milliseconds for one in answers]) for answers in (alone, guessed))
    print(f"\nThe p95 of the worklist is {after / before:.2f} times that with nobody else.")


if __name__ == "__main__":
    run(main)
