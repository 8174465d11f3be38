"""A hospital whose outcomes the published curve misses, and what follows from them."""

from functools import lru_cache

import numpy as np
import pytest

from scoring import actions
from scoring.evaluation.outcome_cohort import InclusionStatus, OutcomeCohort
from scoring.evaluation.recalibration import Adjustment, Window, adjustment
from scoring.models import Recalibration, User
from scoring.nomogram.logistic import risk_of_logit
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import CohortFilter
from scoring.statistics import Predictions
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


def rejected(recalibration: Recalibration, reason: str = REASON) -> None:
    actions.reject_recalibration(
        by=cast.bob(), recalibration=recalibration, reason=reason, submission=cast.submission()
    )


@lru_cache(maxsize=4)
def outcomes(intercept: float, slope: float, n: int) -> OutcomeCohort:
    """As many patients of a hospital with this true curve, as the record would give them."""
    rng = np.random.default_rng(11)
    points = rng.normal(140, 35, n)
    risk = np.asarray(RONG_2025.risk(points))
    event = rng.random(n) < risk_of_logit(intercept + slope * np.log(risk / (1 - risk)))
    nothing, no, zeros = np.full(n, np.nan), np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int32)
    return OutcomeCohort(
        status=np.full(n, InclusionStatus.ANALYSED, dtype=np.int16),
        event=event,
        risk=risk,
        inputs={field: nothing if field in RONG_2025.numeric else no for field in RONG_2025.fields},
        overdue=no,
        lost=no,
        corrected_since=no,
        patient=np.arange(n, dtype=np.int64),
        operation_day=zeros,
        sex=zeros,
        population=zeros,
        fracture_level=zeros,
    )


def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Propose within a moment; the optimism is then a rough one."""
    monkeypatch.setattr("scoring.web.recalibrations.RESAMPLES", 20)


def instead_of_the_record(
    monkeypatch: pytest.MonkeyPatch, intercept: float = -0.6, slope: float = 0.7, n: int = 1500
) -> None:
    """Put a hospital's outcomes in place of those on record."""

    def found(_narrowed: CohortFilter) -> OutcomeCohort:
        return outcomes(intercept, slope, n)

    monkeypatch.setattr("scoring.queries.validation_cohort", found)
    few_resamples(monkeypatch)
