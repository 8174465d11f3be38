"""The seven inputs of one patient: types, units, domains, cautions.

Numbers are checked as they come (``float``, ``int`` or ``Decimal``); nothing is parsed, clipped,
defaulted or converted here.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from scoring.nomogram import publication as paper
from scoring.nomogram.publication import Predictor, Range

Number: TypeAlias = float | Decimal


@dataclass(frozen=True)
class Measure:
    """A numeric input: UCUM unit, domain of the score, central 95 % of the training cohort."""

    field: str
    unit: str
    domain: Range
    central: Range | None


MEASURES: dict[str, Measure] = {
    measure.field: measure
    for measure in (
        Measure("age_years", "a", paper.AGE_DOMAIN_YEARS, paper.AGE_CENTRAL_YEARS),
        Measure("t_score", "", paper.T_SCORE_DOMAIN, None),
        Measure("pdw_fl", "fL", paper.PDW_DOMAIN_FL, paper.PDW_CENTRAL_FL),
        Measure(
            "chloride_mmol_l",
            "mmol/L",
            paper.CHLORIDE_DOMAIN_MMOL_L,
            paper.CHLORIDE_CENTRAL_MMOL_L,
        ),
    )
}

# The input that each predictor of Table 7 is worked out from, in the order of Table 7.
INPUT_OF: dict[Predictor, str] = {
    Predictor.AGE: "age_years",
    Predictor.BMD: "t_score",
    Predictor.TRAUMA_HISTORY: "trauma_history",
    Predictor.POSTERIOR_FASCIA_EDEMA: "posterior_fascia_edema",
    Predictor.PDW: "pdw_fl",
    Predictor.CHLORIDE: "chloride_mmol_l",
    Predictor.MVH: "mvh_restored",
}


class PredictorError(ValueError):
    """An input that cannot be scored.

    Attributes: ``predictor`` is the input field; ``code`` one of "missing", "not_a_number",
    "not_finite", "out_of_range", "not_yes_or_no"; ``value`` what was given; ``low``, ``high`` and
    ``unit`` (UCUM) what is allowed, None and "" for yes/no; ``row`` the index (from 0) in a
    cohort, None for one patient. ``str()`` leaves the value out: patient data stay out of logs.
    """

    def __init__(
        self,
        predictor: str,
        code: str,
        value: object,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        row: int | None = None,
    ) -> None:
        super().__init__(predictor, code, value, low, high, unit, row)
        self.predictor = predictor
        self.code = code
        self.value = value
        self.low = low
        self.high = high
        self.unit = unit
        self.row = row

    def __str__(self) -> str:
        where = "" if self.row is None else f" (row {self.row})"
        return f"{self.predictor}: {self.code}{where}"


def refused(measure: Measure, code: str, value: object, row: int | None = None) -> PredictorError:
    """The error that says what is allowed for a numeric input."""
    low, high = measure.domain
    return PredictorError(measure.field, code, value, low, high, measure.unit, row)


def check_number(field: str, value: object, row: int | None = None) -> float:
    """The value of a numeric input as a float, if it lies in the domain of the score.

    Raises PredictorError: "missing", "not_a_number" (text, bool), "not_finite", "out_of_range".
    """
    measure = MEASURES[field]
    if value is None:
        raise refused(measure, "missing", value, row)
    # A bool is an int to Python: True must not pass for the number 1.
    if isinstance(value, bool) or not isinstance(
        value, int | float | Decimal | np.integer | np.floating
    ):
        raise refused(measure, "not_a_number", value, row)
    try:
        # To float before comparing: Decimal("34.8") is above the double that 34.8 stands for.
        number = float(value)
    except OverflowError as error:
        raise refused(measure, "out_of_range", value, row) from error
    except ValueError as error:  # Decimal("sNaN")
        raise refused(measure, "not_finite", value, row) from error
    if not np.isfinite(number):
        raise refused(measure, "not_finite", value, row)
    if not measure.domain.low <= number <= measure.domain.high:
        raise refused(measure, "out_of_range", value, row)
    return number


def check_yes_no(field: str, value: object, row: int | None = None) -> bool:
    """The answer to a yes/no input. Raises PredictorError: "missing", "not_yes_or_no"."""
    if value is None:
        raise PredictorError(field, "missing", value, row=row)
    if not isinstance(value, bool | np.bool_):
        raise PredictorError(field, "not_yes_or_no", value, row=row)
    return bool(value)


@dataclass(frozen=True, init=False)
class Inputs:
    """The inputs of one patient, checked: no instance exists outside the domain of the score.

    Units: completed years, signed T-score (-2.8), fL, mmol/L. ``mvh_restored`` None: the 24-hour
    radiograph is not in yet. Raises PredictorError for the first input, in the order of Table 7,
    that cannot be scored.
    """

    age_years: float
    t_score: float
    trauma_history: bool
    posterior_fascia_edema: bool
    pdw_fl: float
    chloride_mmol_l: float
    mvh_restored: bool | None

    def __init__(
        self,
        age_years: Number,
        t_score: Number,
        trauma_history: bool,
        posterior_fascia_edema: bool,
        pdw_fl: Number,
        chloride_mmol_l: Number,
        mvh_restored: bool | None,
    ) -> None:
        checked: dict[str, float | bool | None] = {
            "age_years": check_number("age_years", age_years),
            "t_score": check_number("t_score", t_score),
            "trauma_history": check_yes_no("trauma_history", trauma_history),
            "posterior_fascia_edema": check_yes_no(
                "posterior_fascia_edema", posterior_fascia_edema
            ),
            "pdw_fl": check_number("pdw_fl", pdw_fl),
            "chloride_mmol_l": check_number("chloride_mmol_l", chloride_mmol_l),
            "mvh_restored": (
                None if mvh_restored is None else check_yes_no("mvh_restored", mvh_restored)
            ),
        }
        for field, value in checked.items():
            object.__setattr__(self, field, value)


@dataclass(frozen=True)
class Caution:
    """A value that is scored but should be looked at.

    ``code``: "outside_central_95" (outside the central 95 % of the training cohort, ``low`` to
    ``high``) or "t_score_above_osteoporosis" (T above ``high``, the study's criterion).
    ``predictor`` is the input field.
    """

    code: str
    predictor: str
    value: float
    low: float | None
    high: float | None


def cautions_of(field: str, value: float) -> tuple[Caution, ...]:
    """What to look at in one numeric input; empty if nothing."""
    found: list[Caution] = []
    central = MEASURES[field].central
    if central and not central.low <= value <= central.high:
        found.append(Caution("outside_central_95", field, value, *central))
    if field == "t_score" and value > paper.OSTEOPOROSIS_T_SCORE:
        limit = paper.OSTEOPOROSIS_T_SCORE
        found.append(Caution("t_score_above_osteoporosis", field, value, None, limit))
    return tuple(found)


def cautions_for(inputs: Inputs) -> tuple[Caution, ...]:
    """What to look at in these inputs, in the order of Table 7; empty if nothing."""
    return tuple(
        caution for field in MEASURES for caution in cautions_of(field, getattr(inputs, field))
    )
