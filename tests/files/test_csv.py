"""CSV files as hospitals and laboratories save them."""

import io

import pytest

from scoring.files.errors import TableError
from scoring.files.table import Table
from scoring.nomogram.rong2025.model import RONG_2025
from tests.files.tables import (
    HEADER,
    WORKED,
    changed,
    csv_of,
    refusal,
    rows_in,
    scored,
    scoring_of,
    texts_of,
)

CHINESE = (
    "住院号,姓名,年龄（岁）,骨密度T值,外伤史(有/无),后筋膜水肿,血小板分布宽度(fL),"
    "血氯(mmol/L),椎体中部高度恢复\r\n"
    "000123,王秀兰,８０岁,−2.0,有,是,12。8,105,未恢复\r\n"
)


def test_results_are_those_of_one_patient() -> None:
    (row,) = scored(csv_of(WORKED))
    result = RONG_2025.assess(
        {
            "age_years": 80,
            "t_score": -2.0,
            "trauma_history": True,
            "posterior_fascia_edema": True,
            "pdw_fl": 12.8,
            "chloride_mmol_l": 105,
            "mvh_restored": False,
        }
    )
    (final,) = result.scenarios
    assert row["total_points"] == f"{final.total_points:.6f}" == "183.886000"
    assert row["risk"] == f"{final.risk:.6f}"
    assert [row["ci95_low"], row["ci95_high"]] == [f"{end:.6f}" for end in final.ci95]
    assert [row["band_low"], row["band_high"]] == [f"{end:.6f}" for end in final.band]
    for key, points in result.points.items():
        assert float(row[f"points_{key}"]) == pytest.approx(points)
    assert row["model"] == RONG_2025.label
    assert not row["error"]
    assert "T-score" in row["cautions"]


def test_height_not_known_yet_gives_both_results() -> None:
    rows = scored(csv_of(WORKED, *(changed(mvh_restored=text) for text in ("", "NA", "尚不清楚"))))
    final = rows[0]
    for row in rows[1:]:
        assert not row["risk"]
        assert not row["points_mvh"]
        assert row["points_pdw"] == final["points_pdw"]
        assert row["not_restored_risk"] == final["risk"]
        assert row["not_restored_ci95_high"] == final["ci95_high"]
        gap = float(row["not_restored_total_points"]) - float(row["restored_total_points"])
        assert gap == pytest.approx(35.68)
        assert not row["error"]


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("age_years", "", "missing"),
        ("age_years", "80.5", "has decimals"),
        ("t_score", "28", "outside"),
        ("trauma_history", "", "missing"),
        ("trauma_history", "maybe", "not an answer"),
        ("posterior_fascia_edema", "2", "not an answer"),
        ("pdw_fl", "<6", "a limit"),
        ("pdw_fl", "溶血", "not a number"),
        ("pdw_fl", "16.8%", "another unit"),
        ("pdw_fl", "1_2", "not a number"),
        ("pdw_fl", "12.34567", "decimals"),
        ("chloride_mmol_l", "1050", "outside"),
        ("chloride_mmol_l", "#N/A", "error of the spreadsheet"),
        ("chloride_mmol_l", "=B2+1", "formula"),
        ("chloride_mmol_l", "372 mg/dL", "another unit"),
    ],
)
def test_refused_cell(field: str, text: str, said: str) -> None:
    content = csv_of(WORKED, changed(**{field: text}), WORKED)
    results, mend = texts_of(scoring_of(content))
    first, wrong, last = rows_in(results)
    assert first == last
    assert wrong["error"].startswith(f"Row 3, column {field}")
    assert said in wrong["error"]
    assert not wrong["risk"]
    assert not wrong["points_age"]
    (to_mend,) = rows_in(mend)
    assert to_mend["row"] == "3"
    assert to_mend["error"] == wrong["error"]
    assert to_mend["id"] == "P1"


