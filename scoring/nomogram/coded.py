"""What other systems call a predictor: codes, names and units, and what is mistaken for it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


class Mistaken(StrEnum):
    """What a code stands for that is mistaken for a predictor."""

    RATIO = "ratio"
    OTHER_CELLS = "other_cells"
    WHOLE_BLOOD = "whole_blood"
    OTHER_SITE = "other_site"
    DENSITY = "density"
    Z_SCORE = "z_score"


class Loinc(NamedTuple):
    """A LOINC code that is the predictor, its name, and the part of the body that it says."""

    code: str
    name: str = ""
    site: str = ""


@dataclass(frozen=True, kw_only=True)
class Coded:
    """How other systems code, name and measure one predictor.

    ``loinc``: the codes that are it; of each site the first is sent, with its name. ``mistaken``:
    LOINC codes of something else. ``units``: the spellings of its unit, as ``plain_unit`` gives
    them. ``other_range``: where a laboratory prints this reference range, the number is another
    quantity, whatever unit stands beside it. ``category``: of FHIR's observations.

    ``result_names``: what devices call it, in small letters; ``unclear_names``: those that don't
    say that it was measured in serum or plasma. ``english_headers`` and ``chinese_headers``: the
    names of its column in tables.
    """

    loinc: tuple[Loinc, ...] = ()
    mistaken: Mapping[str, Mistaken] = field(default_factory=lambda: MappingProxyType({}))
    units: frozenset[str] = frozenset()
    other_range: tuple[Decimal, Decimal] | None = None
    category: str = "exam"
    result_names: tuple[str, ...] = ()
    unclear_names: tuple[str, ...] = ()
    english_headers: tuple[str, ...] = ()
    chinese_headers: tuple[str, ...] = ()

    def has_unit(self, text: str) -> bool:
        """Whether a unit, as it was sent, is the predictor's."""
        return plain_unit(text) in self.units


def names_gsd(unit: str) -> bool:
    """Whether a unit says that a width is ten times a geometric standard deviation."""
    return "gsd" in plain_unit(unit)


def range_ends(text: str) -> tuple[Decimal, ...]:
    """The numbers of a reference range as it is printed: 15.0-17.0."""
    return tuple(Decimal(end.replace(",", ".")) for end in _NUMBER.findall(text))


def plain_unit(text: str) -> str:
    """A unit in small letters, without spaces and marks of powers: µm^3 and um3 are left apart."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().replace("^", "")
