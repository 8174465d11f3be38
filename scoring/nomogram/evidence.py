"""What was published of a model: its patients, effects and performance.

Predictors go by their key; probabilities and fractions are from 0 to 1.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scoring.nomogram.parts import Range


class OutcomeRate(NamedTuple):
    """The outcome in the cohort a model was made from."""

    n: int
    events: int

    @property
    def rate(self) -> float:
        """The share of patients with the outcome."""
        return self.events / self.n


class Citation(NamedTuple):
    """Where a model was published."""

    text: str
    doi: str


class MeanSd(NamedTuple):
    """Mean and standard deviation, in the unit of the field that holds them."""

    mean: float
    sd: float


def share_sd(share: float) -> float:
    """The SD of a share: sqrt(share (1 - share))."""
    return math.sqrt(share * (1.0 - share))


class StudySet(NamedTuple):
    """The patients of one part of the study (section 2.1)."""

    n: int
    male: int
    female: int
    age_years: MeanSd
    age_range_years: Range
    recruited: tuple[str, str]


class Effect(NamedTuple):
    """A row of Table 4: coefficient (logit per unit), odds ratio, p, 95 % CI of the odds ratio."""

    beta: float
    odds_ratio: float
    p_value: float
    odds_ratio_low: float
    odds_ratio_high: float


class PublishedPerformance(NamedTuple):
    """How the model did in one part of the study; probabilities and fractions from 0 to 1."""

    auc: float
    cutoff: float
    sensitivity: float
    specificity: float
    hosmer_lemeshow_chi2: float
    hosmer_lemeshow_p: float
    net_benefit_thresholds: tuple[Range, ...]


class RocArea(NamedTuple):
    """A row of Table 6: AUC, its standard error and its 95 % CI.

    The standard error stands there in the column "P-value": each is the half width of the row's
    interval divided by 1.96.
    """

    auc: float
    se: float
    auc_low: float
    auc_high: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The evidence for a model, of the set it was made from and of the one it was tried on.

    ``effects``: the multivariate regression. ``case_mix``: each predictor in all patients of the
    training set, mean and SD of a measured one, the share of "yes" and its SD otherwise. ``areas``:
    the ROC of each predictor alone. ``hosmer_lemeshow_df``: the degrees of freedom of both tests.
    """

    effects: Mapping[str, Effect]
    case_mix: Mapping[str, MeanSd]
    areas: Mapping[str, RocArea]
    training_set: StudySet
    validation_set: StudySet
    training: PublishedPerformance
    validation: PublishedPerformance
    training_auc_ci95: Range
    training_bootstrap_auc: float
    hosmer_lemeshow_df: int