def test_all_that_is_wrong_with_a_row_is_said() -> None:
    row = scored(csv_of(changed(age_years="", pdw_fl="溶血", mvh_restored="perhaps")))[0]
    assert row["error"].count("Row 2") == 3


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_export(codec: str) -> None:
    rows = scored(CHINESE.encode(codec))
    assert rows[0]["total_points"] == "183.886000"
    assert rows[0]["住院号"] == "000123"
    assert rows[0]["姓名"] == "王秀兰"


def test_titles_above_and_a_header_of_two_rows() -> None:
    text = (
        "\r\n检验报告,,,,,,,\r\n,外伤史,,,检验,,,\r\n"
        "年龄,,T值,后筋膜水肿,PDW (fL),Cl (mmol/L),中部高度恢复,备注\r\n"
        '80,有,-2,有,12.8,105,否,"两次,\n复查"\r\n\r\n80,有,-2,有,x,105,否,\r\n'
    )
    good, wrong = scored(text.encode())
    assert good["total_points"] == "183.886000"
    assert good["备注"] == "两次,\n复查"
    # A record that runs over two lines is one row of a spreadsheet; a blank line is one, too.
    assert wrong["error"].startswith("Row 7, column PDW (fL)")


def test_header_in_the_last_row_that_is_searched() -> None:
    titles = "检验,,,,,,,\r\n".encode() * 49
    assert scored(titles + csv_of(WORKED))[0]["total_points"] == "183.886000"
    assert refusal(titles + csv_of()).code == "no_rows"
    assert refusal(titles + b"x\r\n" + csv_of(WORKED)).code == "no_header"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_separator_and_decimal_comma(separator: str) -> None:
    content = csv_of(changed(pdw_fl="12,8", t_score="-2,0"), separator=separator)
    (row,) = scored(content, separator=separator)
    assert row["pdw_fl"] == "12,8"
    mark = "," if separator == ";" else "."
    assert row["total_points"] == f"183{mark}886000"
    assert row["points_pdw"] == f"23{mark}596"


def test_said_separator() -> None:
    content = b"sep=;\r\n" + csv_of(WORKED, changed(age_years="x"), separator=";")
    good, wrong = scored(content, separator=";")
    assert good["total_points"] == "183,886000"
    assert wrong["error"].startswith("Row 3,")


def test_rows_of_another_width() -> None:
    content = csv_of(WORKED) + b"P2,80,-2\r\nP3,80,-2,yes,yes,12,8,105,no\r\n"
    _good, short, long = scored(content)
    assert "Row 3 has 3 cells, the header has 8" in short["error"]
    assert "Row 4 has 9 cells" in long["error"]
    results, _mend = texts_of(scoring_of(content))
    # Nothing of the row is lost.
    assert results.splitlines()[-1].startswith("P3,80,-2,yes,yes,12,8,105,")
    assert results.splitlines()[-1].endswith(",no")


def test_no_row_has_the_width_of_the_header() -> None:
    # A decimal comma in each of them.
    scoring = scoring_of(csv_of() + b"P1,80,-2,yes,yes,12,8,105,no\r\n" * 2)
    first, second = rows_in(texts_of(scoring)[0])
    assert "Row 2 has 9 cells, the header has 8. Is a decimal comma" in first["error"]
    assert "Row 3" in second["error"]
    assert (scoring.counts.rows, scoring.counts.refused) == (2, 2)


def test_rows_of_another_width_to_be_mended() -> None:
    content = csv_of(WORKED) + b"P2,80,-2\r\nP3,80,-2,yes,yes,12,8,105,no\r\n"
    _results, mend = texts_of(scoring_of(content))
    short, long = rows_in(mend)
    assert [(row["row"], row["error"][:6]) for row in (short, long)] == [
        ("3", "Row 3 "),
        ("4", "Row 4 "),
    ]
    assert mend.splitlines()[-1].endswith(",no")
    # Sent again as it is, it is refused again.
    again, _mend = texts_of(scoring_of(mend.removesuffix(",no\r\n").encode() + b"\r\nP4,80\r\n"))
    assert "Row 4 has 2 cells, the header has 10" in again.splitlines()[-1]


