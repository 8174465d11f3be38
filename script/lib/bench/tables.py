"""Scoring a table and JSON lines, against Python's own csv and json for the same data.

Processor time of one thread, in turns; medians count.
"""

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scoring.files.scored import Scoring
from scoring.files.table import Table
from scoring.nomogram.exchange import score_lines
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from scoring.words.shown import with_shown
from script.lib.abort import Abort
from script.lib.bench.measuring import medians, thread_milliseconds

_ROWS = 1_000_000
# Few, as the answers beside them would keep the garbage collector busy.
_JSON_ROWS = 2_000
_LINES_AT_ONCE = 400


def measure_tables(repeat: int) -> Iterator[str]:
    """Lines in Markdown. Raises Abort where a row is not scored."""
    with tempfile.TemporaryDirectory() as folder:
        yield _measure_csv(Path(folder), repeat)
    yield _measure_json(repeat)


def _patients(count: int) -> Iterator[tuple[float | bool, ...]]:
    cohort = synthetic_cohort(count, seed=1).cohort
    return zip(*(column.tolist() for column in cohort.columns.values()), strict=True)


def _cell(value: float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.1f}".removesuffix(".0")


def _measure_csv(folder: Path, repeat: int) -> str:
    table, copy, results = (folder / name for name in ("table.csv", "copy.csv", "results.csv"))
    with table.open("w", newline="") as made:
        writer = csv.writer(made)
        writer.writerow(["id", *RONG_2025.fields])
        for number, patient in enumerate(_patients(_ROWS)):
            writer.writerow([f"P{number:07d}", *map(_cell, patient)])

    def read_and_write() -> None:
        with table.open(newline="") as given, copy.open("w", newline="") as made:
            csv.writer(made).writerows(csv.reader(given))

    def score() -> None:
        with table.open("rb") as given, results.open("w", newline="") as made:
            scoring = Scoring(Table(given, RONG_2025), RONG_2025)
            made.write(scoring.result_header())
            for block in scoring.blocks():
                made.write(block.text)
        if scoring.counts.rows != _ROWS or scoring.counts.refused:
            raise Abort("A row of the table is not scored.")

    csv_ms, score_ms = medians((read_and_write, score), thread_milliseconds, repeat)
    return (
        f"- A CSV file with {_ROWS:,} patients scored into another, with points, intervals and "
        f"cautions: {score_ms:.0f} ms; Python's csv module reads and writes it in {csv_ms:.0f} ms "
        f"({score_ms / csv_ms:.2f} times)."
    )


def _measure_json(repeat: int) -> str:
    lines = [
        json.dumps(dict(zip(RONG_2025.fields, patient, strict=True))).encode()
        for patient in _patients(_JSON_ROWS)
    ]
    write = json.JSONEncoder(allow_nan=False).encode

    def score() -> None:
        for first in range(0, len(lines), _LINES_AT_ONCE):
            answers = score_lines(RONG_2025, lines[first : first + _LINES_AT_ONCE], first + 1)
            "\n".join(map(write, map(with_shown, answers)))

    answers = [with_shown(answer) for answer in score_lines(RONG_2025, lines, 1)]
    if any("error" in answer for answer in answers):
        raise Abort("A JSON line is not scored.")

    def read_and_write() -> None:
        for line, answer in zip(lines, answers, strict=True):
            json.loads(line)
            json.dumps(answer)

    json_ms, score_ms = medians((read_and_write, score), thread_milliseconds, repeat)
    return (
        f"- {_JSON_ROWS:,} JSON lines scored: {score_ms:.0f} ms; Python's json module reads them "
        f"and writes the answers in {json_ms:.0f} ms ({score_ms / json_ms:.2f} times)."
    )
