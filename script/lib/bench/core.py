"""The arithmetic of the model for a million patients: against bare numpy, and against R's rms.

Processor time of one thread, in turns; medians count. What is compared gives the same numbers.
"""

import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.predictor import Measured, Threshold, YesNo
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from script.lib.abort import Abort
from script.lib.bench.measuring import medians, thread_milliseconds
from script.lib.folders import CHECKOUT

_ROWS = 1_000_000
_R_SCRIPT = CHECKOUT / "script" / "lib" / "bench" / "lrm.R"


def measure_core(repeat: int) -> Iterator[str]:
    """Lines in Markdown. Raises Abort where the numbers differ."""
    cohort = synthetic_cohort(_ROWS, seed=1).cohort
    # As a caller has them, to be checked.
    columns: dict[str, NDArray[Any]] = {
        field: np.array(column) for field, column in cohort.columns.items()
    }

    def points_and_risk() -> FloatArray:
        return RONG_2025.assess_cohort(columns).risk

    def with_interval() -> FloatArray:
        found = RONG_2025.assess_cohort(columns)
        return np.stack([found.risk, *found.ci95])

    bare = _bare_numpy(columns)
    if not np.array_equal(bare(), points_and_risk()):
        raise Abort("Bare numpy and the model give different risks.")
    actions = (bare, points_and_risk, with_interval)
    numpy_ms, risk_ms, interval_ms = medians(actions, thread_milliseconds, repeat)
    yield (
        f"- Points and risk of {_ROWS:,} checked patients: {risk_ms:.0f} ms, bare numpy "
        f"{numpy_ms:.0f} ms ({risk_ms / numpy_ms:.2f} times); with the interval "
        f"{interval_ms:.0f} ms ({interval_ms / risk_ms:.2f} times points and risk)."
    )
    yield _against_r(cohort.covariates(), points_and_risk(), risk_ms, repeat)


def _bare_numpy(columns: dict[str, NDArray[Any]]) -> Callable[[], FloatArray]:
    """Points and risk written out for these columns, without checks."""
    line = RONG_2025.line

    def points() -> Iterator[FloatArray]:
        for predictor in RONG_2025.predictors:
            column = columns[predictor.field]
            if isinstance(predictor, Measured) and predictor.points_per_unit < 0.0:
                yield -predictor.points_per_unit * (predictor.zero_at - column)
            elif isinstance(predictor, Measured):
                yield predictor.points_per_unit * (column - predictor.zero_at)
            elif isinstance(predictor, Threshold):
                yield np.where(column < predictor.below, *predictor.answer_points)
            elif isinstance(predictor, YesNo):
                yield np.where(column, *predictor.answer_points)

    def risk() -> FloatArray:
        total = sum(points())
        found: FloatArray = 1.0 / (
            1.0 + np.exp(-(total - line.p50_points) / line.k_points_per_logit)
        )
        return found

    return risk


def _against_r(
    covariates: dict[str, FloatArray], risk: FloatArray, risk_ms: float, repeat: int
) -> str:
    program = shutil.which("Rscript")
    if program is None:
        return "- R is not there to compare with: install Debian's r-base-core and r-cran-rms."
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder)
        np.concatenate(list(covariates.values())).tofile(given / "covariates.bin")
        _coefficients().tofile(given / "coefficients.bin")
        answer = subprocess.run(
            [program, str(_R_SCRIPT), folder, str(repeat)],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            return f"- R's rms does not answer (Debian: r-cran-rms): {answer.stderr.strip()}"
        if not np.allclose(np.fromfile(given / "risks.bin"), risk, rtol=1e-9, atol=0.0):
            raise Abort("R and the model give different risks.")
    r_ms = 1000 * statistics.median(map(float, answer.stdout.split()))
    return (
        f"- The same risks by predict() of R's rms::lrm, from covariates: {r_ms:.0f} ms; the model "
        f"is {r_ms / risk_ms:.1f} times as fast."
    )


def _coefficients() -> FloatArray:
    """Intercept and logit per unit of each covariate, from the points at 0 and at 1."""
    line, keys = RONG_2025.line, list(RONG_2025.by_key)
    nothing = dict.fromkeys(keys, 0.0)
    logits = [line.logit(RONG_2025.total_points(nothing))]
    logits += [line.logit(RONG_2025.total_points(nothing | {key: 1.0})) for key in keys]
    return np.array([logits[0], *np.subtract(logits[1:], logits[0])])
