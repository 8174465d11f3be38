"""The command ``script/bench --load``: clinicians at work, here and in the build before.

Sites of their own with the demonstration's patients, asked in turns; requests come from this
process, on the same computer. ``--think`` is the mean pause before each request; without it the
next one follows at once.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from random import Random

from script.lib.abort import run
from script.lib.bench.clinician import MIX, Clinician
from script.lib.bench.ward_site import Answer, Browser, Site, memory_mb, p95, running_site
from script.lib.folders import CHECKOUT

_PASSWORD = "kyphon-7-lamp-oribel"  # noqa: S105 - of accounts on a throwaway site
_MAKE_ACCOUNTS = """
from scoring.actions import create_user
from scoring.models import Role
for number in range({count}):
    create_user(
        by=None, username=f"load{{number}}", password="{password}",
        display_name=("Dr 王芳 load {{}}" if number % 2 else "Dr Load {{}}").format(number),
        roles=[Role.CLINICIAN, Role.REVIEWER],
    )
"""


class Run:
    """What came of one turn at one site."""

    def __init__(self, workers: list[int]) -> None:
        self.times: dict[str, list[float]] = {}
        self.refused: Counter[str] = Counter()
        self.memory: list[tuple[float, list[float]]] = []
        self.signed_in = 0
        self.seconds = 0.0
        self._workers = workers
        self._lock = threading.Lock()
        self._began = 0.0

    def begin(self) -> None:
        """Everybody is signed in; from now on requests count."""
        self.signed_in = sum(map(len, self.times.values()))
        self._began = time.monotonic()
        self.look_at_memory(0)

    def end(self) -> None:
        """Everybody has stopped."""
        self.look_at_memory(0)
        self.seconds = time.monotonic() - self._began

    def add(self, name: str, answer: Answer) -> None:
        """Count an answer."""
        with self._lock:
            self.times.setdefault(name, []).append(answer.milliseconds)
            if answer.status not in {200, 302}:
                self.refused[f"{name} {answer.status}"] += 1

    def look_at_memory(self, every: float) -> None:
        """Note what the workers occupy, where that was not noted for so many seconds."""
        now = time.monotonic() - self._began
        if not self.memory or now - self.memory[-1][0] >= every:
            self.memory.append((now, [memory_mb(pid) for pid in self._workers]))

    def pages(self) -> list[float]:
        """Times of all requests but signing in and reports."""
        others = {"sign-in page", "sign in", "report"}
        return [each for name, times in self.times.items() if name not in others for each in times]

    def requests(self) -> int:
        """How many were answered, whatever the answer, since everybody had signed in."""
        return sum(map(len, self.times.values())) - self.signed_in


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the sites, measure, print tables in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench --load")
    parser.add_argument("--clinicians", type=int, default=24, help="default: 24")
    parser.add_argument("--seconds", type=float, default=60, help="of each turn, default: 60")
    parser.add_argument("--think", type=float, default=0, help="mean pause in seconds, default: 0")
    parser.add_argument("--before", type=Path, help="folder of a checkout of the build before")
    parser.add_argument("--turns", type=int, default=1, help="at each site, default: 1")
    chosen = parser.parse_args(arguments)
    checkouts = {"this build": CHECKOUT}
    if chosen.before:
        checkouts["the build before"] = chosen.before.resolve()
    print(
        f"{chosen.clinicians} clinicians, {chosen.seconds:.0f} s, pause {chosen.think:g} s; "
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start. {MIX}\n"
    )
    runs: dict[str, list[Run]] = {name: [] for name in checkouts}
    with (
        tempfile.TemporaryDirectory(prefix="rbp-load-", dir="/var/tmp") as folder,
        ExitStack() as ends,
    ):
        sites = {
            name: ends.enter_context(
                running_site(Path(folder) / f"site{number}", checkout=checkout)
            )
            for number, (name, checkout) in enumerate(checkouts.items())
        }
        for site in sites.values():
            code = _MAKE_ACCOUNTS.format(count=chosen.clinicians, password=_PASSWORD)
            site.manage("shell", "--command", code)
        for turn in range(chosen.turns):
            # Who begins changes from turn to turn.
            for name in list(sites)[:: -1 if turn % 2 else 1]:
                runs[name].append(_work(sites[name], chosen, turn))
                _print_turn(name, runs[name][-1])
    if chosen.before:
        _print_ratio(*runs.values())
    return 0


def _work(site: Site, chosen: argparse.Namespace, turn: int) -> Run:
    """Everybody at work at one site."""
    found = Run(site.workers())
    clinicians = [
        Clinician(
            Browser(site.port, stays_connected=True),
            f"load{number}",
            _PASSWORD,
            1000 * turn + number,
        )
        for number in range(chosen.clinicians)
    ]
    for clinician in clinicians:
        for name, answer in clinician.sign_in():
            found.add(name, answer)
    found.begin()
    until = time.monotonic() + chosen.seconds

    def work(number: int) -> None:
        random = Random(number)  # noqa: S311 - for pauses
        time.sleep(chosen.think * number / chosen.clinicians)
        while time.monotonic() < until:
            for name, answer in clinicians[number].round():
                found.add(name, answer)
                pause, left = random.uniform(0, 2 * chosen.think), until - time.monotonic()
                time.sleep(max(0, min(pause, left)))
                # Whoever would ask later asks no more: else all of them would ask at the end.
                if pause >= left:
                    return

    with ThreadPoolExecutor(chosen.clinicians) as threads:
        at_work = [threads.submit(work, number) for number in range(chosen.clinicians)]
        while not all(one.done() for one in at_work):
            found.look_at_memory(chosen.seconds / 12)
            time.sleep(0.5)
    for one in at_work:
        one.result()
    found.end()
    return found


def _print_turn(name: str, found: Run) -> None:
    print(
        f"**{name}**: {found.requests()} requests in {found.seconds:.0f} s, "
        f"{found.requests() / found.seconds:.1f} a second; load {os.getloadavg()[0]:.1f}; "
        f"refused: {dict(found.refused) or 'none'}\n"
    )
    print("| | number | median ms | p95 ms | longest ms |\n|---|---:|---:|---:|---:|")
    for what, times in {"pages": found.pages(), **found.times}.items():
        if len(times) > 1:
            print(
                f"| {what} | {len(times)} | {statistics.median(times):.0f} | {p95(times):.0f} "
                f"| {max(times):.0f} |"
            )
    print("\nMemory of the workers in MB, after seconds:", end=" ")
    print(
        "; ".join(
            f"{after:.0f}: {' and '.join(f'{each:.0f}' for each in mb)}"
            for after, mb in found.memory
        ),
        flush=True,
    )
    print()


def _print_ratio(ours: list[Run], before: list[Run]) -> None:
    requests = [sum(each.requests() for each in runs) for runs in (ours, before)]
    print(f"\n{requests[0] / requests[1]:.2f} times the requests of the build before.")


if __name__ == "__main__":
    run(main)
