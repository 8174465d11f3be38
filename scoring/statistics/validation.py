"""Everything about a model on one cohort, each number or the reason why there is none."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from scoring.nomogram.logistic import Interval
from scoring.statistics import bootstrap, calibration, decision_curve, discrimination
from scoring.statistics.calibration import HosmerLemeshow, RiskGroup, RiskHistogram
from scoring.statistics.calibration_curve import CalibrationCurve, calibration_curve
from scoring.statistics.decision_curve import DecisionCurve
from scoring.statistics.discrimination import OperatingPoint, SimplifiedRoc
from scoring.statistics.errors import found_or_reason
from scoring.statistics.intervals import Estimate
from scoring.statistics.predictions import Predictions

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Validation:
    """The statistics of section 2.5; None where ``not_estimable`` has the reason by field name,
    in the order of the fields.

    ``calibration_in_the_large`` is the intercept with the slope held at 1,
    ``calibration_intercept`` and ``calibration_slope`` are those fitted together. ``at_cutoff`` is
    None if no cut-off was given. ``roc``, None with one outcome only, and ``risk_histogram`` are
    for drawing. Nothing in it grows with n. Where ``patients`` are fewer than the ``n``
    rows, the intervals of AUC, O/E, calibration-in-the-large, intercept, slope, smoothed curve and
    net benefit allow for it.
    """

    n: int
    patients: int
    events: int
    auc: float | None
    auc_ci95: Interval | None
    youden: OperatingPoint | None
    at_cutoff: OperatingPoint | None
    observed_expected: Estimate | None
    calibration_in_the_large: Estimate | None
    calibration_intercept: Estimate | None
    calibration_slope: Estimate | None
    brier: float
    scaled_brier: float | None
    hosmer_lemeshow: HosmerLemeshow | None
    risk_groups: tuple[RiskGroup, ...]
    calibration_curve: CalibrationCurve | None
    decision_curve: DecisionCurve | None
    net_benefit_intervals: tuple[Interval, ...] | None
    roc: SimplifiedRoc | None
    risk_histogram: RiskHistogram
    not_estimable: dict[str, str] = field(default_factory=dict)

    @property
    def repeated(self) -> bool:
        """Whether a patient has several rows."""
        return self.patients < self.n

    @property
    def non_events(self) -> int:
        """Number of patients without the outcome."""
        return self.n - self.events


def _thresholds(cutoff: float | None) -> list[float]:
    """Those of the curve, and the cut-off."""
    return sorted({*decision_curve.CURVE_THRESHOLDS, *([] if cutoff is None else [cutoff])})


def validate(
    predictions: Predictions,
    *,
    cutoff: float | None = None,
    resamples: int = bootstrap.RESAMPLES,
    seed: int = bootstrap.SEED,
) -> Validation:
    """Judge predictions. Never raises for degenerate data: see ``not_estimable``."""
    reasons: dict[str, str] = {}

    def found(name: str, statistic: Callable[[Predictions], Found]) -> Found | None:
        return found_or_reason(reasons, name, statistic, predictions)

    # The curve takes as long as all the rest, and numpy lets another thread work beside it.
    with ThreadPoolExecutor(1) as beside:
        curve = beside.submit(calibration_curve, predictions)
        estimate = found("auc_ci95", discrimination.auc_estimate)
        both = found("calibration_slope", calibration.recalibration_fit)
        if both is None:
            reasons["calibration_intercept"] = reasons["calibration_slope"]
        judged = Validation(
            n=predictions.n,
            patients=predictions.patients,
            events=predictions.events,
            auc=found("auc", discrimination.auc),
            auc_ci95=None if estimate is None else estimate.ci95,
            youden=found("youden", discrimination.youden),
            at_cutoff=None
            if cutoff is None
            else found("at_cutoff", lambda these: discrimination.at_threshold(these, cutoff)),
            observed_expected=found("observed_expected", calibration.observed_expected),
            calibration_in_the_large=found(
                "calibration_in_the_large", calibration.calibration_in_the_large
            ),
            calibration_intercept=None if both is None else both.estimate(0),
            calibration_slope=None if both is None else both.estimate(1),
            brier=calibration.brier(predictions),
            scaled_brier=found("scaled_brier", calibration.scaled_brier),
            hosmer_lemeshow=found("hosmer_lemeshow", calibration.hosmer_lemeshow),
            risk_groups=calibration.risk_groups(predictions),
            decision_curve=found(
                "decision_curve",
                lambda these: decision_curve.decision_curve(
                    these, _thresholds(cutoff), resamples=resamples, seed=seed
                ),
            ),
            net_benefit_intervals=found(
                "net_benefit_intervals", decision_curve.net_benefit_intervals
            ),
            calibration_curve=found("calibration_curve", lambda _these: curve.result()),
            roc=discrimination.simplified_roc(predictions)
            if predictions.events and predictions.non_events
            else None,
            risk_histogram=calibration.risk_histogram(predictions),
        )
    order = [one.name for one in fields(Validation)]
    return replace(judged, not_estimable={name: reasons[name] for name in order if name in reasons})
