"""Whether the record is what the access log says that was written: row by row, both ways.

Reads as a stream, in the snapshot of whoever calls. What it finds are codes, names of columns
and what names a row; the command ``verify_log`` has the words.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from scoring.models.record_digest import RECORD, RecordTable, digest
from scoring.models.record_tables import RECORD_TABLES
from scoring.queries.record_derived import disagreements
from scoring.queries.record_entries import LOGGED_SQL, ROWS_AT_ONCE, canonical_rows, names_of
from scoring.queries.streams import batches, rows_of

# A line of an upgrade holds many entries.
_LINES_AT_ONCE = 200
# A primary key, and the state of a row that changes.
_KEYS = {
    "uuid": re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/[0-9]{1,9})?", re.ASCII),
    "bigint": re.compile(r"([0-9]{1,18})", re.ASCII),
}
_LINES_SQL = f"""
    SELECT id, (detail -> '{RECORD}')::text FROM scoring_auditevent WHERE detail ? '{RECORD}'
"""  # noqa: S608 - a constant
_ROW_KEYS = " UNION ALL ".join(
    f"SELECT '{table.model}' AS model, t.{table.pk}::text AS pk, "  # noqa: S608 - constants
    f'({table.key}) COLLATE "C" AS key FROM {table.table} t'
    for table in RECORD_TABLES.values()
)
_ROWS_SQL = f"""
    WITH logged AS ({LOGGED_SQL}),
    counted AS (
        SELECT model, key, count(*) AS entries, count(DISTINCT layout) AS layouts
        FROM logged GROUP BY model, key
    )
    SELECT there.model, there.pk, counted.entries IS NOT NULL
    FROM ({_ROW_KEYS}) there LEFT JOIN counted USING (model, key)
    WHERE counted.entries IS NULL OR counted.entries > counted.layouts
"""  # noqa: S608 - constants


class RecordProblem(StrEnum):
    """What can be wrong with a row of the record."""

    ROW_ALTERED = "row_altered"
    ROW_GONE = "row_gone"
    ROW_ADDED = "row_added"
    ROW_TWICE = "row_twice"
    ROW_DISAGREES = "row_disagrees"
    ENTRY_UNREADABLE = "entry_unreadable"


@dataclass(frozen=True)
class RecordFinding:
    """One thing that is wrong: which row of which model, and which of its columns.

    ``about`` names the row for people: what stands in the log where it has an entry, what stands
    in the row elsewhere. ``key`` is its key, or the number of a line that can't be read.
    """

    problem: RecordProblem
    model: str
    key: str
    about: Mapping[str, Any] = field(default_factory=dict, compare=False)
    columns: tuple[str, ...] = ()


class _Entry(NamedTuple):
    table: RecordTable
    layout: int
    key: str
    pk: str
    digest: str
    prints: str
    about: list[Any]

    def finding(self, problem: RecordProblem, columns: Iterable[str] = ()) -> RecordFinding:
        about = dict(zip(self.table.about, self.about, strict=True))
        return RecordFinding(problem, self.table.model, self.key, about, tuple(columns))


@dataclass
class RecordCheck:
    """One look at the whole record; ``rows`` is right once ``findings`` has come to its end."""

    rows: int = 0

    def findings(self) -> Iterator[RecordFinding]:
        """Everything that is wrong."""
        for some in batches(self._entries(), ROWS_AT_ONCE):
            yield from (each for each in some if isinstance(each, RecordFinding))
            yield from self._compared([each for each in some if isinstance(each, _Entry)])
        for rows in batches(rows_of(_ROWS_SQL), ROWS_AT_ONCE):
            yield from _without_one_entry(rows)
        for model, about, columns in disagreements():
            key = "/".join(map(str, about.values()))
            yield RecordFinding(RecordProblem.ROW_DISAGREES, model, key, about, columns)

    def _entries(self) -> Iterator[_Entry | RecordFinding]:
        for line, text in rows_of(_LINES_SQL, at_once=_LINES_AT_ONCE):
            unreadable = RecordFinding(RecordProblem.ENTRY_UNREADABLE, "auditevent", str(line))
            try:
                content = json.loads(text)
            except (ValueError, RecursionError):
                # PostgreSQL takes longer numbers and deeper lists than Python reads.
                yield unreadable
                continue
            for each in content if isinstance(content, list) else [content]:
                try:
                    yield _read(each)
                except (ValueError, TypeError, LookupError):
                    yield unreadable

    def _compared(self, entries: Iterable[_Entry]) -> Iterator[RecordFinding]:
        groups: dict[tuple[str, int], list[_Entry]] = {}
        for entry in entries:
            groups.setdefault((entry.table.model, entry.layout), []).append(entry)
        for (model, layout), group in groups.items():
            table = RECORD_TABLES[model]
            found = canonical_rows(table, layout, [entry.pk for entry in group])
            for entry in group:
                if entry.pk not in found:
                    yield entry.finding(RecordProblem.ROW_GONE)
                    continue
                for key, text in found[entry.pk]:
                    if key != entry.key and _is_earlier(entry.key, key):
                        continue
                    self.rows += 1
                    if key != entry.key or digest(text) != entry.digest:
                        columns = table.differing(layout, entry.key, text, entry.prints)
                        yield entry.finding(RecordProblem.ROW_ALTERED, columns)


def _read(content: Any) -> _Entry:
    """Raises ValueError, TypeError or LookupError for what is no entry."""
    model, layout, key, written, prints, about = content
    table = RECORD_TABLES[model]
    found = _KEYS[table.pk_type].fullmatch(key)
    if found is None or not 1 <= layout <= table.newest or len(about) != len(table.about):
        raise ValueError(key)
    if type(layout) is not int or not isinstance(prints, str):
        raise TypeError(layout, prints)
    return _Entry(table, layout, key, found[1], written, prints, about)


def _is_earlier(key: str, now: str) -> bool:
    """Whether a key names an earlier state of a row that has changed since."""
    before, after = key.partition("/")[2], now.partition("/")[2]
    return bool(before and after) and int(before) < int(after)


def _without_one_entry(rows: Iterable[tuple[Any, ...]]) -> Iterator[RecordFinding]:
    """Rows without an entry in the log, or with several."""
    by_model: dict[str, dict[str, RecordProblem]] = {}
    for model, pk, has_several in rows:
        problem = RecordProblem.ROW_TWICE if has_several else RecordProblem.ROW_ADDED
        by_model.setdefault(model, {})[pk] = problem
    for model, problems in by_model.items():
        table = RECORD_TABLES[model]
        for pk, about in names_of(table, list(problems)).items():
            names = dict(zip(table.about, json.loads(about), strict=True))
            yield RecordFinding(problems[pk], model, pk, names)
