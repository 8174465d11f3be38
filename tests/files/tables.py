"""Tables that tests make, and what becomes of them."""

import csv
import io
import zipfile
from collections.abc import Sequence

from scoring.files.errors import TableError
from scoring.files.scored import Scoring
from scoring.files.table import Table
from scoring.nomogram.rong2025.model import RONG_2025

HEADER = ("id", *RONG_2025.fields)
# The worked example of the paper: 183.89 points.
WORKED = ("P1", "80", "-2.0", "yes", "yes", "12.8", "105", "no")
Rows = list[dict[str, str]]


def csv_of(*rows: Sequence[str], separator: str = ",", header: Sequence[str] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    return text.getvalue().encode()


def changed(**cells: str) -> tuple[str, ...]:
    """The worked example with other cells."""
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, WORKED, strict=True))


def scoring_of(content: bytes, *, sheet: str = "") -> Scoring:
    return Scoring(Table(io.BytesIO(content), RONG_2025, sheet=sheet), RONG_2025)


def texts_of(scoring: Scoring) -> tuple[str, str]:
    """The result file and the file of rows to mend."""
    blocks = list(scoring.blocks())
    return (
        scoring.result_header() + "".join(block.text for block in blocks),
        scoring.mend_header() + "".join(block.to_mend for block in blocks),
    )


def rows_in(text: str, separator: str = ",") -> Rows:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
    header, *rows = reader
    return [dict(zip(header, row, strict=False)) for row in rows]


def scored(content: bytes, *, separator: str = ",", sheet: str = "") -> Rows:
    return rows_in(texts_of(scoring_of(content, sheet=sheet))[0], separator)


def refusal(content: bytes, *, sheet: str = "") -> TableError:
    try:
        texts_of(scoring_of(content, sheet=sheet))
    except TableError as error:
        return error
    raise AssertionError("the table is scored")


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with other parts; "xl_styles" is xl/styles.xml. An empty one is left out."""
    made = io.BytesIO()
    wanted = {f"{name.replace('__', '/')}.xml": part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = wanted.pop(name, old.read(name))
            if part:
                new.writestr(name, part)
        for name, part in wanted.items():
            new.writestr(name, part)
    return made.getvalue()
