"""Risk models: the published one, and those made from a cohort and kept in a file."""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.logistic import Line, risk_of_logit
from scoring.nomogram.model import model_label
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics.development import Development, Variable
from scoring.statistics.development.axes import nomogram_on
from scoring.statistics.exchange import nomogram_as_dict
from scoring.study.cohort_file import CohortFile
from scoring.study.development import VARIABLES

T = TypeVar("T")
FORMAT = "rbp-risk-model"
VERSION = 1
INTERCEPT = "intercept"
# Files are at full precision; only sums may be added in another order.
_TOLERANCE = 1e-9


class ModelFileError(ValueError):
    """A file that holds no model this program can use. ``code``: "not_json", "not_a_model"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class RiskModel:
    """A logistic model of the seven predictors of Table 7, or of some of them.

    ``coefficients``: logit per unit (year, fL, mmol/L; yes against no), "intercept" among them;
    None for the published model, whose risks come from its points. ``line``: total points of its
    own nomogram to risk. ``made_from``: SHA-256 of the file it was made from, and of the patients
    in it; empty for the published model.
    """

    identifier: str
    version: str
    name: str
    line: Line
    coefficients: Mapping[str, float] | None
    made_from: frozenset[str] = frozenset()

    def was_made_from(self, patients: CohortFile) -> bool:
        """Whether these are the patients it was made from, saved in another way or not."""
        return not self.made_from.isdisjoint({patients.sha256, patients.patients_sha256})

    @property
    def label(self) -> str:
        """Identifier and version in one, as aggregates carry it."""
        return model_label(self.identifier, self.version)

    def risk(self, cohort: Cohort) -> NDArray[np.float64]:
        """Risks (0 to 1) of a cohort, shape (n,)."""
        covariates = cohort.covariates()
        if self.coefficients is None:
            return RONG_2025.risk(RONG_2025.total_points(covariates))
        logit = np.full(len(cohort), self.coefficients[INTERCEPT])
        for key, values in covariates.items():
            logit += self.coefficients.get(key, 0.0) * values
        return risk_of_logit(logit)


PUBLISHED = RiskModel(RONG_2025.identifier, RONG_2025.version, RONG_2025.name, RONG_2025.line, None)


def model_as_dict(development: Development, *, name: str, made_from: CohortFile) -> dict[str, Any]:
    """A model file; it carries the SHA-256 of the cohort ``made_from``.

    The version is a short mark of the coefficients: another cohort or screen gives another one.
    """
    coefficients = {row.name: row.beta for row in development.coefficients}
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "identifier": "refit",
        "version": mark_of(coefficients),
        "name": name,
        "made_from": {
            "sha256": made_from.sha256,
            "patients_sha256": made_from.patients_sha256,
            "n": development.predictions.n,
            "events": development.predictions.events,
            "screen_alpha": development.screen_alpha,
        },
        "coefficients": coefficients,
        "covariance": development.fit.covariance.tolist(),
        "nomogram": nomogram_as_dict(development.nomogram),
    }


def mark_of(coefficients: Mapping[str, float]) -> str:
    """A short mark that changes with any coefficient."""
    text = json.dumps(coefficients, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def model_from(content: bytes) -> RiskModel:
    """The model of a file.

    Raises ModelFileError: "not_a_model" if a coefficient was changed, or if points and the curve
    do not follow from the coefficients.
    """
    return read(content, _risk_model)


def read(content: bytes, what: Callable[[dict[str, Any]], T]) -> T:
    """What is made of the fields of a file. Raises ModelFileError."""
    try:
        fields = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ModelFileError("not_json") from None
    try:
        return what(fields)
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError):
        raise ModelFileError("not_a_model") from None


def _risk_model(fields: dict[str, Any]) -> RiskModel:
    coefficients = checked_coefficients(fields, RONG_2025.by_key)
    nomogram, made_from = fields["nomogram"], fields["made_from"]
    # Older files know the file alone.
    marks = made_from["sha256"], made_from.get("patients_sha256", made_from["sha256"])
    right = fields["identifier"] == "refit" and all(isinstance(mark, str) for mark in marks)
    if not right:
        raise ModelFileError("not_a_model")
    check_nomogram(nomogram, coefficients, VARIABLES)
    line = Line(_finite(nomogram["p50"]), _finite(nomogram["points_per_logit"]))
    return RiskModel(
        fields["identifier"],
        fields["version"],
        fields["name"],
        line,
        coefficients,
        frozenset(marks),
    )


def checked_coefficients(fields: dict[str, Any], keys: Iterable[str]) -> dict[str, float]:
    """Intercept and coefficients of the predictors with these keys, or of some of them.

    Raises ModelFileError.
    """
    found = {name: _finite(value) for name, value in fields["coefficients"].items()}
    right = (
        fields["format"] == FORMAT
        and fields["format_version"] == VERSION
        and INTERCEPT in found
        and len(found) > 1
        and {INTERCEPT, *keys}.issuperset(found)
        and fields["version"] == mark_of(found)
        and isinstance(fields["name"], str)
    )
    if not right:
        raise ModelFileError("not_a_model")
    return found


def check_nomogram(
    nomogram: dict[str, Any], coefficients: Mapping[str, float], variables: Sequence[Variable]
) -> None:
    """Raise ModelFileError unless points and curve follow from the coefficients."""
    if not _alike(nomogram, _nomogram_of(coefficients, nomogram, variables)):
        raise ModelFileError("not_a_model")


def _nomogram_of(
    coefficients: Mapping[str, float], written: Mapping[str, Any], every: Sequence[Variable]
) -> dict[str, Any]:
    """The nomogram that follows from coefficients and the ends of the axes."""
    variables = tuple(variable for variable in every if variable.name in coefficients)
    ends = []
    for variable in variables:
        axis = written[variable.name]
        low, high = (0.0, 1.0) if variable.binary else (_finite(axis["low"]), _finite(axis["high"]))
        if low >= high:
            raise ModelFileError("not_a_model")
        ends.append((low, high))
    slopes = [coefficients[variable.name] for variable in variables]
    return nomogram_as_dict(nomogram_on(variables, ends, [coefficients[INTERCEPT], *slopes]))


def _alike(written: Any, expected: Any) -> bool:
    """Whether numbers of the same names are equal, but for the order of sums."""
    if isinstance(expected, dict):
        return written.keys() == expected.keys() and all(
            _alike(written[name], part) for name, part in expected.items()
        )
    if isinstance(expected, list):
        return all(_alike(*parts) for parts in zip(written, expected, strict=True))
    return math.isclose(_finite(written), expected, rel_tol=_TOLERANCE, abs_tol=1e-12)


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ModelFileError("not_a_model")
    try:
        number = float(value)
    except OverflowError:
        # JSON knows whole numbers that no double holds.
        raise ModelFileError("not_a_model") from None
    if not math.isfinite(number):
        raise ModelFileError("not_a_model")
    return number
