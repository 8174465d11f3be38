#!/usr/bin/env bash
# python-calamine 0.9.1 and openpyxl 3.1.5: what a spreadsheet shows of a cell, and they don't tell.
#
# Both: a formula without a stored result is an empty cell, as if nothing had been entered.
# calamine: 16.8 % is 0.168, and #N/A an empty text; a table that begins at B3 is given as if it
# began at A1, so that row numbers in messages are wrong.
# openpyxl: the built-in date formats of Chinese Excel (27 to 36, 50 to 58) are plain numbers, and a
# Strict Open XML workbook has no sheets, without an error.
# Who scores patients from such files has to read number formats and formulas from the XML.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q -q --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import re
import warnings
import zipfile

import openpyxl
import python_calamine

warnings.simplefilter("ignore")

book = openpyxl.Workbook()
sheet = book.active
for place, value in {"B3": 0.168, "C3": "=1+1", "D3": "#N/A", "E3": 46095}.items():
    sheet[place] = value
sheet["B3"].number_format = "0.0%"
sheet["E3"].number_format = "yyyy-mm-dd"
book.save("made.xlsx")


def rewritten(name, change):
    with zipfile.ZipFile("made.xlsx") as old, zipfile.ZipFile(name, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part)))


def chinese(part, content):
    """Format 31, yyyy年m月d日 in a Chinese Excel, in place of the one with its code."""
    return re.sub(rb'<xf numFmtId="165"', b'<xf numFmtId="31"', content)


def strict(part, content):
    return content.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    ).replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


rewritten("strict.xlsx", strict)
rows = python_calamine.CalamineWorkbook.from_path("made.xlsx").get_sheet_by_index(0).to_python()
print("calamine:", rows)
assert len(rows) == 1, "B3 is told as row 1"
assert rows[0][:3] == [0.168, "", ""]

cells = openpyxl.load_workbook("made.xlsx", data_only=True, read_only=True).active
found = [cell.value for cell in next(cells.iter_rows(min_row=3))]
print("openpyxl:", found)
assert found[2] is None, "a formula without a result is told"

rewritten("chinese.xlsx", chinese)
day = openpyxl.load_workbook("chinese.xlsx").active["E3"].value
print("openpyxl, a date in format 31:", repr(day))
assert day == 46095

print("sheets of the strict workbook:", openpyxl.load_workbook("strict.xlsx").sheetnames)
assert openpyxl.load_workbook("strict.xlsx").sheetnames == []
PYTHON
