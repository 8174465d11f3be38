"""What can go wrong, by name: a statistic is a number or an error, never a made-up value."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


class StatisticsError(ValueError):
    """What this room refuses; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DataError(StatisticsError):
    """Data that no statistic may be computed from.

    ``code``: "empty", "missing" (None, NaN), "not_a_number", "not_finite", "out_of_range",
    "not_0_or_1", "different_lengths", "wrong_shape", "bad_file", "different_models",
    "same_centre", "same_patients", "synthetic_and_real". ``row`` is the index (from 0) of the
    first offending row, None where that does not apply.
    """

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.row = row

    def __str__(self) -> str:
        return self.code if self.row is None else f"{self.code} (row {self.row})"


class NotEstimableError(StatisticsError):
    """A statistic that these data do not determine.

    ``code``: "no_events", "all_events", "too_few" (observations for a variance or a degree of
    freedom), "too_few_missing" (outcomes, to model which are), "constant_risk",
    "risk_of_0_or_1" (its logit is infinite), "complete_separation"
    (no overlap of risks: the interval of an AUC of 0 or 1), "separation" (a coefficient without
    a finite maximum), "constant_predictor", "collinear", "no_convergence", "no_variation",
    "nothing_significant" (no predictor passes the screen),
    "too_few_groups", "fewer_than_10_events", "fewer_than_10_non_events" (of a subgroup),
    "fewer_than_100_events", "fewer_than_100_non_events", "slope_not_positive",
    "worse_than_chance" (an AUC of 0.5 or less), "nobody_positive" and "nobody_negative" (at a
    threshold), "too_wide" (an interval without a finite end), "nothing_expected" (a sum of risks
    rounded to 0), "same_data" (the model was made from these patients).
    ``column`` is the predictor's column (from 0) where one is to blame.
    """

    def __init__(self, code: str, column: int | None = None) -> None:
        super().__init__(code)
        self.column = column


def found_or_reason(
    reasons: dict[str, str],
    name: str,
    statistic: Callable[_Given, _Found],
    *given: _Given.args,
    **options: _Given.kwargs,
) -> _Found | None:
    """What the statistic finds, or None with the code of the reason under its name."""
    try:
        return statistic(*given, **options)
    except NotEstimableError as error:
        reasons[name] = error.code
        return None