def test_apostrophes_of_rows_to_mend_are_no_part_of_their_cells() -> None:
    content = csv_of(
        changed(t_score="－2．0", age_years="x"), changed(t_score="-2.0 SD", pdw_fl="y")
    )
    _results, mend = texts_of(scoring_of(content))
    assert [row["t_score"] for row in rows_in(mend)] == ["'－2．0", "'-2.0 SD"]
    mended = mend.replace(",x,", ",80,").replace(",y,", ",12.8,")
    assert [row["total_points"] for row in scored(mended.encode())] == ["183.886000"] * 2


def test_texts_that_a_program_wrote_as_formulas_to_keep_their_zeros() -> None:
    kept = changed(id='="00123"', age_years='="80"', pdw_fl='="12.8"')
    computed = changed(pdw_fl='="12"&".8"')
    good, wrong = scored(csv_of(kept, computed))
    assert good["total_points"] == "183.886000"
    assert "is a formula" in wrong["error"]


def test_an_arrow_beside_a_number_is_passed_over() -> None:
    good, marked = scored(
        csv_of(changed(pdw_fl="12.8↑", chloride_mmol_l="105 ↓"), changed(pdw_fl="12.8*"))
    )
    assert good["total_points"] == "183.886000"
    assert "is not a number" in marked["error"]


def test_somebodys_own_column_row_is_passed_on() -> None:
    content = csv_of(WORKED, header=("Row", *HEADER[1:]))
    assert scored(content)[0]["Row"] == "P1"


def test_formulas_of_others_stay_texts() -> None:
    rows = scored(csv_of(("=cmd()", *WORKED[1:]), ("＝a", *WORKED[1:]), changed(pdw_fl="=1+1")))
    assert rows[0]["id"] == "'=cmd()"
    assert rows[1]["id"] == "'＝a"
    assert rows[2]["pdw_fl"] == "'=1+1"
    # A number with its sign is none.
    assert rows[0]["t_score"] == "-2.0"


def test_results_sent_again_replace_those_of_the_first_run() -> None:
    results, mend = texts_of(scoring_of(csv_of(WORKED, changed(age_years="x"))))
    again, _none = texts_of(scoring_of(results.encode()))
    assert again == results
    mended = mend.replace("x,", "80,", 1)
    (row,) = scored(mended.encode())
    assert row["total_points"] == "183.886000"
    assert "row" not in row


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (CHINESE.encode("utf-16"), "utf_16"),
        ("編號,年齡\r\n1,2\r\n".encode("big5"), "encoding"),
        (b"\xff\xff\xff", "encoding"),
        (b"a,b\r\n1,2\r\n", "no_header"),
        (csv_of(), "no_rows"),
        (csv_of(WORKED) + b'"open', "not_csv"),
        (csv_of(WORKED) + b"a\0b", "not_csv"),
        (csv_of(WORKED) + b"a" * 200_000, "not_csv"),
        (csv_of(WORKED, header=(*HEADER[:7], "pdw (fl)")), "missing_column"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"\xef\xbb\xbf\r\n <HTML><table><tr><td>PDW</td>", "markup"),
        (b'<?xml version="1.0"?><Workbook xmlns:o="urn:x">', "markup"),
        (b"PK\x03\x04 no archive", "not_xlsx"),
    ],
)
def test_refused_file(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_the_row_with_what_is_no_text_is_named() -> None:
    assert refusal(csv_of(WORKED, WORKED) + b"a\0b").row == 4


def test_a_sheet_is_asked_of_a_text() -> None:
    with pytest.raises(TableError, match="no_sheet"):
        scoring_of(csv_of(WORKED), sheet="1")


def test_errors_keep_values_out_of_logs() -> None:
    assert "溶血" not in str(TableError("other_unit", value="溶血", field="pdw_fl"))


def test_stream_stays_open() -> None:
    stream = io.BytesIO(csv_of(WORKED))
    list(Table(stream, RONG_2025).blocks())
    assert not stream.closed
