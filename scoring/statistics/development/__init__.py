"""Making a risk model as in the paper: sections 2.4, 2.6 and 3.1 to 3.4."""

from scoring.statistics.development.axes import DerivedNomogram, PointsAxis, nomogram, pretty
from scoring.statistics.development.develop import (
    Coefficient,
    Development,
    SingleRoc,
    develop,
)
from scoring.statistics.development.optimism import Optimism
from scoring.statistics.development.univariate import (
    GroupMeanSd,
    GroupTest,
    Share,
    Univariate,
    Variable,
    chi_square,
    rank_sum,
    student_t,
    univariate,
)

__all__ = [
    "Coefficient",
    "DerivedNomogram",
    "Development",
    "GroupMeanSd",
    "GroupTest",
    "Optimism",
    "PointsAxis",
    "Share",
    "SingleRoc",
    "Univariate",
    "Variable",
    "chi_square",
    "develop",
    "nomogram",
    "pretty",
    "rank_sum",
    "student_t",
    "univariate",
]
