"""Making the model again from a cohort file: the seven predictors as Table 5 codes them."""

from scoring.nomogram.predictor import Measured
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import bootstrap
from scoring.statistics.development import Development, Variable, develop
from scoring.statistics.development.develop import SCREEN_ALPHA
from scoring.study.cohort_file import CohortFile

# In the order of Table 7, which is that of the covariates.
VARIABLES = tuple(Variable(p.key, not isinstance(p, Measured)) for p in RONG_2025.predictors)


def develop_from(
    patients: CohortFile,
    *,
    screen: bool = False,
    resamples: int = bootstrap.RESAMPLES,
    seed: int = bootstrap.SEED,
    workers: int = 1,
    progress: bootstrap.Progress | None = None,
) -> Development:
    """Make the model; ``screen``: only from predictors with a univariate p below 0.05.

    Raises NotEstimableError as ``develop`` does.
    """
    return develop(
        VARIABLES,
        list(patients.cohort.covariates().values()),
        patients.event,
        screen_alpha=SCREEN_ALPHA if screen else None,
        resamples=resamples,
        seed=seed,
        workers=workers,
        progress=progress,
    )
