"""What reads the whole record: the export and the local validation."""

import os
import statistics
import time
from pathlib import Path

from django.test import Client

from script.lib.abort import Abort
from script.lib.bench.measuring import milliseconds

_EARLY_ROWS = 20_000


def measure_validation(client: Client, repeat: int) -> str:
    """The local validation as first asked for and as kept, beside reading its cohort alone."""
    from scoring import queries
    from scoring.models import CachedValidation
    from scoring.nomogram.rong2025.model import RONG_2025

    chosen = queries.CohortFilter(model=(RONG_2025.identifier, RONG_2025.version), synthetic=True)

    def page() -> None:
        if client.get("/validation?patients=synthetic").status_code != 200:
            raise Abort("The validation does not answer.")

    turns = []
    for _ in range(repeat):
        cohort = milliseconds(lambda: queries.validation_cohort(chosen))
        CachedValidation.objects.all().delete()
        turns.append((cohort, milliseconds(page), milliseconds(page)))
    read, first, kept = (statistics.median(column) / 1000 for column in zip(*turns, strict=True))
    analysed = int(queries.validation_cohort(chosen).analysed.sum())
    return (
        f"- Validation of {analysed:,} analysed assessments: {first:.2f} s when first asked for, "
        f"of which {read:.2f} s go into reading the record; {kept:.2f} s from then on."
    )


def measure_export(client: Client, identifiers: str) -> str:
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
