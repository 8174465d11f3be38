"""Making the model again from a cohort file: the seven predictors as Table 5 codes them."""

from scoring.evaluation.cohort_file import CohortFile
from scoring.nomogram import Predictor
from scoring.statistics import bootstrap
from scoring.statistics.development import Development, Variable, develop

SCREEN_ALPHA = 0.05  # section 2.6
_CONTINUOUS = {Predictor.AGE, Predictor.PDW, Predictor.CHLORIDE}
# In the order of Table 7, which is that of ``Covariates``.
VARIABLES = tuple(
    Variable(predictor.value, predictor not in _CONTINUOUS) for predictor in Predictor
)


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
        list(patients.cohort.covariates()),
        patients.event,
        screen_alpha=SCREEN_ALPHA if screen else None,
        resamples=resamples,
        seed=seed,
        workers=workers,
        progress=progress,
    )
