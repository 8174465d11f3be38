"""Risk models: the published one, and those made from a cohort and kept in a file."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.evaluation.cohort_file import CohortFile
from scoring.nomogram import MODEL, Cohort, Predictor, risk_at, total_points
from scoring.nomogram.reconstructed import K_POINTS_PER_LOGIT, P50_POINTS
from scoring.statistics import Line
from scoring.statistics.development import Development
from scoring.statistics.exchange import nomogram_as_dict
from scoring.statistics.logistic import risk_of_logit

FORMAT = "rbp-risk-model"
VERSION = 1
INTERCEPT = "intercept"


class ModelFileError(ValueError):
    """A file that holds no model this program can use. ``code``: "not_json", "not_a_model"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def model_label(identifier: str, version: str) -> str:
    """Identifier and version in one, as aggregates carry it."""
    return f"{identifier} version {version}"


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
            published: NDArray[np.float64] = risk_at(total_points(covariates))
            return published
        logit = np.full(len(cohort), self.coefficients[INTERCEPT])
        for predictor, values in zip(Predictor, covariates, strict=True):
            logit += self.coefficients.get(predictor.value, 0.0) * values
        return risk_of_logit(logit)


PUBLISHED = RiskModel(
    MODEL.identifier, MODEL.version, MODEL.name, Line(P50_POINTS, K_POINTS_PER_LOGIT), None
)


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
    """The model of a file. Raises ModelFileError; a changed coefficient is "not_a_model"."""
    try:
        fields = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ModelFileError("not_json") from None
    try:
        return _checked(fields)
    except (KeyError, TypeError, AttributeError):
        raise ModelFileError("not_a_model") from None


def _checked(fields: Any) -> RiskModel:
    coefficients = {name: _finite(value) for name, value in fields["coefficients"].items()}
    nomogram, made_from = fields["nomogram"], fields["made_from"]
    marks = made_from["sha256"], made_from["patients_sha256"]
    right = (
        fields["format"] == FORMAT
        and fields["format_version"] == VERSION
        and INTERCEPT in coefficients
        and len(coefficients) > 1
        and {INTERCEPT, *Predictor}.issuperset(coefficients)
        and fields["version"] == mark_of(coefficients)
        and isinstance(fields["name"], str)
        and fields["identifier"] == "refit"
        and all(isinstance(mark, str) for mark in marks)
    )
    line = Line(_finite(nomogram["p50"]), _finite(nomogram["points_per_logit"]))
    if not right or line.k <= 0.0:
        raise ModelFileError("not_a_model")
    return RiskModel(
        fields["identifier"],
        fields["version"],
        fields["name"],
        line,
        coefficients,
        frozenset(marks),
    )


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
