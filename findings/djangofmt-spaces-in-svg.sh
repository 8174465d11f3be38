#!/usr/bin/env bash
# djangofmt 1.1.0: formatting a template changes what an SVG drawing says.
#
# In HTML the formatter keeps the white space between inline elements, since it is seen. In SVG it
# puts adjacent <tspan>s on lines of their own, and SVG draws the line break as a space: "12.8" and
# "/100" become "12.8 /100". Compare drawings before and after formatting, and keep such a line
# with {# djangofmt: ignore[format] #}.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check djangofmt==1.1.0
cd "$folder"
echo '<p><b>12.8</b><i>/100</i></p>' >page.html
echo '<svg><text x="1" y="9"><tspan>12.8</tspan><tspan>/100</tspan></text></svg>' >drawing.html
venv/bin/djangofmt --version
venv/bin/djangofmt page.html drawing.html || true
venv/bin/python - <<'PYTHON'
import re
from pathlib import Path

html, svg = Path("page.html").read_text(), Path("drawing.html").read_text()
print(html + svg)
assert re.search(r"</b><i>", html), "HTML is spaced out, too"
assert re.search(r"</tspan>\s+<tspan>", svg), "the parts of the text stay together now"
PYTHON
