"""A nomogram as a value: predictors, the line from points to risk with its uncertainty, the study.

Functions with ``Values`` take floats for one patient or float arrays of one shape for a cohort,
and return the same. Nothing is rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from scoring.nomogram.cohort import Cohort, CohortResult
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.evidence import Citation, Evidence, OutcomeRate
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.line_uncertainty import KNOWN_LINE, LineUncertainty
from scoring.nomogram.logistic import Z95, FloatArray, Interval, Line, Values, risk_of_logit
from scoring.nomogram.parts import AxisEnd, Provenance
from scoring.nomogram.predictor import Caution, Column, NumericPredictor, Predictor, YesNo


def model_label(identifier: str, version: str) -> str:
    """Identifier and version in one, as aggregates carry it."""
    return f"{identifier} version {version}"


class PredictorAxis(NamedTuple):
    """A predictor's axis of the nomogram: its ends, fewest points first."""

    predictor: Predictor
    fewest: AxisEnd
    most: AxisEnd


@dataclass(frozen=True)
class Scenario:
    """The risk of one patient, with everything known or one outcome of the late predictor assumed.

    ``code``: "final", or while the late predictor is not known "if_" and the name of its outcome.
    ``late_answer`` is the answer to the late predictor, None in a model without one. ``points`` by
    predictor, all known. ``cutoff`` is the model's.
    """

    code: str
    late_answer: bool | None
    points: Mapping[str, float]
    total_points: float
    risk: float
    ci95: Interval
    band: Interval
    cutoff: float

    @property
    def at_or_above_cutoff(self) -> bool:
        """Whether the risk reaches the model's cut-off."""
        return self.risk >= self.cutoff

    @property
    def straddles_cutoff(self) -> bool:
        """Whether the cut-off lies within the band, so that the side depends on it."""
        return self.band.low < self.cutoff <= self.band.high


@dataclass(frozen=True)
class Result:
    """What a model says about one patient: one scenario if final, two if provisional.

    ``points`` by predictor; None of the late predictor while it is not known.
    """

    inputs: Inputs
    points: Mapping[str, float | None]
    scenarios: tuple[Scenario, ...]
    cautions: tuple[Caution, ...]

    @property
    def model(self) -> "Nomogram":
        """The model the result comes from."""
        return self.inputs.model

    @property
    def provisional(self) -> bool:
        """True while the late predictor is not known."""
        late = self.model.late
        return late is not None and self.inputs[late.field] is None


