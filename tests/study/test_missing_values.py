"""Rows that lack a value: an error that counts them, or, when asked, complete cases alone."""

import io
from pathlib import Path

import numpy as np
import pytest

from scoring.study.cautions import cautions_of
from scoring.study.cohort_errors import CohortFileError, Gaps
from scoring.study.cohort_file import CohortFile, read_cohort
from scoring.study.wording import cohort_caution_text, cohort_error_text
from tests.commands.analysis import HEADER, answer, answer_json, refusal, written
from tests.statistics.reference.values import COHORT_CSV

ROWS = (
    "A1,80,-2.9,1,1,12.8,105,0,1",
    "A2,,-2.9,1,1,12.8,105,0,1",
    "A3,71,-3.1,0,NA,,104,1,0",
    "A4,72,-3.2,1,0,13.1,103,1,NA",
    "A5,73,-3.3,0,0,13.2,102,1,0",
)
GAPS = Gaps(
    rows=5,
    incomplete=3,
    missing={"age_years": 1, "posterior_fascia_edema": 1, "pdw_fl": 1, "rbp": 1},
)


def read(*rows: str, complete_cases: bool = False) -> CohortFile:
    content = HEADER + "\n".join(rows) + "\n"
    return read_cohort(io.BytesIO(content.encode()), complete_cases=complete_cases)


def refused(*rows: str, complete_cases: bool = False) -> CohortFileError:
    with pytest.raises(CohortFileError) as caught:
        read(*rows, complete_cases=complete_cases)
    return caught.value


def test_the_first_missing_value_stops_and_all_are_counted() -> None:
    error = refused(*ROWS)
    assert (error.code, error.row, error.column) == ("missing", 3, "age_years")
    assert error.gaps == GAPS
    assert cohort_error_text(error) == (
        "Row 3, column age_years: the value is missing; allowed: 50 to 100 years. 3 of 5 rows lack "
        "a value (age_years 1, posterior_fascia_edema 1, pdw_fl 1, rbp 1). Fill them in, or "
        "analyze the complete rows alone with --complete-cases."
    )


def test_complete_cases_are_those_that_lack_nothing() -> None:
    patients = read(*ROWS, complete_cases=True)
    assert patients.ids == ("A1", "A5")
    assert patients.event.tolist() == [True, False]
    assert {name: column.tolist() for name, column in patients.cohort.columns.items()} == {
        "age_years": [80, 73],
        "t_score": [-2.9, -3.3],
        "trauma_history": [True, False],
        "posterior_fascia_edema": [True, False],
        "pdw_fl": [12.8, 13.2],
        "chloride_mmol_l": [105, 102],
        "mvh_restored": [False, True],
    }
    assert patients.gaps == GAPS
    alone = read(ROWS[0], ROWS[4])
    assert patients.patients_sha256 == alone.patients_sha256
    assert patients.sha256 != alone.sha256


def test_the_cautions_say_it_first() -> None:
    texts = [
        cohort_caution_text(one)
        for one in cautions_of(read(*ROWS, complete_cases=True))
        if one.loud
    ]
    assert texts[:3] == [
        "CAUTION: 3 of 5 rows lack a value and are left out. What follows is about the complete "
        "rows alone.",
        "CAUTION: age_years is missing in 1 of 5 rows.",
        "CAUTION: posterior_fascia_edema is missing in 1 of 5 rows.",
    ]
    complete = cautions_of(read(ROWS[0], ROWS[4], complete_cases=True))
    assert not {"incomplete_rows", "missing_values"} & {one.code for one in complete}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("A6,30,-3.0,1,0,13,103,1,", "out_of_range", "age_years"),
        ("A6,,-3.0,1,0,abc,103,1,1", "not_a_number", "pdw_fl"),
        ("A6,70,-3.0,na,0,13,103,1,1", "not_yes_or_no", "trauma_history"),
        ("A6,70,n/a,1,0,13,103,1,1", "not_a_number", "t_score"),
        ("A6,70,-3.0,1,0,13,103,1,2", "not_yes_or_no", "rbp"),
        (",70,-3.0,1,0,13,103,1,1", "missing", "id"),
        ("A2,70,-3.0,1,0,13,103,1,1", "duplicate_id", "id"),
    ],
)
def test_a_wrong_value_stops_in_any_case(row: str, code: str, column: str) -> None:
    error = refused(*ROWS, row, complete_cases=True)
    assert (error.code, error.row, error.column) == (code, 7, column)


def test_a_file_without_a_complete_row() -> None:
    error = refused(*ROWS[1:4], complete_cases=True)
    assert error.code == "no_complete_row"
    assert cohort_error_text(error) == "Every row lacks a value."


def _with_gaps(folder: Path) -> Path:
    """The reference cohort, every tenth patient of it without PDW."""
    header, *lines = COHORT_CSV.read_text().splitlines()
    place = header.split(",").index("pdw_fl")
    cells = [line.split(",") for line in lines]
    for row in cells[::10]:
        row[place] = ""
    return written(folder, "\n".join(",".join(row) for row in cells) + "\n")


def test_the_commands_stop_or_say_what_they_leave_out(tmp_path: Path) -> None:
    path = _with_gaps(tmp_path)
    for command in ("validate_model", "develop_model"):
        said = refusal(command, path)
        assert "57 of 569 rows lack a value (pdw_fl 57)." in said
        assert "--complete-cases" in said
    plain = answer_json("validate_model", path, "--complete-cases", "--resamples", 0)
    assert plain["n"] == 512
    assert {name: plain["cohort"][name] for name in ("rows", "incomplete_rows", "missing")} == {
        "rows": 569,
        "incomplete_rows": 57,
        "missing": {"pdw_fl": 57},
    }
    assert plain["cautions"][0]["code"] == "incomplete_rows"
    shared = tmp_path / "a.json"
    words = ("--centre", "A", "--output", shared)
    assert "57 of 569 rows" in refusal("export_validation", path, *words)
    assert not shared.exists()
    told = answer("export_validation", path, "--complete-cases", *words)
    assert told.startswith("CAUTION: 57 of 569 rows lack a value and are left out.")
    # What was left out is for nobody else.
    told_others = shared.read_text()
    assert not [word for word in ("missing", "incomplete") if word in told_others]


def test_a_complete_file_is_read_the_same_either_way() -> None:
    content = COHORT_CSV.read_bytes()
    one, other = (
        read_cohort(io.BytesIO(content), complete_cases=complete) for complete in (False, True)
    )
    assert one.patients_sha256 == other.patients_sha256
    assert np.array_equal(one.event, other.event)
    assert one.gaps == other.gaps == Gaps(569, 0, {})
