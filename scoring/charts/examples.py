"""Schematic drawings beside the definitions of predictors: what counts, and what does not.

Lines and hatching in one color, so that they hold in print, in the dark and in forced colors.
They are drawn from the words of the definitions; they copy no image and have no scale.
"""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.charts.palette import PRINT_FONTS
from scoring.charts.text import px
from scoring.display import number_text, signed_text
from scoring.nomogram.rong2025.model import BMD
from scoring.words.definitions import Definition
from scoring.words.types import Words

_HEIGHTS_PX = {
    "posterior_fascia_edema": 206,
    "mvh": 202,
    "trauma_history": 136,
    "bmd": 118,
    "pdw": 128,
}
_WORDS: dict[str, dict[str, Words]] = {
    "posterior_fascia_edema": {
        "without_edema": gettext_lazy("No edema"),
        "with_edema": gettext_lazy("Edema of the fascia"),
        "front": pgettext_lazy("side of the body", "front"),
        "back": pgettext_lazy("side of the body", "back"),
        "fascia": gettext_lazy("fascia"),
        "edema": gettext_lazy("edema"),
    },
    "mvh": {"height": gettext_lazy("height in the middle of the fractured vertebra")},
    "trauma_history": {
        "trauma": pgettext_lazy("drawing", "Trauma"),
        "no_trauma": pgettext_lazy("drawing", "No trauma"),
        "fall": gettext_lazy("a clear fall or injury"),
        "neither": gettext_lazy("pain without fall or injury"),
    },
    "bmd": {
        "slip": gettext_lazy("DXA result"),
        "t_score": gettext_lazy("T-score"),
        "enter": gettext_lazy("Enter the sign as well"),
        "on_the_line": gettext_lazy("on the line: not below it"),
    },
    "pdw": {
        "slip": gettext_lazy("Blood count"),
        "enter": gettext_lazy("enter this value"),
        "ask": gettext_lazy("ask the laboratory for fL"),
    },
}
# The line of T-scores: where it begins, and px for each 1.
_FROM_T, _LEFT_PX, _PX_A_POINT = -5, 200, 29


def _at(t_score: float) -> float:
    return px(_LEFT_PX + (t_score - _FROM_T) * _PX_A_POINT)


def _parts(key: str) -> dict[str, object]:
    if key == "posterior_fascia_edema":
        return {"panels": [0, 205]}
    if key == "mvh":
        panels = (
            (0, _("Before surgery"), "", False, False),
            (140, _("After 24 hours"), _("restored"), True, True),
            (280, _("After 24 hours"), _("not restored"), False, True),
        )
        names = ("left", "name", "finding", "is_restored", "has_cement")
        return {"panels": [dict(zip(names, panel, strict=True)) for panel in panels]}
    if key == "bmd":
        text = _("Below %(below)s") % {"below": signed_text(BMD.below)}
        ticks = [{"x": _at(t), "text": number_text(t)} for t in range(_FROM_T, 3)]
        below = {"x": _at(float(BMD.below)), "text": text}
        return {"ticks": ticks, "below": below}
    return {}


def example_svg(definition: Definition, *, ink: str = "currentColor") -> SafeString:
    """The drawing beside a definition; "" where it needs none.

    ``ink`` is the one color of its lines and letters; on a page that of the text around it.
    """
    key = definition.key
    if key not in _HEIGHTS_PX:
        return SafeString()
    return render_to_string(
        f"scoring/charts/examples/{key}.svg",
        {
            **_parts(key),
            "height": _HEIGHTS_PX[key],
            "words": _WORDS[key],
            "title": definition.example,
            "uid": f"example-{definition.field}",
            "ink": ink,
            "fonts": f"{PRINT_FONTS},sans-serif",
        },
    )
