"""The command ``script/bench``: each page against the bare SQL it needs, in one run.

The bare SQL of a page are all statements that it sends, with their values, sent once more over
the same connection and read to the end: the SELECTs, and the line of the access log with its
commit, without which no page may be shown. Page and SQL take turns, and medians are compared.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from script.lib.stop import Stop, run

_PLAIN_STATIC = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_RECORD = ("scoring_assessment", "scoring_patient", "scoring_outcome")
_LOG_LINE = 'INSERT INTO "scoring_auditevent"'
_EARLY_ROWS = 20_000
# A scan that stops when it has found its rows is no scan of the table.
_SMALL_PART = 0.1


@dataclass(frozen=True)
class Measured:
    """Medians of one page in milliseconds, and how its statements find their rows.

    ``line_ms`` is what of ``sql_ms`` goes to the line of the access log.
    """

    name: str
    page_ms: float
    sql_ms: float
    line_ms: float
    statements: int
    indexes: list[str]
    read_through: list[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Seed an empty database, measure, print tables in Markdown."""
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--assessments", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=9, help="runs of every page")
    parser.add_argument("--here", action="store_true", help="measure the database as it is")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rbpsite.settings")
    django.setup()
    try:
        if not chosen.here:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("seed", assessments=chosen.assessments)
        _refuse_real_patients()
        with override_settings(STORAGES=_PLAIN_STATIC, ALLOWED_HOSTS=["testserver"]):
            _print_all(chosen.repeat)
    except CommandError as reason:
        raise Stop(str(reason)) from reason
    except OperationalError as reason:
        raise Stop(f"The database can't be reached. {reason}") from reason
    return 0


def _refuse_real_patients() -> None:
    # Models can be loaded only after django.setup().
    from scoring.models import Assessment, Patient

    if Patient.objects.filter(synthetic=False).exists():
        raise Stop("This database holds real patients: nothing is measured here.")
    if not Assessment.objects.exists():
        raise Stop("This database is empty. Fill it first: script/seed --assessments 1000000")


