"""Which results are those of a predictor: LOINC, a site's own codes, and names that devices send.

LOINC codes with their names: 32207-3 Platelet distribution width [Entitic volume] in Blood by
Automated count; 2075-0 Chloride [Moles/volume] in Serum or Plasma; 38267-1 DXA Lumbar spine
[T-score]. docs/behaviour.md says how others are used and misused.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from scoring.laboratory.reasons import Unusable
from scoring.nomogram.rong2025.model import BMD, CHLORIDE, PDW

# Where bone density was measured, beside the sites of the form.
SPINE, HIP, FEMUR = "lumbar_spine", "hip", "femur"


class Item(NamedTuple):
    """The predictor a result is of; ``unusable`` where the code says that it can't be used.

    ``needs_specimen``: the code does not say that it was measured in serum or plasma.
    """

    field: str
    site: str = ""
    unusable: Unusable | None = None
    needs_specimen: bool = False


def _refused(field: str, why: Unusable, codes: str) -> dict[str, Item]:
    return {code: Item(field, unusable=why) for code in codes.split()}


_LOINC = {
    "32207-3": Item(PDW.field),
    "2075-0": Item(CHLORIDE.field),
    "38267-1": Item(BMD.field, SPINE),
    **{code: Item(BMD.field, HIP) for code in ("38264-8", "80946-7", "80945-9")},
    **{code: Item(BMD.field, FEMUR) for code in ("38263-0", "80948-3", "80947-5")},
    **_refused(PDW.field, Unusable.CODE_RATIO, "51631-0"),
    **_refused(CHLORIDE.field, Unusable.CODE_BLOOD, "2069-3"),
    # Radius and ulna, calcaneus.
    **_refused(BMD.field, Unusable.CODE_SITE, "38265-5 38266-3 80950-9 80949-1"),
    **_refused(
        BMD.field,
        Unusable.CODE_DENSITY,
        "24966-4 24701-5 38261-4 46278-8 46279-6 46383-6",
    ),
    **_refused(
        BMD.field,
        Unusable.CODE_Z_SCORE,
        "85394-5 80933-5 80934-3 80937-6 80938-4 80939-2 80940-0 80932-7 80941-8",
    ),
}
_LOINC_SHAPE = re.compile(r"\d{1,6}-\d")
_NAMES = {
    **dict.fromkeys(("pdw", "v_pdw", "血小板分布宽度"), Item(PDW.field)),
    **dict.fromkeys(
        ("cl", "cl-", "chloride", "氯", "氯离子", "氯化物"),
        Item(CHLORIDE.field, needs_specimen=True),
    ),
    **dict.fromkeys(("血清氯", "血浆氯"), Item(CHLORIDE.field)),
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
        # Of something else, whatever it is called: 32208-1 is called PDW, too.
        return None
    return next((_NAMES[text.casefold()] for text in texts if text.casefold() in _NAMES), None)
