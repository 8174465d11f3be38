"""What the tests of the commands on cohort files share."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

HEADER = (
    "id,age_years,t_score,trauma_history,posterior_fascia_edema,pdw_fl,chloride_mmol_l,"
    "mvh_restored,rbp\n"
)


def answer(command: str, *words: object) -> str:
    out = io.StringIO()
    call_command(command, *map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def with_column(content: str, name: str, change: Callable[[str], object]) -> str:
    """A cohort's CSV with every value of a column changed."""
    header, *rows = content.splitlines()
    place = header.split(",").index(name)
    cells = [row.split(",") for row in rows]
    for row in cells:
        row[place] = str(change(row[place]))
    return "\n".join([header, *(",".join(row) for row in cells)]) + "\n"


def answer_json(command: str, *words: object) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(answer(command, *words, "--json"), parse_constant=refuse)


def refusal(command: str, *words: object) -> str:
    with pytest.raises(CommandError) as caught:
        answer(command, *words)
    return str(caught.value)


def written(folder: Path, rows: str, name: str = "cohort.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + rows, encoding="utf-8")
    return path
