"""The marks of the nomogram as stops of the keyboard, with their values."""

import pytest

from scoring.charts import nomogram_svg
from tests import worked_example as worked
from tests.charts.drawings import SVG, TENTH, circles, parsed, patient


def test_each_mark_can_have_the_focus_and_says_its_value() -> None:
    root = parsed(nomogram_svg(patient(), layout="wide", uid="n"))
    hidden, marks = root.findall(f"{SVG}g")
    assert hidden.attrib == {"aria-hidden": "true"}
    assert [mark.attrib["aria-label"] for mark in marks] == [
        "Age 80 y: 19.00 points",
        "Bone mineral density |T| > 3.5: no: 16.32 points",
        "Trauma history yes: 19.58 points",
        "Posterior fascia edema on MRI: yes: 44.21 points",
        "Platelet distribution width 12.8 fL: 23.60 points",
        "Serum chloride 105 mmol/L: 25.50 points",
        "Middle vertebral height not restored: 35.68 points",
        "Total 183.89 points",
        f"Risk {worked.RISK}, approximate 95 % CI {worked.CI95}",
    ]
    assert [mark.attrib["tabindex"] for mark in marks] == ["0", *["-1"] * 8]
    assert {mark.attrib["role"] for mark in marks} == {"img"}
    # Each lies on the dot that is seen.
    for mark, (x, y, _filled) in zip(marks, circles(root), strict=True):
        assert float(mark.attrib["x"]) + 12 == pytest.approx(x, abs=TENTH)
        assert float(mark.attrib["y"]) + 12 == pytest.approx(y, abs=TENTH)


def test_while_provisional_both_marks_say_which_they_are() -> None:
    _hidden, marks = parsed(
        nomogram_svg(patient(mvh_restored=None), layout="narrow", uid="n")
    ).findall(f"{SVG}g")
    assert [mark.attrib["aria-label"] for mark in marks][6:] == [
        "Middle vertebral height restored: 0.00 points",
        "Middle vertebral height not restored: 35.68 points",
        "restored: total 148.21 points",
        "not restored: total 183.89 points",
        f"restored: risk {worked.RISK_RESTORED}, approximate 95 % CI {worked.CI95_RESTORED}",
        f"not restored: risk {worked.RISK}, approximate 95 % CI {worked.CI95}",
    ]


def test_on_paper_it_is_one_picture() -> None:
    assert "tabindex" not in nomogram_svg(patient(), layout="print", uid="n")
