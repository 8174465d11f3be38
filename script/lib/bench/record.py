"""The check of the record against the access log, beside reading the same rows."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from script.lib.abort import Abort

# Each takes minutes at a million versions.
_TURNS = 3


def measure_record_check(repeat: int) -> Iterator[str]:
    """Reading every row that has a digest, and the check, in turns. Raises Abort on a finding."""
    from scoring.models import Assessment
    from scoring.models.record_tables import RECORD_TABLES
    from scoring.queries.log_check import snapshot
    from scoring.queries.record_check import RecordCheck
    from scoring.queries.streams import rows_of

    def read() -> int:
        return sum(
            1
            for table in RECORD_TABLES.values()
            for _ in rows_of(f"SELECT * FROM {table.table}")  # noqa: S608 - a constant
        )

    def check() -> int:
        record = RecordCheck()
        found = next(record.findings(), None)
        if found is not None:
            raise Abort(f"The record is not what its access log says: {found}")
        return record.rows

    turns = []
    for _ in range(min(repeat, _TURNS)):
        with snapshot():
            turns.append((*_timed(read), *_timed(check)))
    rows, reading, read_mb, checked, checking, check_mb = (
        statistics.median(column) for column in zip(*turns, strict=True)
    )
    if rows != checked:
        raise Abort(f"{rows:,.0f} rows were read and {checked:,.0f} compared.")
    yield (
        f"- Record and log: {rows:,.0f} rows ({Assessment.objects.count():,} versions) read in "
        f"{reading:.1f} s, checked in {checking:.1f} s: {checking / reading:.2f} times as long; "
        f"median of {len(turns)} turns. The process grew by {read_mb:.0f} MB while reading, by "
        f"{check_mb:.0f} MB while checking."
    )


def _timed(action: Callable[[], int]) -> tuple[int, float, float]:
    """What the action gave, its seconds, and by how many MB the process grew meanwhile at most."""
    before = _memory_mb("VmRSS")
    # The peak begins anew: proc(5).
    Path("/proc/self/clear_refs").write_text("5")
    began = time.perf_counter()
    count = action()
    return count, time.perf_counter() - began, _memory_mb("VmHWM") - before


def _memory_mb(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 / 1e6 if found else 0.0
