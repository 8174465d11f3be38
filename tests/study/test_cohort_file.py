import io
from collections.abc import Callable

import numpy as np
import pytest

from scoring.study.cohort_errors import CohortFileError
from scoring.study.cohort_file import MAX_FILE_BYTES, read_cohort
from scoring.study.wording import cohort_error_text
from tests.statistics.reference.values import COHORT_CSV

HEADER = (
    "id,age_years,t_score,trauma_history,posterior_fascia_edema,pdw_fl,chloride_mmol_l,"
    "mvh_restored,rbp"
)
ROWS = ["A1,80,-2.0,1,1,12.80,105,0,1", "A2,72,-3.6,yes,no,12.8,104,YES,No"]


def file_of(*rows: str, header: str = HEADER, end: str = "\n") -> io.BytesIO:
    return io.BytesIO((end.join([header, *rows]) + end).encode())


def refusal(content: io.BytesIO) -> CohortFileError:
    with pytest.raises(CohortFileError) as caught:
        read_cohort(content)
    return caught.value


def test_two_patients() -> None:
    found = read_cohort(file_of(*ROWS))
    assert found.ids == ("A1", "A2")
    assert found.cohort["age_years"].tolist() == [80.0, 72.0]
    assert found.cohort["t_score"].tolist() == [-2.0, -3.6]
    assert found.cohort["trauma_history"].tolist() == [True, True]
    assert found.cohort["posterior_fascia_edema"].tolist() == [True, False]
    assert found.cohort["mvh_restored"].tolist() == [False, True]
    assert found.event.tolist() == [True, False]
    assert found.ignored == ()


def test_what_is_not_used_is_named_but_not_an_empty_column() -> None:
    rows = [f"{row},{cell}," for row, cell in zip(ROWS, "ab", strict=True)]
    assert read_cohort(file_of(*rows, header=f"{HEADER},Note,")).ignored == ("Note",)


def test_rows_are_counted_without_the_line_that_says_the_separator() -> None:
    text = file_of(ROWS[0], ROWS[1].replace("72", "30")).getvalue().decode()
    error = refusal(io.BytesIO(f"sep=,\n{text}".encode()))
    assert (error.row, error.column) == (3, "age_years")


def test_the_reference_cohort() -> None:
    with COHORT_CSV.open("rb") as stream:
        found = read_cohort(stream)
    assert (len(found.ids), int(found.event.sum())) == (569, 117)
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n,,,,,,,,\n",
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace(",", ";").replace("12.80", "12,80").replace("-2.0", "–２,0"),
        lambda text: text.replace(",", " , "),
        lambda text: text.replace("12.80", '"12,80"'),
        lambda text: text.replace("A1,80", "A1,80.0").replace("105", "+105."),
        str.upper,
        lambda text: "sep=;\n" + text.replace(",", ";"),
        lambda text: "\ufeffSEP=;\r\n" + text.replace(",", ";").replace("12.80", "12,80"),
        lambda text: '"sep=,"\n' + text,
        lambda text: text.replace("yes,no", "TRUE,FALSE"),
        lambda text: text.replace("yes,no", "1.0,0.0"),
        lambda text: text.replace("\n", ",\n"),
    ],
)
def test_spellings_of_the_same_file(change: Callable[[str], str]) -> None:
    plain = file_of(*ROWS).getvalue().decode()
    expected = read_cohort(file_of(*ROWS))
    found = read_cohort(io.BytesIO(change(plain).encode()))
    assert found.ids == expected.ids
    for field, values in expected.cohort.columns.items():
        np.testing.assert_array_equal(found.cohort[field], values)


def test_columns_in_any_order_and_others_ignored() -> None:
    content = file_of(
        "0,x,105,12.8,1,1,-2.0,80,A1,0",
        header="rbp,sex,chloride_mmol_l,pdw_fl,posterior_fascia_edema,trauma_history,t_score,"
        "age_years,id,mvh_restored",
    )
    found = read_cohort(content)
    assert found.ignored == ("sex",)
    assert (found.ids, found.cohort["chloride_mmol_l"].tolist()) == (("A1",), [105.0])