def _print_all(repeat: int) -> None:
    from scoring.models import Assessment, AssessmentChain, Outcome, Patient

    client = Client()
    client.force_login(_user())
    counts = [model.objects.count() for model in (Assessment, AssessmentChain, Outcome, Patient)]
    print("Versions {:,}, assessments {:,}, outcomes {:,}, patients {:,}.\n".format(*counts))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    print(
        f"PostgreSQL {version}, fsync {fsync}, {os.cpu_count()} processors, load "
        f"{os.getloadavg()[0]:.1f} at the start, median of {repeat} runs.\n"
    )
    print(
        "| page | page ms | SQL ms | of it the log ms | page − SQL ms | page / SQL | statements |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    measured = []
    for name, address in _addresses(client):
        result = _measure(name, client, address, repeat)
        measured.append(result)
        print(
            f"| {name} | {result.page_ms:.1f} | {result.sql_ms:.1f} | {result.line_ms:.1f} "
            f"| {result.page_ms - result.sql_ms:.1f} | {result.page_ms / result.sql_ms:.2f} "
            f"| {result.statements} |",
            flush=True,
        )
    print("\n| page | indexes used | tables read through |\n|---|---|---|")
    for result in measured:
        tables = ", ".join(result.read_through) or "none"
        print(f"| {result.name} | {', '.join(result.indexes)} | {tables} |")
    print()
    for identifiers in ("with", "without"):
        print(_measure_export(client, identifiers), flush=True)


def _user() -> Any:
    """Somebody with every right; an earlier run may have made the account."""
    from scoring import actions
    from scoring.models import Role, User

    found = User.objects.filter(username="bench").first()
    return found or actions.create_user(
        by=None, username="bench", display_name="Dr Bench", password=None, roles=list(Role)
    )


def _addresses(client: Client) -> Iterator[tuple[str, str]]:
    """What is measured: names of pages and where they are."""
    from django.db.models import Count

    from scoring.models import Assessment, Patient
    from scoring.queries import Cursor

    newest = Assessment.objects.order_by("-created_at").values_list("created_at", flat=True)[0]
    middle = newest - timedelta(days=5 * 365)
    row = Assessment.objects.filter(created_at__lte=middle).order_by("-created_at", "-id")[0]
    clinician = Assessment.objects.values_list("created_by_id", flat=True)[0]
    busiest = Patient.objects.annotate(n=Count("assessments")).order_by("-n")[0]
    month = f"assessed_from={middle - timedelta(days=30):%Y-%m-%d}&assessed_to={middle:%Y-%m-%d}"
    yield "worklist", "/"
    yield "patient with most assessments", f"/patients/{busiest.pk}"
    yield "history, first page", "/history"
    yield "history, 50 rows", "/history?rows=50"
    cursor = str(Cursor(row.created_at, row.pk)).replace("+", "%2B")
    yield "history, page five years back", f"/history?before={cursor}"
    yield "a month five years back", f"/history?{month}"
    for state in ("current", "provisional", "final", "voided", "superseded"):
        yield f"state: {state}", f"/history?state={state}"
    yield "state: final, five years back", f"/history?state=final&before={cursor}"
    for side in ("at_or_above", "below", "depends"):
        yield f"cut-off: {side}", f"/history?cutoff={side}"
    yield "clinician", f"/history?clinician={clinician}"
    for outcome in ("yes", "no", "pending", "not_evaluable"):
        yield f"outcome: {outcome}", f"/history?outcome={outcome}"
    for population in ("as_study", "not_fully_assessed", "outside"):
        yield f"eligibility: {population}", f"/history?population={population}"
    yield "model", "/history?model=rong-2025/1"
    combined = f"state=final&cutoff=at_or_above&outcome=yes&clinician={clinician}"
    yield "combined: final, at or above, yes, clinician", f"/history?{combined}"
    number = busiest.hospital_number
    for name, text in (
        ("hospital number, whole", number),
        ("hospital number, prefix", number[:-3]),
        ("Latin, family name", "wang"),
        ("Latin, given name", "xiulan"),
        ("Latin, both", "zhao meihua"),
        ("Latin, one letter", "z"),
        ("Latin with accent", "muller"),
        ("Latin, nobody", "qqq"),
        ("Chinese, one character", "兰"),
        ("Chinese, substring", "王秀"),
        ("Chinese, whole name", "王秀兰"),
        ("Chinese, nobody", "鑫"),
    ):
        yield f"search: {name}", client.post("/history", {"q": text}).headers["Location"]
    searched = client.post("/history", {"q": "wang", "outcome": "yes"}).headers["Location"]
    yield "search and outcome", searched


def _measure(name: str, client: Client, address: str, repeat: int) -> Measured:
    def page() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise Stop(f"{name}: status {response.status_code}")

    page()
    with CaptureQueriesContext(connection) as captured:
        page()
    statements = [query["sql"] for query in captured]
    lines = [statement for statement in statements if _LOG_LINE in statement]
    # A session's row is written when somebody becomes active again, not with every page.
    selects = [s for s in statements if s.lstrip().startswith(("SELECT", "WITH"))]

    def bare(sent: list[str]) -> None:
        with connection.cursor() as cursor:
            for statement in sent:
                cursor.execute(statement)
                cursor.fetchall()

    bare(selects + lines)
    turns = [
        (
            _milliseconds(page),
            _milliseconds(partial(bare, selects)),
            _milliseconds(partial(bare, lines)),
        )
        for _ in range(repeat)
    ]
    page_ms, read_ms, line_ms = (statistics.median(column) for column in zip(*turns, strict=True))
    indexes: set[str] = set()
    through: set[str] = set()
    for statement in selects:
        if not any(table in statement for table in _RECORD):
            continue
        for node in _plan_nodes(statement):
            if "Index Name" in node:
                indexes.add(node["Index Name"])
            elif node["Node Type"] == "Seq Scan" and _is_read_through(node):
                through.add(node["Relation Name"])
    return Measured(
        name,
        page_ms,
        read_ms + line_ms,
        line_ms,
        len(statements),
        sorted(indexes),
        sorted(through),
    )


def _is_read_through(node: dict[str, Any]) -> bool:
    """Whether a scan without index went on past a small part of its table."""
    read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [node["Relation Name"]]
        )
        rows: float = cursor.fetchone()[0]
    return bool(read * node["Actual Loops"] > _SMALL_PART * rows)


def _milliseconds(action: Callable[[], None]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def _plan_nodes(statement: str) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        waiting = [cursor.fetchone()[0][0]["Plan"]]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("Plans", [])


def _measure_export(client: Client, identifiers: str) -> str:
    """Read the whole file; the memory after some rows and after all of them tells if it grows."""
    began = time.perf_counter()
    response = client.post("/history/export", {"identifiers": identifiers})
    rows, size, early, first = 0, 0, 0.0, 0.0
    for piece in response:
        size += len(piece)
        rows += piece.count(b"\n")
        first = first or time.perf_counter() - began
        if not early and rows > _EARLY_ROWS:
            early = _memory_mb()
    seconds = time.perf_counter() - began
    return (
        f"- Export {identifiers} identifiers: {rows - 1:,} rows, {size / 1e6:,.0f} MB in "
        f"{seconds:.1f} s, first piece after {first:.2f} s; memory {early:.0f} MB after "
        f"{_EARLY_ROWS:,} rows, {_memory_mb():.0f} MB at the end."
    )


def _memory_mb() -> float:
    """What the process occupies now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    run(main)
