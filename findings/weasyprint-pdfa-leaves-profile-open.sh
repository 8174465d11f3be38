#!/usr/bin/env bash
# WeasyPrint 70.0: each PDF/A leaves the file of its color profile open until garbage is collected.
#
# The variants pdf/a-* open sRGB2014.icc for the output intent and never close it. With warnings as
# errors, or in a process that collects no garbage between documents, that is seen: one ResourceWarning
# a document. PDF/UA has no output intent and opens nothing. A profile of one's own, read from memory
# and given to render() with output_intent="srgb", and output_intent="" for write_pdf(), opens nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check weasyprint==70.0
cat >"$folder/leak.py" <<'PYTHON'
import gc
import warnings

from weasyprint import HTML


def left_open(variant):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        HTML(string="<html lang=en><title>-</title><p>-").write_pdf(pdf_variant=variant)
        gc.collect()
    return sum("sRGB2014.icc" in str(each.message) for each in seen)


found = {variant: left_open(variant) for variant in ("pdf/a-3a", "pdf/a-3u", "pdf/ua-1")}
print(found)
assert found == {"pdf/a-3a": 1, "pdf/a-3u": 1, "pdf/ua-1": 0}
PYTHON
"$folder/venv/bin/python" "$folder/leak.py"
