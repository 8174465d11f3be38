"""The published model and its successors, judged by statistics: what neither room does alone.

Cohorts come from files of rows; models are the published one or one made from a cohort.
"""

from scoring.evaluation.cautions import (
    CohortCaution,
    cautions_as_list,
    cautions_of,
    cautions_of_cohort,
)
from scoring.evaluation.cohort_file import CohortFile, CohortFileError, read_cohort
from scoring.evaluation.development import VARIABLES, develop_from
from scoring.evaluation.model_file import (
    PUBLISHED,
    ModelFileError,
    RiskModel,
    model_as_dict,
    model_from,
)
from scoring.evaluation.nomogram_file import nomogram_from

__all__ = [
    "PUBLISHED",
    "VARIABLES",
    "CohortCaution",
    "CohortFile",
    "CohortFileError",
    "ModelFileError",
    "RiskModel",
    "cautions_as_list",
    "cautions_of",
    "cautions_of_cohort",
    "develop_from",
    "model_as_dict",
    "model_from",
    "nomogram_from",
    "read_cohort",
]
