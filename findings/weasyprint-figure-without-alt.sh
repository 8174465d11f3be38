#!/usr/bin/env bash
# WeasyPrint 70.0, PDF/UA-1: a drawing without a text alternative passes in silence if it is inline.
#
# An <img> without alternative text is reported as an error. The same drawing as an inline <svg>
# becomes a Figure without /Alt, which PDF/UA forbids, and nothing is logged. A direct <title> in
# the <svg> becomes the /Alt. An <img alt=""> (decorative in HTML) is reported as well and becomes
# a Figure without /Alt: it can't be marked as decorative that way.
# Needs Debian's Pango (libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check weasyprint==70.0 pypdf==7.1.0
cd "$folder"
venv/bin/python - <<'PYTHON'
import io
import logging

import pypdf
import weasyprint

SIZE = 'xmlns="http://www.w3.org/2000/svg" width="20" height="20"'
DRAWINGS = {
    "inline svg": f'<svg {SIZE}><rect width="9" height="9"/></svg>',
    "inline svg with title": f'<svg {SIZE}><title>bar</title><rect width="9" height="9"/></svg>',
    'img alt=""': f"<img alt=\"\" src='data:image/svg+xml,<svg {SIZE}></svg>'>",
}
# Number of messages, and the /Alt of the Figure.
STATED = {"inline svg": (0, None), "inline svg with title": (0, "bar"), 'img alt=""': (1, None)}


def figures(element):
    element = element.get_object()
    if isinstance(element, list):
        for each in element:
            yield from figures(each)
    elif isinstance(element, dict):
        if element.get("/S") == "/Figure":
            yield element.get("/Alt")
        elif "/K" in element:
            yield from figures(element["/K"])


print("WeasyPrint", weasyprint.__version__)
for name, drawing in DRAWINGS.items():
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logging.getLogger("weasyprint").addHandler(handler)
    page = f'<!doctype html><html lang="en"><head><title>t</title></head><body><p>{drawing}</p>'
    pdf = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    logging.getLogger("weasyprint").removeHandler(handler)
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    [alternative] = figures(root["/StructTreeRoot"]["/K"])
    messages = len(said.getvalue().splitlines())
    print(f"{name}: {messages} messages, /Alt {alternative!r}")
    assert (messages, alternative) == STATED[name], name
PYTHON
