"""From recorded outcomes to an adjusted curve, with what it was made from."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from scoring import statistics
from scoring.evaluation.calibration_fits import Fits, fits
from scoring.evaluation.calibration_fits import as_dict as fits_as_dict
from scoring.nomogram.logistic import Line
from scoring.nomogram.recalibrated import RecalibratedCurve
from scoring.statistics import bootstrap


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which patients: days of operation, both included, and eligibility; None and "" take all."""

    operated_from: date | None = None
    operated_to: date | None = None
    population: str = ""


@dataclass(frozen=True, eq=False)
class Adjustment:
    """What a cohort's outcomes justify, how it fits them, and a mark of the cohort."""

    found: statistics.RecalibrationFit
    fits: Fits
    n: int
    events: int
    data_sha256: str
    window: Window

    def curve(self, original: Line) -> RecalibratedCurve:
        """The adjusted curve of a model with this line."""
        found, covariance = self.found, self.found.covariance
        return RecalibratedCurve(
            original,
            found.intercept,
            found.slope,
            float(covariance[0, 0]),
            float(covariance[0, 1]),
            float(covariance[1, 1]),
        )

    def evidence(self, original: Line) -> dict[str, Any]:
        """What is kept with a proposal of this curve, and read again from there."""
        found = statistics.recalibration_as_dict(self.found, original)
        return found | {"fits": fits_as_dict(self.fits)}


def adjustment(
    predictions: statistics.Predictions, window: Window, *, resamples: int = bootstrap.RESAMPLES
) -> Adjustment:
    """Choose and fit the adjustment of the published risks. Raises as ``recalibrate``."""
    found = statistics.recalibrate(predictions, resamples=resamples)
    adjusted = predictions.with_risk(found.risk(predictions.risk))
    return Adjustment(
        found=found,
        fits=fits(predictions, adjusted),
        n=predictions.n,
        events=predictions.events,
        data_sha256=fingerprint(predictions),
        window=window,
    )


def fingerprint(predictions: statistics.Predictions) -> str:
    """SHA-256 of risks and outcomes, whatever their order."""
    order = np.lexsort((predictions.event, predictions.risk))
    digest = hashlib.sha256(np.ascontiguousarray(predictions.risk[order], dtype="<f8").tobytes())
    digest.update(np.ascontiguousarray(predictions.event[order], dtype="u1").tobytes())
    return digest.hexdigest()
