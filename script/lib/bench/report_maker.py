"""Makes reports in the build that stands in the current folder, one for each line it reads.

``script/bench --reports`` starts it by its path, also in another checkout: it uses only what every
build has. In comes the key of an assessment, out goes ``{"ms": 214.3, "html": "…"}``.
"""

import json
import os
import sys
import time

import django


def main() -> None:
    """Answer until the input ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rbpsite.settings"
    sys.path.insert(0, os.getcwd())
    django.setup()
    from scoring.models import Assessment
    from scoring.report.pdf import report_html
    from scoring.report.renderer import pdf_of

    for line in sys.stdin:
        began = time.perf_counter()
        assessment = Assessment.objects.select_related("patient", "chain").get(pk=line.strip())
        html = report_html(assessment, printed_by="Dr Bench", ward="Hospital, Ward 7")
        pdf = pdf_of(html)
        milliseconds = (time.perf_counter() - began) * 1000
        if not pdf.startswith(b"%PDF"):
            raise SystemExit("No PDF was made.")
        print(json.dumps({"ms": milliseconds, "html": html}), flush=True)


if __name__ == "__main__":
    main()
