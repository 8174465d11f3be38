"""Three made-up hospitals, and all their patients in one file."""

import numpy as np

from scoring.nomogram.logistic import risk_of_logit
from scoring.statistics import Predictions
from scoring.statistics.pooling import Aggregate, aggregate

MODEL = "rong-2025 version 2"


def hospital(seed: int, n: int, intercept: float, slope: float) -> Predictions:
    rng = np.random.default_rng(seed)
    logit = rng.normal(-1.5, 1.1, n)
    return Predictions(
        risk_of_logit(logit), rng.random(n) < risk_of_logit(intercept + slope * logit)
    )


HOSPITALS = {
    "Wuxi": hospital(1, 569, 0.0, 1.0),
    "Nanjing": hospital(2, 300, 0.4, 0.8),
    "Suzhou": hospital(3, 1200, -0.2, 1.1),
}
TOGETHER = Predictions(
    np.concatenate([these.risk for these in HOSPITALS.values()]),
    np.concatenate([these.event for these in HOSPITALS.values()]),
)


def aggregates() -> list[Aggregate]:
    return [aggregate(these, centre=centre, model=MODEL) for centre, these in HOSPITALS.items()]
