"""One page against its bare SQL, and how each statement finds its rows."""

import statistics
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from script.lib.abort import Abort

_RECORD = ("scoring_assessment", "scoring_patient", "scoring_outcome")
_LOG_LINE = 'INSERT INTO "scoring_auditevent"'
# A scan that stops when it has found its rows is no scan of the table.
_SMALL_PART = 0.1


@dataclass(frozen=True)
class Timing:
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


def measure(name: str, client: Client, address: str, repeat: int) -> Timing:
    """Page and SQL in turns. Raises Abort where the page does not answer."""

    def page() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise Abort(f"{name}: status {response.status_code}")

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
            milliseconds(page),
            milliseconds(partial(bare, selects)),
            milliseconds(partial(bare, lines)),
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
    return Timing(
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


def milliseconds(action: Callable[[], object]) -> float:
    """How long an action takes by the wall clock."""
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def thread_milliseconds(action: Callable[[], object]) -> float:
    """The processor time of this thread that an action takes."""
    began = time.thread_time()
    action()
    return (time.thread_time() - began) * 1000


def medians(
    actions: Collection[Callable[[], object]],
    measured: Callable[[Callable[[], object]], float],
    repeat: int,
) -> list[float]:
    """The median of each action, taken in turns."""
    turns = [[measured(action) for action in actions] for _ in range(repeat)]
    return [statistics.median(column) for column in zip(*turns, strict=True)]


def _plan_nodes(statement: str) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        waiting = [cursor.fetchone()[0][0]["Plan"]]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("Plans", [])
