"""Points, risk and side of the cut-off in a few words, as lists and sheets say them.

Most functions take what a version has of the two: with the height restored, and not restored.
"""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from scoring.display import no_break_spaces, percent_number, points_text, unbroken_per_cent
from scoring.models.codes import State
from scoring.nomogram.logistic import Interval
from scoring.nomogram.rong2025.model import RONG_2025


def total_text(restored: float | None, not_restored: float | None) -> str:
    """Total points; both totals where two are possible: "142.09 or 177.77"."""
    return _either(points_text, restored, not_restored)


def whole_percent_text(risk: float) -> str:
    """A risk (0 to 1) in whole per cent without the sign: "77", "< 1"."""
    return no_break_spaces(percent_number(risk))


def risk_text(restored: float | None, not_restored: float | None) -> str:
    """Risk in whole per cent; both where two are possible: "44 or 77 %"."""
    return unbroken_per_cent(_either(whole_percent_text, restored, not_restored))


def side_text(bands: Sequence[Interval]) -> str:
    """At or above the study's cut-off, below, or what it depends on; from the bands."""
    if any(band.low < RONG_2025.cutoff <= band.high for band in bands):
        return _("depends on reconstruction")
    sides = {RONG_2025.at_or_above_cutoff(band.low) for band in bands}
    if len(sides) == 2:
        return _("depends on MVH")
    return _("at or above") if sides.pop() else _("below")


def state_label(code: str) -> str:
    """The word for the state that a list shows: one of a version's own, or superseded."""
    return _("Superseded") if code == "superseded" else str(State(code).label)


def _either(
    text: Callable[[float], str], restored: float | None, not_restored: float | None
) -> str:
    texts = [text(value) for value in (restored, not_restored) if value is not None]
    if len(texts) == 1:
        return texts[0]
    return _("%(restored)s or %(not_restored)s") % {
        "restored": texts[0],
        "not_restored": texts[1],
    }
