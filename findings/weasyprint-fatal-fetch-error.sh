#!/usr/bin/env bash
# WeasyPrint 70.0: the error that stops a document is no Exception.
#
# A URL fetcher of one's own raises FatalURLFetchingError to refuse a document as a whole. It
# derives from BaseException, like KeyboardInterrupt, and not from Exception or from
# URLFetchingError, whose name suggests it. `except Exception` around write_pdf() does not catch
# it: a worker process that guards itself that way ends with the first refused document.
# Needs Debian's Pango (libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check weasyprint==70.0
"$folder/venv/bin/python" - <<'PYTHON'
import weasyprint
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetchingError


class Refusing(URLFetcher):
    def fetch(self, url, headers=None):
        raise FatalURLFetchingError("refused")


page = '<!doctype html><title>t</title><body><img alt="a" src="https://example.org/a.png">'
caught = "nothing"
try:
    try:
        weasyprint.HTML(string=page, url_fetcher=Refusing()).write_pdf()
    except Exception:
        caught = "Exception"
except BaseException as error:
    caught = f"BaseException alone, {type(error).__name__}"
print("WeasyPrint", weasyprint.__version__, "- caught by", caught)
assert caught == "BaseException alone, FatalURLFetchingError"
assert issubclass(URLFetchingError, Exception)
PYTHON
