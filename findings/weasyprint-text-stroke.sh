#!/usr/bin/env bash
# WeasyPrint 70.0: text that is drawn as an outline in the browser leaves no ink on the paper.
#
# A common way to write VOID across a page is transparent letters with -webkit-text-stroke.
# Browsers draw the outline. WeasyPrint ignores the property without a message, keeps the letters
# transparent and still writes them into the text layer: a test that searches the PDF's text finds
# the word, and a reader of the paper does not.
# Needs Debian's Pango (libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0) and poppler-utils.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check weasyprint==70.0
cd "$folder"
venv/bin/python - <<'PYTHON'
import io
import logging

import weasyprint

said = io.StringIO()
logging.getLogger("weasyprint").addHandler(logging.StreamHandler(said))
page = """<!doctype html><html lang="en"><head><title>t</title><style>
@page { size: 100mm 40mm; margin: 0 }
body { margin: 5mm; font: bold 20mm sans-serif; color: transparent;
       -webkit-text-stroke: 1pt black }
</style></head><body>VOID</body></html>"""
weasyprint.HTML(string=page).write_pdf("page.pdf")
print("WeasyPrint", weasyprint.__version__)
print("messages about the stylesheet:", repr(said.getvalue()))
assert said.getvalue() == "", "the property is mentioned now"
PYTHON
text=$(pdftotext page.pdf - | tr -d '[:space:]')
pdftoppm -r 50 -gray page.pdf page
darkest=$(venv/bin/python -c 'import pathlib; print(min(pathlib.Path("page-1.pgm").read_bytes()[15:]))')
echo "text layer: $text; darkest pixel of the page: $darkest (255 is white)"
[ "$text" = VOID ]
[ "$darkest" = 255 ]
echo "As stated: the word can be found by text search and can't be seen."
