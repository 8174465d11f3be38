"""Names on the report: hostile ones are text, the longest push nothing off the paper."""

import re
import subprocess

import pytest
from django.utils import translation

from tests import cast
from tests import worked_example as worked
from tests.report.paper import printed, render_patient_sheet, render_report

pytestmark = pytest.mark.django_db
A4_POINTS = (595, 842)
# 14 mm, and a point for what a letter overhangs.
MARGIN_POINTS = 38.7
# What printers leave white at the top.
HEAD_POINTS = 10
HOSTILE_NAMES = [
    "<b>Wang</b>",
    "{{ 7*7 }}{% now 'Y' %}",
    '"; } body{display:none} #patient{display:none}',
    "</style><script>alert(1)</script>",
    "url(http://127.0.0.1:9/x.png)",
    "<img src=http://127.0.0.1:9/x.png>",
    "<link rel=stylesheet href=file:///etc/passwd>",
    "&lt;b&gt;&amp;",
    "O'Brien\u202eetar",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_printed_as_text(name: str) -> None:
    pages, said = printed(cast.recorded(cast.person(family_name=name, given_name=name)))
    letters = "".join(name.split()).replace("\u202e", "")
    if "\u202e" not in name:
        assert letters in "".join(said.split())
    for words in ("183.89", f"About {worked.WHOLE} of 100", "H100234", "14-Jul-1944"):
        assert words in said, words
    assert pages == 1


@pytest.mark.parametrize(
    ("family_name", "given_name"), [("王" * 100, "秀" * 100), ("W" * 100, "x" * 100)]
)
def test_the_longest_names_push_nothing_off_the_paper(family_name: str, given_name: str) -> None:
    _, said = printed(cast.recorded(cast.person(family_name=family_name, given_name=given_name)))
    packed = "".join(said.split())
    assert packed.count(family_name[0]) >= 100
    assert packed.count(given_name[0]) >= 100
    for words in ("H100234", "14-Jul-1944", "183.89"):
        assert words in said, words
    pdf = render_report(
        cast.recorded(cast.person("H7", family_name=family_name, given_name=given_name)),
        printed_by=f"{given_name} B",
        ward=family_name[:80],
    )
    _nothing_is_off_the_paper(pdf)


def _nothing_is_off_the_paper(pdf: bytes, beside: float = MARGIN_POINTS) -> None:
    layout = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    ).stdout.decode()
    right = max(float(x) for x in re.findall(r'xMax="([0-9.]+)"', layout))
    assert right <= A4_POINTS[0] - beside
    boxes = re.findall(r'yMin="([0-9.-]+)" xMax="[0-9.]+" yMax="([0-9.]+)"', layout)
    assert min(float(top) for top, _ in boxes) > HEAD_POINTS
    assert max(float(bottom) for _, bottom in boxes) < A4_POINTS[1]


@pytest.mark.parametrize("letters", [16, 40], ids=["two lines", "three"])
def test_a_long_chinese_name_pushes_nothing_off_a_chinese_paper(letters: int) -> None:
    """Its letters are twice as wide; below the name of the ward it may take a line more."""
    assessment = cast.recorded(cast.person(family_name="阿" * 6, given_name="努" * letters))
    with translation.override("zh-hans"):
        for render in (render_report, render_patient_sheet):
            pdf = render(assessment, printed_by="陈磊医生", ward="演示医院")
            # Chinese letters overhang more.
            _nothing_is_off_the_paper(pdf, beside=MARGIN_POINTS - 2)
