"""A version that must not be mistaken for the valid one says so across the page, in ink."""

import numpy as np
import pytest

from scoring.models import Assessment
from tests import cast
from tests.life import acts
from tests.report.paper import printed, render_report, sheets_of

pytestmark = pytest.mark.django_db
# Grey that a monochrome printer shows on white paper.
PALEST_INK = 200


@pytest.mark.parametrize(
    ("changes", "watermark"),
    [({}, ""), ({"change": "void", "state": "voided"}, "VOIDED")],
)
def test_what_is_not_valid_is_marked_across_the_page(
    changes: dict[str, str], watermark: str
) -> None:
    first = cast.recorded()
    second = cast.next_version(first, **changes)
    first.chain.refresh_from_db()
    pages, said = printed(first)
    assert (pages, "SUPERSEDED" in said, "Superseded, version 1" in said) == (1, True, True)
    pages, said = printed(second)
    assert (pages, "SUPERSEDED" in said) == (1, False)
    assert ("VOIDED" in said) is bool(watermark)
    assert "Chloride was read from the wrong sheet" in said
    assert "version 2" in said


def test_the_mark_is_ink_across_the_top_of_the_page() -> None:
    """A word that only the text layer holds protects nobody who reads the paper."""

    def ink(assessment: Assessment) -> int:
        (sheet,) = sheets_of(render_report(acts.read(assessment.pk), printed_by="Dr Bob Keller"))
        height, width = sheet.shape
        top = sheet[height // 12 : 2 * height // 5, width // 6 : 5 * width // 6]
        return int(np.count_nonzero(top < PALEST_INK))

    first = cast.recorded()
    valid = ink(first)
    # The same patient and the same values: the mark and one sentence are all that is added.
    same = acts.amended(first)
    assert ink(first) > valid + 3000
    # A reason moves the rest of the page a little.
    without = ink(same)
    assert abs(without - valid) < 1500
    assert ink(acts.voided(same)) > without + 1500