@dataclass(frozen=True, eq=False, kw_only=True)
class Nomogram:
    """A model. Identifier and version are saved with every result.

    ``line`` turns total points into the risk; ``line_uncertainty`` says what other lines there may
    be, and makes the band. ``covariance`` is that of the coefficients on the logit scale, intercept
    first, then the covariates in the order of the predictors; ``small_sample_variance_factor`` is
    what it is multiplied by for the interval. ``cutoff`` is a risk. ``eligibility`` has the answers
    every patient of the study had. ``total_axis_points`` is the end of the axis of the total in the
    drawing, whole hundreds. ``evidence`` is None where nothing is published. Two models are equal
    only if they are the same object. Raises ValueError if two predictors share a key or a field,
    more than one may be unknown, or the covariance has another shape.
    """

    identifier: str
    version: str
    name: str
    predictors: tuple[Predictor, ...]
    line: Line
    covariance: FloatArray
    cutoff: float
    outcome: OutcomeRate
    eligibility: Mapping[Criterion, Answer]
    citation: Citation
    line_uncertainty: LineUncertainty = KNOWN_LINE
    small_sample_variance_factor: float = 1.0
    total_axis_points: int = 300
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        size = len(self.predictors)
        if len(self.by_key) < size or len(self.by_field) < size:
            raise ValueError("every predictor has a key and a field of its own")
        if sum(predictor.may_be_unknown for predictor in self.predictors) > 1:
            raise ValueError("only one predictor may be unknown")
        if self.covariance.shape != (size + 1, size + 1):
            raise ValueError("the covariance is that of the intercept and every predictor")
        self.covariance.flags.writeable = False

    @property
    def label(self) -> str:
        """Identifier and version in one, as aggregates carry it."""
        return model_label(self.identifier, self.version)

    @cached_property
    def by_key(self) -> Mapping[str, Predictor]:
        """The predictors by their key."""
        return {predictor.key: predictor for predictor in self.predictors}

    @cached_property
    def by_field(self) -> Mapping[str, Predictor]:
        """The predictors by their input field."""
        return {predictor.field: predictor for predictor in self.predictors}

    @cached_property
    def numeric(self) -> Mapping[str, NumericPredictor]:
        """Those whose input is a number, by their input field."""
        return {p.field: p for p in self.predictors if isinstance(p, NumericPredictor)}

    @cached_property
    def late(self) -> YesNo | None:
        """The predictor that may not be known yet, if there is one."""
        late = (p for p in self.predictors if isinstance(p, YesNo) and p.may_be_unknown)
        return next(late, None)

    @cached_property
    def provenances(self) -> Mapping[str, Provenance]:
        """What is recorded beside the inputs, by their field; without those that have nothing."""
        return {p.field: p.provenance for p in self.predictors if p.provenance is not None}

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The input fields in the order of the predictors."""
        return tuple(self.by_field)

    def inputs(self, values: Mapping[str, Any]) -> Inputs:
        """Checked inputs of one patient. Raises RowError, PredictorError."""
        return Inputs(self, values)

    def cohort(self, columns: Mapping[str, Column]) -> Cohort:
        """Checked inputs of many patients. Raises RowError, PredictorError, ValueError."""
        return Cohort(self, columns)

    def covariates(self, inputs: Inputs) -> dict[str, float]:
        """The covariates of one patient by predictor; without the late one while not known."""
        values = ((predictor, inputs[predictor.field]) for predictor in self.predictors)
        return {p.key: p.covariate(value) for p, value in values if value is not None}

    def points(self, covariates: Mapping[str, Values]) -> dict[str, Values]:
        """The points of every predictor whose covariate is given."""
        return {
            key: predictor.points(covariates[key])
            for key, predictor in self.by_key.items()
            if key in covariates
        }

    def total_points(self, covariates: Mapping[str, Values]) -> Values:
        """The sum of the points of all predictors."""
        # In the predictors' order, so that one patient and a cohort add up to the last bit.
        return reduce(add, (p.points(covariates[key]) for key, p in self.by_key.items()))

    def risk(self, points: Values) -> Values:
        """The risk (0 to 1) at these total points."""
        return self.line.risk(points)

    def points_at(self, risk: float) -> float:
        """The total points that have this risk (0 to 1, both exclusive)."""
        return self.line.points_at(risk)

    def band(self, points: Values) -> tuple[Values, Values]:
        """Low and high end of the risk (0 to 1) over the lines that are possible."""
        return self.line_uncertainty.risk_range(self.line, points)

    def logit_variance(self, covariates: Mapping[str, Values]) -> Values:
        """Variance of the logit from the covariance of the coefficients alone."""
        columns: list[Values] = [covariates[key] for key in self.by_key]
        x = np.ones((len(columns) + 1, *np.shape(columns[0])))
        for place, column in enumerate(columns, start=1):
            x[place] = column
        products = self.covariance @ x
        products *= x
        variance: Values = products.sum(axis=0)
        return variance

    def ci95(self, covariates: Mapping[str, Values], points: Values) -> tuple[Values, Values]:
        """Low and high end of the 95 % interval: logit +/- 1.96 SE, then back to risk.

        ``points`` are the total of these covariates. The variance is that of the coefficients,
        times the factor for small samples, and that of the line at these points.
        """
        logit = self.line.logit(points)
        variance = self.small_sample_variance_factor * self.logit_variance(covariates)
        half_width = Z95 * np.sqrt(variance + self.line_uncertainty.logit_variance(points))
        return risk_of_logit(logit - half_width), risk_of_logit(logit + half_width)

    def at_or_above_cutoff(self, risk: float) -> bool:
        """Whether a risk (0 to 1) reaches the cut-off."""
        return risk >= self.cutoff

    def axes(self) -> tuple[PredictorAxis, ...]:
        """The axes of the predictors, in their order."""
        return tuple(PredictorAxis(predictor, *predictor.axis()) for predictor in self.predictors)

    def cautions(self, inputs: Inputs) -> tuple[Caution, ...]:
        """What to look at in these inputs, in the order of the predictors; empty if nothing."""
        return tuple(c for p in self.predictors for c in p.cautions(inputs[p.field]))

    def assess(self, values: Mapping[str, Any]) -> Result:
        """Points, risk, band and interval of one patient, given inputs or values to be checked.

        Raises RowError, PredictorError.
        """
        if isinstance(values, Inputs) and values.model is self:
            inputs = values
        else:
            inputs = Inputs(self, values)
        known = self.covariates(inputs)
        late = self.late
        if late is not None and late.unknown_as is not None and late.key not in known:
            scenarios = tuple(
                self._scenario(known | {late.key: late.covariate(answer)}, f"if_{name}", answer)
                for name, answer in zip(late.unknown_as, (True, False), strict=True)
            )
        else:
            answer = None if late is None else bool(known[late.key])
            scenarios = (self._scenario(known, "final", answer),)
        points = self.points(known)
        return Result(
            inputs=inputs,
            points={key: points.get(key) for key in self.by_key},
            scenarios=scenarios,
            cautions=self.cautions(inputs),
        )

    def _scenario(
        self, covariates: Mapping[str, float], code: str, late_answer: bool | None
    ) -> Scenario:
        points = self.points(covariates)
        total = reduce(add, points.values())
        return Scenario(
            code=code,
            late_answer=late_answer,
            points=points,
            total_points=total,
            risk=float(self.risk(total)),
            ci95=Interval(*map(float, self.ci95(covariates, total))),
            band=Interval(*map(float, self.band(total))),
            cutoff=self.cutoff,
        )

    def assess_cohort(self, columns: Cohort | Mapping[str, Column]) -> CohortResult:
        """Points, risk, band and interval of many patients of whom everything is known.

        Raises RowError, PredictorError, ValueError.
        """
        return CohortResult(columns if isinstance(columns, Cohort) else Cohort(self, columns))