@pytest.mark.parametrize(
    ("content", "code", "column"),
    [
        (b"", "empty_file", None),
        (b" \n\n", "empty_file", None),
        (b"sep=;\n", "empty_file", None),
        (b'""\n', "empty_file", None),
        ((HEADER + ",RBP\n" + ROWS[0] + ",1").encode(), "duplicate_column", "rbp"),
        ("größe".encode("latin-1"), "not_utf8", None),
        ((HEADER + "\n").encode(), "no_rows", None),
        ((HEADER.replace(",rbp", "") + "\n").encode(), "no_rows", None),
        (
            (HEADER.replace(",rbp", "") + "\nA1,80,-2.0,1,1,12.80,105,0").encode(),
            "missing_column",
            "rbp",
        ),
        ((HEADER + ",rbp\n" + ROWS[0] + ",1").encode(), "duplicate_column", "rbp"),
        (HEADER.encode() + b'\n"A1', "not_csv", None),
    ],
)
def test_files_that_are_none(content: bytes, code: str, column: str | None) -> None:
    error = refusal(io.BytesIO(content))
    assert (error.code, error.row, error.column) == (code, None, column)


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        ("A3,,-2.0,1,1,12.8,105,0,1", "age_years", "", "missing"),
        ("A3,abc,-2.0,1,1,12.8,105,0,1", "age_years", "abc", "not_a_number"),
        ("A3,nan,-2.0,1,1,12.8,105,0,1", "age_years", "nan", "not_a_number"),
        ("A3,8_0,-2.0,1,1,12.8,105,0,1", "age_years", "8_0", "not_a_number"),
        ("A3,1e2,-2.0,1,1,12.8,105,0,1", "age_years", "1e2", "not_a_number"),
        ("A3,30,-2.0,1,1,12.8,105,0,1", "age_years", "30", "out_of_range"),
        ("A3,80.9,-2.0,1,1,12.8,105,0,1", "age_years", "80.9", "not_whole"),
        ("A3,80,-12,1,1,12.8,105,0,1", "t_score", "-12", "out_of_range"),
        ("A3,80,-2.0,2,1,12.8,105,0,1", "trauma_history", "2", "not_yes_or_no"),
        ("A3,80,-2.0,1,,12.8,105,0,1", "posterior_fascia_edema", "", "missing"),
        ("A3,80,-2.0,1,1,34.81,105,0,1", "pdw_fl", "34.81", "out_of_range"),
        ("A3,80,-2.0,1,1,12.8,105,unknown,1", "mvh_restored", "unknown", "not_yes_or_no"),
        ("A3,80,-2.0,1,1,12.8,105,0,", "rbp", "", "missing"),
        ("A3,80,-2.0,1,1,12.8,105,0,0.5", "rbp", "0.5", "not_yes_or_no"),
        (",80,-2.0,1,1,12.8,105,0,1", "id", "", "missing"),
        ("A1,80,-2.0,1,1,12.8,105,0,1", "id", "A1", "duplicate_id"),
        ("A3,80,-2.0,1,1,12.8,105,0", None, "8", "wrong_number_of_cells"),
        ("", None, "0", "wrong_number_of_cells"),
    ],
)
def test_a_bad_row_is_named(row: str, column: str | None, value: str, code: str) -> None:
    error = refusal(file_of(*ROWS, row, "A4,80,-2.0,1,1,12.8,105,0,1"))
    assert (error.code, error.row, error.column, error.value) == (code, 4, column, value)


def test_what_is_allowed_comes_with_the_error() -> None:
    error = refusal(file_of(*ROWS, "A3,80,-2.0,1,1,5.9,105,0,1"))
    assert (error.low, error.high, error.unit) == (6.0, 34.8, "fL")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "A3,80.9,-2.0,1,1,12.8,105,0,1",
            'Row 4, column age_years: "80.9" has decimals; enter completed years, such as 80.',
        ),
        (
            "A3,80,4.5,1,1,12.8,105,0,1",
            'Row 4, column t_score: "4.5" has lost its sign; enter −4.5.',
        ),
    ],
)
def test_what_to_write_instead_is_said(row: str, said: str) -> None:
    assert cohort_error_text(refusal(file_of(*ROWS, row))) == said


def test_the_first_bad_row_is_reported_and_in_it_the_first_column() -> None:
    error = refusal(file_of("A1,80,-2,1,1,99,105,9,1", "A2,30,-2,1,1,12,105,0,1"))
    assert (error.row, error.column) == (2, "pdw_fl")


def test_patient_data_stay_out_of_the_text_of_an_error() -> None:
    error = refusal(file_of(*ROWS, "A3,30,-2.0,1,1,12.8,105,0,1"))
    assert str(error) == "row 4, age_years, out_of_range"


def test_a_file_of_any_size_takes_bounded_memory() -> None:
    error = refusal(io.BytesIO(b"a" * (MAX_FILE_BYTES + 10)))
    assert error.code == "too_large"
    assert cohort_error_text(error) == "The file is larger than 32 MB."
