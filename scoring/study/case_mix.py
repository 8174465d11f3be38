"""The patients of a cohort beside those of the study (Tables 1 to 3): are they alike?

Values in another unit, in the wrong column or with yes and no exchanged can be scored all the same.
They show in the case mix: such a cohort differs from the study by more than patients do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.evidence import MeanSd, share_sd
from scoring.nomogram.predictor import Measured
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.statistics.comparison import (
    OddsRatio,
    Spread,
    mean_spread,
    odds_ratio,
    ratio_of_sds,
    share_spread,
    standardised_difference,
)
from scoring.study.headers import OUTCOME

# Austin 2009 calls 0.1 noticeable. Hospitals differ by several tenths, in age say by 3 years of 9:
# that is what a validation is for. From 1 on the mean lies a whole SD off: with normal values, 84 %
# of one group lie beyond the mean of the other.
MAX_DIFFERENCE = 1.0
# Analyzers and criteria of inclusion narrow or widen a distribution by a third at most. A factor of
# 2 is another unit, a constant that was filled in, or two units in one column.
SD_RATIOS = 0.5, 2.0
# In fewer patients chance reaches these limits: of 20, the SD is below half its true value once in
# 2,000 samples.
ENOUGH_PATIENTS = 20


@dataclass(frozen=True)
class CaseMixRow:
    """One predictor, or the outcome, in these patients and in the study's training set.

    ``low`` and ``high``: smallest and largest value of a measured predictor, in its unit; None for
    an answer, whose spreads are shares. ``difference``: the standardised one (Austin 2009),
    ``sd_ratio``: SD here / SD in the study, of a measured predictor; None where not determined.
    ``odds_ratio``: of the outcome, yes against no; ``study_odds_ratio`` that of Table 4. Both None
    for a measured predictor and for the outcome itself.
    """

    key: str
    column: str
    patients: Spread
    study: Spread
    difference: float | None
    low: float | None = None
    high: float | None = None
    sd_ratio: float | None = None
    odds_ratio: OddsRatio | None = None
    study_odds_ratio: float | None = None

    @property
    def mean_is_far(self) -> bool:
        """Whether mean or share differ by more than patients do."""
        enough = self.patients.n >= ENOUGH_PATIENTS
        return enough and self.difference is not None and abs(self.difference) > MAX_DIFFERENCE

    @property
    def sd_is_far(self) -> bool:
        """Whether the SD of a measured predictor differs by more than patients do."""
        narrowest, widest = SD_RATIOS
        enough = self.patients.n >= ENOUGH_PATIENTS
        return enough and self.sd_ratio is not None and not narrowest <= self.sd_ratio <= widest

    @property
    def looks_exchanged(self) -> bool:
        """Whether yes and no seem exchanged: the share is far off, that of "no" would be nearer."""
        share, study = self.patients.mean, self.study.mean
        return (
            self.mean_is_far and self.low is None and abs(1.0 - share - study) < abs(share - study)
        )

    @property
    def is_reversed(self) -> bool:
        """Whether the association with the outcome is opposite to the study's (95 % CI)."""
        if self.odds_ratio is None or self.study_odds_ratio is None:
            return False
        low, high = self.odds_ratio.ci95
        return low > 1.0 > self.study_odds_ratio or high < 1.0 < self.study_odds_ratio


def case_mix(cohort: Cohort, event: NDArray[np.bool_]) -> tuple[CaseMixRow, ...]:
    """The predictors in the order of Table 7, then the outcome; empty without patients."""
    return tuple(_rows(cohort, event)) if len(cohort) else ()


def _rows(cohort: Cohort, event: NDArray[np.bool_]) -> Iterator[CaseMixRow]:
    for key, values in cohort.covariates().items():
        predictor, study = RONG_2025.by_key[key], EVIDENCE.case_mix[key]
        if isinstance(predictor, Measured):
            yield _measured(key, predictor.field, values, study)
        else:
            yield _answered(key, predictor.field, values == 1.0, study, event)
    rate = RONG_2025.outcome.rate
    yield _answered(OUTCOME, OUTCOME, event, MeanSd(rate, share_sd(rate)), None)


def _study(published: MeanSd) -> Spread:
    return Spread(RONG_2025.outcome.n, *published)


def _measured(key: str, column: str, values: NDArray[np.float64], published: MeanSd) -> CaseMixRow:
    patients, study = mean_spread(values), _study(published)
    if patients is None:
        raise ValueError("a cohort without patients has no case mix")
    return CaseMixRow(
        key,
        column,
        patients,
        study,
        standardised_difference(patients, study),
        low=float(values.min()),
        high=float(values.max()),
        sd_ratio=ratio_of_sds(patients, study),
    )


def _answered(
    key: str,
    column: str,
    answers: NDArray[np.bool_],
    published: MeanSd,
    event: NDArray[np.bool_] | None,
) -> CaseMixRow:
    patients, study = share_spread(answers), _study(published)
    if patients is None:
        raise ValueError("a cohort without patients has no case mix")
    return CaseMixRow(
        key,
        column,
        patients,
        study,
        standardised_difference(patients, study),
        odds_ratio=None if event is None else odds_ratio(answers, event),
        study_odds_ratio=None if event is None else EVIDENCE.effects[key].odds_ratio,
    )
