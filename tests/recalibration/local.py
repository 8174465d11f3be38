"""A hospital whose outcomes the published curve misses, and what follows from them."""

from functools import lru_cache

import numpy as np

from scoring import actions
from scoring.evaluation.recalibration import Adjustment, Window, adjustment
from scoring.models import Recalibration, User
from scoring.statistics import Predictions
from scoring.statistics.logistic import risk_of_logit
from tests import cast
from tests.life import acts

REASON = "Seen by the quality board"


@lru_cache(maxsize=4)
def adjusted(intercept: float = -0.6, slope: float = 0.7, n: int = 1500) -> Adjustment:
    """What the outcomes of a hospital with this true curve justify."""
    rng = np.random.default_rng(7)
    logit = rng.normal(-1.0, 1.2, n)
    event = rng.random(n) < risk_of_logit(intercept + slope * logit)
    predictions = Predictions(risk_of_logit(logit), event)
    return adjustment(predictions, Window(population="as_study"), resamples=20)


def proposed(by: User | None = None, found: Adjustment | None = None) -> Recalibration:
    return actions.propose_recalibration(
        by=by or cast.alice(), adjustment=found or adjusted(), submission=cast.submission()
    )


def approved(of: Recalibration | None = None, by: User | None = None) -> Recalibration:
    recalibration = of or proposed()
    actions.approve_recalibration(
        by=by or cast.bob(),
        recalibration=recalibration,
        reason=REASON,
        submission=cast.submission(),
    )
    return recalibration


def retired(recalibration: Recalibration) -> None:
    actions.retire_recalibration(
        by=acts.cara(), recalibration=recalibration, reason=REASON, submission=cast.submission()
    )
