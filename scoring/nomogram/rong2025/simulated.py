"""What is known of the reconstruction from simulation: figures that ``script/reconstruct`` prints.

Nothing is scored with them; documents and pages tell them. Shares and risks are from 0 to 1.
"""

from typing import NamedTuple


class ConditionStep(NamedTuple):
    """The line when conditions are added one after the other; the last has all of them.

    ``p50_low`` and ``p50_high`` are the central 95 % of P50.
    """

    condition: str
    p50_points: float
    p50_low: float
    p50_high: float
    k_points_per_logit: float
    k_sd: float


class Coverage(NamedTuple):
    """How often the 95 % intervals of a patient hold the true risk."""

    patient: str
    total_points: float
    version_1: float
    version_2: float


# script/reconstruct conditions; the last row script/reconstruct line. Monte Carlo standard errors
# of P50 are 0.03 to 0.11, of the last row 0.01.
CONDITION_STEPS = (
    ConditionStep("score", 156.6, 152.7, 160.7, 25.4, 1.57),
    ConditionStep("auc", 155.8, 153.2, 158.5, 24.8, 1.03),
    ConditionStep("cutoff", 156.1, 153.6, 158.9, 25.0, 1.00),
    ConditionStep("worked_example", 154.9, 152.9, 157.0, 24.1, 0.79),
    ConditionStep("slope", 155.5, 153.9, 157.0, 24.6, 0.55),
)

# script/reconstruct coverage. Monte Carlo standard errors are 0.0015.
SIMULATED_STUDIES = 20_000
COVERAGE = (
    Coverage("worked_example", 183.89, 0.949, 0.956),
    Coverage("typical", 114.15, 0.948, 0.955),
    Coverage("old", 65.90, 0.945, 0.954),
)

# script/reconstruct consistency
LOWEST_RISK, HIGHEST_RISK = 0.011, 0.927
NET_BENEFIT_BEGINS_LATER, NET_BENEFIT_ENDS_EARLIER = 0.41, 0.52
VALIDATION_CUTOFF_AS_HIGH = 0.066
AUC_OPTIMISM, EXPECTED_AUC, EXPECTED_SLOPE = 0.015, 0.773, 0.93
