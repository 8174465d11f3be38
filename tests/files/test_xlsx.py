"""Workbooks as spreadsheets, laboratories and other programs save them."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scoring.files import xlsx_rows
from scoring.files.table import Table
from scoring.nomogram.rong2025.model import RONG_2025
from tests.files.tables import HEADER, refusal, repacked, scored

PATIENT: tuple[Any, ...] = ("P1", 80, -2.0, "yes", True, 12.8, 105, "否")
TOTAL = "183.886000"
_TRANSITIONAL = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def book_of(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (header, *rows):
        sheet.append(list(row))
    return book, sheet


def with_cell(place: str, value: Any, number_format: str = "General") -> bytes:
    book, sheet = book_of(PATIENT)
    sheet[place] = value
    sheet[place].number_format = number_format
    return saved(book)


def strict(content: bytes) -> bytes:
    """The same workbook as Strict Open XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for transitional, iso in _TRANSITIONAL.items():
                part = part.replace(transitional, iso)
            new.writestr(name, part)
    return made.getvalue()


def test_workbook() -> None:
    content = saved(book_of(PATIENT)[0])
    (row,) = scored(content)
    assert row["total_points"] == TOTAL
    assert [row[name] for name in HEADER] == ["P1", "80", "-2", "yes", "TRUE", "12.8", "105", "否"]
    assert scored(strict(content)) == [row]


def test_table_that_begins_at_b3_under_merged_titles() -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["B1"] = "检验结果"
    sheet.merge_cells("B1:I1")
    for row, cells in enumerate((HEADER, PATIENT, (*PATIENT[:5], "溶血", *PATIENT[6:])), start=3):
        for column, cell in enumerate(cells, start=2):
            sheet.cell(row, column, cell)
    good, wrong = scored(saved(book))
    assert good["total_points"] == TOTAL
    assert wrong["error"].startswith('Row 5, column pdw_fl: "溶血"')


def test_head_merged_over_two_rows() -> None:
    book, sheet = book_of(
        ("", "", "", "", "", "PDW (fL)", "血氯(mmol/L)", ""),
        PATIENT,
        header=("编号", "年龄", "T值", "外伤史", "后筋膜水肿", "检验", "", "中部高度恢复"),
    )
    for column in "ABCDEH":
        sheet.merge_cells(f"{column}1:{column}2")
    sheet.merge_cells("F1:G1")
    assert scored(saved(book))[0]["total_points"] == TOTAL


@pytest.mark.parametrize("number_format", ["0.0%", "0%", '0.0" %"', "0.00\\%"])
def test_per_cent_is_never_fl(number_format: str) -> None:
    value = 0.168 if number_format.endswith("0%") else 16.8
    (row,) = scored(with_cell("F2", value, number_format))
    assert row["pdw_fl"] == "16.8%"
    assert '"16.8%" has another unit' in row["error"]


def test_formula_without_a_stored_result_is_not_computed() -> None:
    (row,) = scored(with_cell("F2", "=12+0.8"))
    assert "is a formula without a stored result" in row["error"]
    # Nor does the result file have it as a formula.
    assert row["pdw_fl"] == "'=12+0.8"


def test_formula_with_a_stored_result() -> None:
    content = with_cell("F2", "=12+0.8")
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(part)
    assert b"<f>12+0.8</f><v />" in sheet or b"<f>12+0.8</f><v></v>" in sheet
    for empty in (b"<v />", b"<v></v>"):
        sheet = sheet.replace(b"<f>12+0.8</f>" + empty, b"<f>12+0.8</f><v>12.800000000000001</v>")
    (row,) = scored(repacked(content, xl__worksheets__sheet1=sheet))
    assert row["pdw_fl"] == "12.8"
    assert row["total_points"] == TOTAL


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("#N/A", "is an error of the spreadsheet"),
        ("<6", "is a limit"),
        ("溶血", "is not a number"),
        ("**.*", "is not a number"),
        (None, "the value is missing"),
        (True, '"TRUE" is not a number'),
    ],
)
def test_cell_that_is_no_value(value: Any, said: str) -> None:
    assert said in scored(with_cell("F2", value))[0]["error"]


def test_value_that_became_a_date() -> None:
    (row,) = scored(with_cell("F2", date(2026, 10, 5), 'm"月"d"日"'))
    assert '"2026-10-05" is not a number' in row["error"]


def test_text_cells_are_read_as_typed() -> None:
    book, _sheet = book_of(("P1", "80岁", "－2．0", "有", "是", "12，8", "105 mmol/L", "未恢复"))
    assert scored(saved(book))[0]["total_points"] == TOTAL


def test_dates_are_written_as_days() -> None:
    header = (*HEADER, "手术日期", "时间")
    day = datetime(2026, 3, 14, 9, 30)
    book, sheet = book_of((*PATIENT, date(2026, 3, 14), day), (*PATIENT, 46095, 0.5), header=header)
    sheet["I3"].number_format = "[$-804]yyyy年m月d日"
    row, chinese = scored(saved(book))
    assert (row["手术日期"], row["时间"]) == ("2026-03-14", "2026-03-14 09:30:00")
    assert (chinese["手术日期"], chinese["时间"]) == ("2026-03-14", "0.5")


