import re
from pathlib import Path

import pytest

import scoring.statistics
from scoring.evaluation.statistic_text import (
    estimate_text,
    number,
    p_text,
    percent,
    percent_range,
    value_text,
    with_interval,
)
from scoring.evaluation.wording import not_estimable_lines, reason_text, statistic_name
from scoring.statistics import Estimate, Interval, Predictions, validate
from scoring.statistics.pooling.consistency import REASONS
from scoring.study.cohort_errors import CohortFileError
from scoring.study.wording import cohort_error_text

ROOM = Path(scoring.statistics.__file__).parent


def test_every_reason_of_the_room_has_words() -> None:
    raised = set()
    for file in ROOM.rglob("*.py"):
        raised |= set(re.findall(r'NotEstimableError\("(\w+)"', file.read_text("utf-8")))
    assert len(raised) > 12
    raised |= {"different_models", "same_centre", "same_patients", "synthetic_and_real"}
    for code in raised | REASONS | {"empty", "bad_file", "same_data", "too_wide"}:
        assert len(reason_text(code)) > 10


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            CohortFileError("out_of_range", 4, "age_years", "30", 50.0, 100.0, "a"),
            'Row 4, column age_years: "30" is outside what can be scored: 50 to 100 years.',
        ),
        (
            CohortFileError("not_a_number", 4, "pdw_fl", "x", 6.0, 34.8, "fL"),
            'Row 4, column pdw_fl: "x" is not a number; allowed: 6 to 34.8 fL.',
        ),
        (
            CohortFileError("missing", 2, "t_score", "", -10.0, 4.0),
            "Row 2, column t_score: the value is missing; allowed: −10 to +4.",
        ),
        (
            CohortFileError("not_yes_or_no", 3, "rbp", "2"),
            'Row 3, column rbp: "2" is not an answer; allowed: 1 or 0, yes or no, '
            "是 or 否, 有 or 无.",
        ),
        (
            CohortFileError("missing", 3, "id", ""),
            "Row 3, column id: the value is missing.",
        ),
        (
            CohortFileError("duplicate_id", 3, "id", "A1"),
            'Row 3, column id: "A1" is there twice.',
        ),
        (
            CohortFileError("wrong_number_of_cells", 3, value="8"),
            "Row 3 has another number of cells than the header: 8.",
        ),
        (
            CohortFileError("missing_column", column="rbp"),
            "The column rbp is missing. Its header is one of: rbp, 残余腰背痛, 残余背痛, "
            "残留腰背痛, 术后残余腰背痛. The first row that is not empty is the header.",
        ),
        (
            CohortFileError("ambiguous_column", column="id", value="编号, 住院号"),
            "Several headers mean the column id: 编号, 住院号. Name the right one id.",
        ),
        (
            CohortFileError("other_unit", column="pdw_fl", value="血小板分布宽度(%)"),
            "The header “血小板分布宽度(%)” has another unit than fL. "
            "Convert the values and name the column pdw_fl.",
        ),
        (CohortFileError("duplicate_column", column="rbp"), "The column rbp is there twice."),
        (CohortFileError("empty_file"), "The file is empty."),
        (CohortFileError("no_rows"), "The file has a header but no patient."),
        (
            CohortFileError("not_utf8"),
            "The file is neither UTF-8 text nor GB18030 text with Chinese headers or answers. "
            "In the spreadsheet, save it as “CSV UTF-8”.",
        ),
        (CohortFileError("not_csv"), "The file is not a CSV file."),
    ],
)
def test_what_is_wrong_with_a_file(error: CohortFileError, text: str) -> None:
    assert cohort_error_text(error) == text


def test_every_statistic_has_a_name() -> None:
    for judged in (
        validate(Predictions([0.1, 0.2], [0, 0]), cutoff=0.5),
        validate(Predictions([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1]), cutoff=0.5),
    ):
        lines = list(not_estimable_lines(judged))
        assert lines
        assert not any("_" in line for line in lines)
    assert (
        "Not estimable: positive predictive value at the cut-off, because nobody is at or above "
        "the cut-off."
    ) in lines
    assert statistic_name("recalibration") == "recalibration"


def test_figures() -> None:
    assert number(-0.0401) == "−0.040"
    assert percent(0.2056) == "20.6 %"
    assert with_interval(0.7885, (0.740, 0.836)) == "0.789 (0.740 to 0.836)"
    assert estimate_text(None) == "not estimable"
    assert estimate_text(Estimate(1.0, 0.1, Interval(0.8, 1.2))) == "1.000 (0.800 to 1.200)"
    assert value_text(None, None) == "not estimable"
    assert value_text(1.0, None) == "1.000"
    assert (p_text(0.0004), p_text(0.0234)) == ("< 0.001", "0.023")


def test_a_range_whose_ends_read_alike_is_one_number() -> None:
    assert percent_range(0.184, 0.185) == "18.4–18.5 %"
    assert percent_range(0.1841, 0.18438) == "18.4 %"
