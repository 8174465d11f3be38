"""``manage.py score TABLE -o FILE``, without a database."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.files.tables import WORKED, changed, csv_of, rows_in
from tests.files.test_csv import CHINESE


def told(*arguments: object) -> str:
    out = io.StringIO()
    call_command("score", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "patients.csv"
    path.write_bytes(csv_of(WORKED, changed(pdw_fl="溶血"), changed(mvh_restored="")))
    return path


def test_results_and_rows_to_mend(table: Path) -> None:
    results = table.with_name("results.csv")
    said = told(table, "-o", results)
    assert "UTF-8 text, header in row 1." in said
    assert "2 of 3 rows scored" in said
    assert "Rows that can't be scored: 1." in said
    rows = rows_in(results.read_text())
    assert [row["total_points"] for row in rows] == ["183.886000", "", ""]
    mend = table.with_name("results.errors.csv")
    assert [row["row"] for row in rows_in(mend.read_text())] == ["3"]
    # Patient data: for their owner alone.
    assert results.stat().st_mode & 0o777 == mend.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in table.parent.iterdir()} == {table.name, results.name, mend.name}


def test_chinese_laboratory(tmp_path: Path) -> None:
    table, results = tmp_path / "检验.csv", tmp_path / "结果.csv"
    table.write_bytes(CHINESE.encode("gb18030"))
    said = told(table, "-o", results)
    assert "GB18030" in said
    assert "pdw_fl: 血小板分布宽度(fL)" in said
    assert "住院号, 姓名" in said
    assert [path.name for path in sorted(tmp_path.iterdir())] == [table.name, results.name]


def test_results_and_rows_to_mend_are_two_files(table: Path) -> None:
    results = table.with_name("results.csv")
    with pytest.raises(CommandError, match="the same file"):
        told(table, "-o", results, "--errors", results)
    assert [path.name for path in table.parent.iterdir()] == [table.name]


def test_what_is_there_is_not_replaced(table: Path) -> None:
    results = table.with_name("results.csv")
    results.write_text("old")
    with pytest.raises(CommandError, match="--overwrite"):
        told(table, "-o", results)
    assert results.read_text() == "old"
    told(table, "-o", results, "--overwrite")
    with pytest.raises(CommandError, match="is the table itself"):
        told(table, "-o", table, "--overwrite")


def test_refused_table_leaves_nothing(tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_bytes(csv_of(WORKED, *[WORKED] * 5000) + b'"open')
    with pytest.raises(CommandError, match="Row 5003 is not CSV"):
        told(table, "-o", tmp_path / "results.csv")
    table.write_bytes(csv_of(WORKED).replace(b"pdw_fl", b"PDW (%)"))
    with pytest.raises(CommandError, match="which can't be converted"):
        told(table, "-o", tmp_path / "results.csv")
    assert list(tmp_path.iterdir()) == [table]


def test_arguments_that_do_not_fit(table: Path) -> None:
    with pytest.raises(CommandError, match="-o"):
        told(table)
    with pytest.raises(CommandError, match="or the predictors of one patient"):
        told(table, "--age", "80")
    with pytest.raises(CommandError, match="cannot be read"):
        told(table.with_name("none.csv"), "-o", table.with_name("results.csv"))
