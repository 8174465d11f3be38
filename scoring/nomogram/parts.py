"""What the description of a predictor is put together from."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from scoring.nomogram.logistic import Values


class Range(NamedTuple):
    """A closed range; both ends belong to it."""

    low: float
    high: float


class OtherUnit(NamedTuple):
    """A unit in UCUM, and how many of it make one of the scored; None where that can't be said."""

    unit: str
    per_unit: float | None


class YesNoPoints(NamedTuple):
    """Points of a predictor that is yes or no."""

    yes: float
    no: float

    def of(self, yes: Values) -> Values:
        """The points of an answer; ``yes`` is 1.0 or 0.0."""
        # Where one is 0, its product is left out: that changes no bit and spares a cohort time.
        if self.no == 0.0 <= self.yes:
            return self.yes * yes
        if self.yes == 0.0 <= self.no:
            return self.no * (1.0 - yes)
        return self.yes * yes + self.no * (1.0 - yes)


class StudyLimit(NamedTuple):
    """A limit of the study's own for a number; above it there is a caution with this code."""

    at_most: float
    caution: str


class UnknownAs(NamedTuple):
    """Names of the two outcomes of an answer that may not be known yet."""

    yes: str
    no: str


class AxisEnd(NamedTuple):
    """An end of a predictor's axis: a value (1.0 is yes, 0.0 no) and its points."""

    value: float
    points: float


class Timing(Enum):
    """On which side of the operation the day of a value may lie; that day itself fits both."""

    BEFORE = auto()
    ANY = auto()
    AFTER = auto()


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What is recorded beside a value: the names of the fields, "" where there is none.

    ``date_field``: the day the value is of, as ``timing`` allows. ``quantity``: what a number is
    called without its unit; the number is kept as it was typed, too. ``unit_field``: the unit it
    was reported in, where laboratories use several and only the predictor's own is scored.
    ``site_field``: where on the body it was measured.
    """

    date_field: str
    timing: Timing = Timing.BEFORE
    quantity: str = ""
    unit_field: str = ""
    site_field: str = ""

    @property
    def typed_field(self) -> str:
        """The number as it was typed."""
        return f"{self.quantity}_entered" if self.quantity else ""
