"""From recorded outcomes to an adjusted curve, with what it was made from."""

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring import statistics
from scoring.statistics import bootstrap


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which patients: days of operation, both included, and eligibility; None and "" take all."""

    operated_from: date | None = None
    operated_to: date | None = None
    population: str = ""


@dataclass(frozen=True, eq=False)
class Adjustment:
    """What a cohort's outcomes justify, and a mark of the cohort it follows from."""

    found: statistics.Recalibration
    n: int
    events: int
    data_sha256: str
    window: Window


def adjustment(
    predictions: statistics.Predictions, window: Window, *, resamples: int = bootstrap.RESAMPLES
) -> Adjustment:
    """Choose and fit the adjustment of the published risks. Raises as ``recalibrate``."""
    return Adjustment(
        found=statistics.recalibrate(predictions, resamples=resamples),
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
