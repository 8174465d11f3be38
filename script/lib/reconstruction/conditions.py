"""What is printed about the model, as conditions on a line and a cohort."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.logistic import FloatArray, risk_of_logit
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.model import RONG_2025

# Table 7 is a maximum-likelihood fit: all score equations hold, up to rounding. In standard errors.
SCORE_SE = 0.1
# Section 3.6, printed to three decimals: the standard deviation of what rounding hides, doubled.
AUC_SE = 0.0006
# Sensitivity and specificity of section 3.6 as patients on the right side of the cut-off.
PAIN_ABOVE = round(paper.SENSITIVITY * paper.PAIN.n)
PAIN_FREE_BELOW = round(paper.SPECIFICITY * paper.PAIN_FREE.n)
PAIN_ABOVE_SE, PAIN_FREE_BELOW_SE = 0.5, 0.8
# "Close to 80%" (Discussion) is read off an axis.
WORKED_EXAMPLE_SE = 0.025
# Table 7 divided by Table 4 gives about 25 points per logit.
K_EXPECTED, K_SE = 25.0, 0.75

WORKED_EXAMPLE_POINTS = RONG_2025.assess(paper.WORKED_EXAMPLE).scenarios[0].total_points
CUTOFF_LOGIT = float(np.log(paper.CUTOFF / (1.0 - paper.CUTOFF)))


@dataclass(frozen=True)
class Conditions:
    """Which conditions hold beside the score equations, which always do."""

    auc: bool = True
    cutoff: bool = True
    worked_example: bool = True
    slope: bool = True

    def of_auc(self, auc: FloatArray) -> FloatArray:
        """Squared standardized distance of the AUC; like all of these one value for each chain."""
        return self.auc * ((auc - paper.TRAINING.auc) / AUC_SE) ** 2

    def of_counts(self, above: NDArray[np.int64], below: NDArray[np.int64]) -> FloatArray:
        """That of patients with pain at or above the cut-off, and without pain below it."""
        distance: FloatArray = ((above - PAIN_ABOVE) / PAIN_ABOVE_SE) ** 2 + (
            (below - PAIN_FREE_BELOW) / PAIN_FREE_BELOW_SE
        ) ** 2
        return self.cutoff * distance

    def of_line(self, p50: FloatArray, k: FloatArray) -> FloatArray:
        """That of the worked example's risk and of K."""
        example = risk_of_logit((WORKED_EXAMPLE_POINTS - p50) / k)
        distance = ((example - paper.WORKED_EXAMPLE_RISK) / WORKED_EXAMPLE_SE) ** 2
        return self.worked_example * distance + self.slope * ((k - K_EXPECTED) / K_SE) ** 2


ALL = Conditions()
# What each printed number adds, in the order of the documents.
STEPS: tuple[tuple[str, Conditions], ...] = (
    ("score equations alone", Conditions(False, False, False, False)),
    ("+ AUC", Conditions(True, False, False, False)),
    ("+ sensitivity and specificity", Conditions(True, True, False, False)),
    ("+ worked example", Conditions(True, True, True, False)),
    ("+ K, Table 7 / Table 4 (all)", ALL),
)
