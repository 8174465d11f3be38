"""Which results are a predictor's: by LOINC, a site's own codes, names that devices send."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from scoring.laboratory.reasons import Unusable
from scoring.nomogram.coded import Mistaken
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import RONG_2025


class Item(NamedTuple):
    """The predictor a result is of; ``unusable`` where the code says that it can't be used.

    ``needs_specimen``: the code does not say that it was measured in serum or plasma.
    """

    field: str
    site: str = ""
    unusable: Unusable | None = None
    needs_specimen: bool = False


_UNUSABLE = {
    Mistaken.RATIO: Unusable.CODE_RATIO,
    Mistaken.WHOLE_BLOOD: Unusable.CODE_BLOOD,
    Mistaken.OTHER_SITE: Unusable.CODE_SITE,
    Mistaken.DENSITY: Unusable.CODE_DENSITY,
    Mistaken.Z_SCORE: Unusable.CODE_Z_SCORE,
}
# What follows from other values is no result: the age.
_CODED = {p.field: coded_as(p) for p in RONG_2025.numeric.values() if p.provenance}
_LOINC = {
    **{
        loinc.code: Item(field, loinc.site)
        for field, each in _CODED.items()
        for loinc in each.loinc
    },
    # Widths of red cells are in every blood count, and no result of a predictor.
    **{
        code: Item(field, unusable=_UNUSABLE[what])
        for field, each in _CODED.items()
        for code, what in each.mistaken.items()
        if what in _UNUSABLE
    },
}
_LOINC_SHAPE = re.compile(r"\d{1,6}-\d")
_NAMES = {
    **{name: Item(field) for field, each in _CODED.items() for name in each.result_names},
    **{
        name: Item(field, needs_specimen=True)
        for field, each in _CODED.items()
        for name in each.unclear_names
    },
}


def item_of(texts: list[str], own: Mapping[str, str]) -> Item | None:
    """The predictor of a result by all that names it; None where it is none that is known.

    ``own`` are the site's codes, each with the field of its predictor. A LOINC code says more
    than these, and these more than a name.
    """
    loinc = [text for text in texts if _LOINC_SHAPE.fullmatch(text)]
    for code in loinc:
        if code in _LOINC:
            return _LOINC[code]
    for text in texts:
        if text in own:
            return Item(own[text])
    if loinc:
        # Of something else, whatever it is called: 32208-1 is a distribution width, too.
        return None
    return next((_NAMES[text.casefold()] for text in texts if text.casefold() in _NAMES), None)
