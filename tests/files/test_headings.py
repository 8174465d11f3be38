"""Headers of columns: which say the quantity and its unit, and what 1 and 0 mean."""

import pytest
from django.conf import settings

from scoring.files.headings import names_of
from scoring.nomogram.rong2025.model import RONG_2025
from tests.files.tables import HEADER, WORKED, changed, csv_of, refusal, scored


@pytest.mark.parametrize(
    ("header", "code", "field"),
    [
        ("PDW (%)", "other_unit", "pdw_fl"),
        ("PDW 10(GSD)", "other_unit", "pdw_fl"),
        ("血小板分布宽度（％）", "other_unit", "pdw_fl"),
        ("PDW检查日期", "missing_column", "pdw_fl"),
        ("PDW-CV", "other_unit", "pdw_fl"),
    ],
)
def test_headers_of_another_quantity(header: str, code: str, field: str) -> None:
    names = [header if name == "pdw_fl" else name for name in HEADER]
    error = refusal(csv_of(WORKED, header=names))
    assert (error.code, error.field) == (code, field)


@pytest.mark.parametrize(
    "header", ["PDW (fL)", "PDW/fL", "pdw fl", "ＰＤＷ（ｆＬ）", "Platelet distribution width [fL]"]
)
def test_headers_with_their_unit(header: str) -> None:
    names = [header if name == "pdw_fl" else name for name in HEADER]
    assert scored(csv_of(WORKED, header=names))[0]["total_points"] == "183.886000"


def test_pdw_needs_its_unit() -> None:
    names = ["PDW" if name == "pdw_fl" else name for name in HEADER]
    bare, said = scored(csv_of(WORKED, changed(pdw_fl="12.8 fL"), header=names))
    assert "no unit" in bare["error"]
    assert said["total_points"] == "183.886000"


def test_one_and_zero_only_where_their_meaning_is_said() -> None:
    cells = changed(trauma_history="1", posterior_fascia_edema="1", mvh_restored="0")
    assert scored(csv_of(cells))[0]["total_points"] == "183.886000"
    header = ["外伤史" if name == "trauma_history" else name for name in HEADER]
    assert "means yes or no" in scored(csv_of(cells, header=header))[0]["error"]
    header = ["外伤史(1=有，0=无)" if name == "trauma_history" else name for name in HEADER]
    assert scored(csv_of(cells, header=header))[0]["total_points"] == "183.886000"
    header = ["外伤史(1=无,0=有)" if name == "trauma_history" else name for name in HEADER]
    assert refusal(csv_of(cells, header=header)).code == "missing_column"


def test_two_columns_of_one_meaning() -> None:
    header = ["PDW (fL)" if name == "id" else name for name in HEADER]
    # Its own name comes first.
    assert scored(csv_of(("9", *WORKED[1:]), header=header))[0]["total_points"] == "183.886000"
    header = ["Age" if name == "id" else "年龄" if name == "age_years" else name for name in HEADER]
    assert refusal(csv_of(WORKED, header=header)).code == "ambiguous_column"


def test_the_document_lists_the_names() -> None:
    lines = (settings.BASE_DIR / "docs" / "cohort-files.md").read_text(encoding="utf-8")
    for field, predictor in RONG_2025.by_field.items():
        (row,) = [line for line in lines.splitlines() if line.startswith(f"| `{field}` |")]
        for name in names_of(predictor):
            assert name in row