def test_number_of_a_patient_keeps_the_zeros_that_are_shown() -> None:
    assert scored(with_cell("A2", 123, "000000"))[0]["id"] == "000123"


def _with_shared_texts(content: bytes, texts: str) -> bytes:
    """The identifier of the patient as the shared text 0."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels")
    inline = b'<c r="A2" t="inlineStr"><is><t>P1</t></is></c>'
    assert inline in sheet
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    added = f'<Relationship Id="rId99" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = sheet.replace(inline, b'<c r="A2" t="s"><v>0</v></c>')
            if name == "xl/_rels/workbook.xml.rels":
                part = relations.replace(b"</Relationships>", added.encode())
            new.writestr(name, part)
        new.writestr("xl/sharedStrings.xml", texts)
    return made.getvalue()


def test_cells_without_a_reference_stand_behind_those_that_are_empty() -> None:
    content = saved(book_of((*PATIENT[:1], None, *PATIENT[2:]))[0])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="C2"' in sheet
    bare = re.sub(r'<c r="[A-Z]+\d+"', "<c", sheet.replace('<c r="C2"', '<c/><c r="C2"'))
    (row,) = scored(repacked(content, xl__worksheets__sheet1=bare.encode()))
    assert (row["age_years"], row["t_score"], row["mvh_restored"]) == ("", "-2", "否")


def test_characters_that_xml_writes_in_another_way() -> None:
    texts = "<sst><si><t>王_x000D_\n秀兰_x005F_x000D__xD83D_</t></si></sst>"
    (row,) = scored(_with_shared_texts(saved(book_of(PATIENT)[0]), texts))
    assert row["id"] == "王\r\n秀兰_x000D__xD83D_"
    assert scored(with_cell("F2", "12.8_x000D_"))[0]["total_points"] == TOTAL


def test_shared_text_without_its_pronunciation() -> None:
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>王</t>'
        '</r><r><rPr><b/></rPr><t xml:space="preserve">秀兰 </t></r><rPh sb="0" eb="1"><t>おう</t>'
        "</rPh></si></sst>"
    )
    (row,) = scored(_with_shared_texts(saved(book_of(PATIENT)[0]), texts))
    assert row["id"] == "王秀兰 "
    assert row["total_points"] == TOTAL


def test_one_sheet_of_several() -> None:
    book, _sheet = book_of(PATIENT)
    notes = book.create_sheet("说明", 0)
    notes["A1"] = "年龄 in completed years"
    assert scored(saved(book))[0]["total_points"] == TOTAL
    other = book.create_sheet("2026")
    for row in (HEADER, (*PATIENT[:1], 81, *PATIENT[2:])):
        other.append(list(row))
    assert refusal(saved(book)).code == "several_sheets"
    assert scored(saved(book), sheet="2026")[0]["age_years"] == "81"
    assert refusal(saved(book), sheet="2025").code == "no_sheet"


def test_bombs_and_broken_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    content = saved(book_of(PATIENT)[0])
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert refusal(_with_shared_texts(content, doctype)).code == "not_xlsx"
    assert refusal(_with_shared_texts(content, "<sst/>")).code == "not_xlsx"
    assert refusal(repacked(content, xl__workbook=b"<workbook")).code == "not_xlsx"
    assert refusal(content[: len(content) // 2]).code == "not_xlsx"
    assert refusal(repacked(content, xl__worksheets__sheet1=b"")).code == "not_xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_rows, "MOST_TEXT_BYTES", 100)
        texts = _with_shared_texts(content, "<sst>" + " " * 100 + "</sst>")
        assert refusal(texts).code == "unpacked_too_large"
    bomb = repacked(content, padding=b"\0" * 2_000_000)
    monkeypatch.setattr(xlsx_rows, "MOST_UNPACKED_BYTES", 1_000_000)
    # The sizes alone are read.
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_arguments: pytest.fail("unpacked"))
    assert refusal(bomb).code == "unpacked_too_large"


def _large(rows: int) -> bytes:
    content = saved(book_of(PATIENT)[0])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    begin = sheet.index('<row r="2"')
    end = sheet.index("</sheetData>")
    row = sheet[begin:end]
    copies = (
        row.replace('r="2"', f'r="{number}"').replace('2"', f'{number}"')
        for number in range(2, rows + 2)
    )
    whole = (sheet[:begin] + "".join(copies) + sheet[end:]).encode()
    return repacked(content, xl__worksheets__sheet1=whole)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows() -> None:
    peaks = []
    for rows in (6_000, 24_000):
        stream = io.BytesIO(_large(rows))
        tracemalloc.start()
        count = sum(len(block.rows) for block in Table(stream, RONG_2025).blocks())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == rows
    assert peaks[1] < 1.3 * peaks[0]
