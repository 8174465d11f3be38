"""The command ``script/bench_log``: what the chain of the access log costs those who write to it.

Three ways write the same lines, in turns, within one run: without digests and seals; with them,
sealed by ``manage.py background`` as beside the site; and with the seal in each writer's own
transaction, which the site avoids. Each line is a transaction of its own: where a transaction also
changes a record, the share of the chain is smaller.
"""

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import django
import pgtrigger
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from script.lib.abort import Abort, run
from script.lib.folders import CHECKOUT

_THREADS = (1, 8, 32)
_CHECKED_LINES = 100_000
_DETAIL: dict[str, object] = {"text": "wang", "found": 12}
_FILL_SQL = """
    INSERT INTO scoring_auditevent
        (at, actor, actor_name, action, patient_id, hospital_number, address, detail, digest)
    SELECT now() - (%s - number) * interval '1 second', 'bench', 'Dr Bench', 'patient_viewed',
           gen_random_uuid(), 'H' || number, '192.0.2.7', '{"text": "wang"}', ''
    FROM generate_series(1, %s) number
"""


@dataclass(frozen=True)
class Timed:
    """Lines a second, and how long a writer waited for a line."""

    lines_per_second: float
    median_ms: float
    slowest_percent_ms: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure in an empty database and print tables in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench_log")
    parser.add_argument("--lines", type=int, default=3000, help="lines of each measurement")
    parser.add_argument("--repeat", type=int, default=5, help="measurements of each kind")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM scoring_auditevent)")
            if cursor.fetchone()[0]:
                raise Abort("This database has an access log already: nothing is measured here.")
        _print_writers(chosen.lines, chosen.repeat)
        _print_check()
    except OperationalError as reason:
        raise Abort(f"The database can't be reached. {reason}") from reason
    return 0


def _print_writers(lines: int, repeat: int) -> None:
    ways = {"plain": _plain, "chain": _chain, "serial": _serial}
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    print(f"PostgreSQL {version}, {os.cpu_count()} processors, {lines:,} lines, ", end="")
    print(f"median of {repeat} rounds.\n")
    print(
        "| threads | without chain: lines/s, median ms, 99 % | with chain | ratio of lines/s ",
        end="",
    )
    print("| chain in the writer's transaction | ratio | last line sealed after |")
    print("|---:|---|---|---:|---|---:|---:|")
    for threads in _THREADS:
        rounds: list[dict[str, Timed]] = []
        lags: list[float] = []
        for number in range(repeat + 1):
            names = list(ways)
            # Each goes first in turn; the very first round only warms up.
            order = names[number % 3 :] + names[: number % 3]
            timed = {}
            for name in order:
                timed[name], lag = ways[name](threads, lines)
                if number and name == "chain":
                    lags.append(lag)
            if number:
                rounds.append(timed)
        cells = {name: _cell([each[name] for each in rounds]) for name in ways}
        ratios = {
            name: statistics.median(
                each[name].lines_per_second / each["plain"].lines_per_second for each in rounds
            )
            for name in ways
        }
        print(
            f"| {threads} | {cells['plain']} | {cells['chain']} | {ratios['chain']:.2f} "
            f"| {cells['serial']} | {ratios['serial']:.2f} | {statistics.median(lags):.2f} s |",
            flush=True,
        )


def _cell(timed: Sequence[Timed]) -> str:
    rate, median, slow = (
        statistics.median(values)
        for values in zip(
            *((t.lines_per_second, t.median_ms, t.slowest_percent_ms) for t in timed), strict=True
        )
    )
    return f"{rate:,.0f}, {median:.2f}, {slow:.1f}"


def _plain(threads: int, lines: int) -> tuple[Timed, float]:
    _switch_triggers("DISABLE")
    try:
        return _timed(_write_line, threads, lines), 0.0
    finally:
        _switch_triggers("ENABLE")


def _chain(threads: int, lines: int) -> tuple[Timed, float]:
    from scoring.health import background_is_running
    from scoring.models import AuditWaiting

    background = subprocess.Popen(
        [sys.executable, "manage.py", "background"],
        cwd=CHECKOUT,
        env=os.environ | {"RBP_LOG_LEVEL": "WARNING"},
    )
    try:
        while not background_is_running():
            time.sleep(0.01)
        timed = _timed(_write_line, threads, lines)
        ended = time.perf_counter()
        while AuditWaiting.objects.exists():
            time.sleep(0.01)
        return timed, time.perf_counter() - ended
    finally:
        background.terminate()
        background.wait()


def _serial(threads: int, lines: int) -> tuple[Timed, float]:
    from scoring.actions.log_seal import seal_batch

    def write_and_seal() -> None:
        with transaction.atomic():
            _write_line()
            seal_batch()

    # Some times slower than the others: fewer lines tell as much.
    return _timed(write_and_seal, threads, lines // 5), 0.0


def _write_line() -> None:
    from scoring import actions
    from scoring.entry import Origin
    from scoring.models import AuditEvent

    actions.log_event(
        by=None,
        action=AuditEvent.Action.HISTORY_SEARCHED,
        origin=Origin(address="192.0.2.7"),
        detail=_DETAIL,
    )


def _timed(write: Callable[[], None], threads: int, lines: int) -> Timed:
    start = threading.Barrier(threads + 1)

    def writer() -> list[float]:
        connection.ensure_connection()
        start.wait()
        waited = []
        for _ in range(lines // threads):
            began = time.perf_counter()
            write()
            waited.append(time.perf_counter() - began)
        connection.close()
        return waited

    with ThreadPoolExecutor(threads) as pool:
        writers = [pool.submit(writer) for _ in range(threads)]
        start.wait()
        began = time.perf_counter()
        waited = sorted(seconds for each in writers for seconds in each.result())
        elapsed = time.perf_counter() - began
    return Timed(
        lines_per_second=len(waited) / elapsed,
        median_ms=statistics.median(waited) * 1000,
        slowest_percent_ms=waited[int(len(waited) * 0.99)] * 1000,
    )


def _switch_triggers(how: str) -> None:
    from scoring.models import AuditEvent

    with connection.cursor() as cursor:
        for name in ("audit_event_digest", "audit_event_waits"):
            trigger = pgtrigger.registered(f"scoring.AuditEvent:{name}")[0][1]
            pgid = trigger.get_pgid(cast(Any, AuditEvent))
            cursor.execute(f"ALTER TABLE scoring_auditevent {how} TRIGGER {pgid}")


def _print_check() -> None:
    """How fast lines are sealed, and how fast all of them are checked."""
    from scoring import actions
    from scoring.queries.log_check import LogCheck

    tables = ("scoring_auditevent", "scoring_auditseal", "scoring_auditwaiting")
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute(_FILL_SQL, [_CHECKED_LINES, _CHECKED_LINES])
    began = time.perf_counter()
    actions.seal_waiting()
    sealed = time.perf_counter()
    check = LogCheck()
    wrong = [each for each in check.findings() if each.problem != "event_sealed_late"]
    checked = time.perf_counter()
    if wrong or check.events != _CHECKED_LINES:
        raise Abort(f"The log just written is not whole: {wrong[:5]}")
    print(
        f"\nOf {_CHECKED_LINES:,} lines: sealed {_CHECKED_LINES / (sealed - began):,.0f} ", end=""
    )
    print(f"a second, checked {_CHECKED_LINES / (checked - sealed):,.0f} a second.")


if __name__ == "__main__":
    run(main)
