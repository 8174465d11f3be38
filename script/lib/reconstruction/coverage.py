"""Whether the interval of one patient holds the true risk as often as it says.

What is covered: the patient's true risk. The published model is one estimate of it, from one sample
of 569 patients, and we read that estimate through a line that is known only so far. So in each
replicate

1. a true model is drawn: the points of Table 7 and a line with the uncertainty of ours;
2. a study is made: 569 patients like those of Tables 1 to 3, outcomes by the true model;
3. its model is fitted by logistic regression, as the authors did;
4. we read the fitted model: its logit plus an error of the line, drawn from the line's covariance;
5. the interval is built as the product builds it: the covariance by quadrature from the tables of
   that study, at that model, times the factor for small samples, plus the line's variance.
"""

from typing import Any, NamedTuple

import numpy as np

from scoring.nomogram.logistic import Z95, FloatArray
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.reconstructed import (
    LINE,
    LINE_COVARIANCE,
    SMALL_SAMPLE_VARIANCE_FACTOR,
)
from script.lib.reconstruction.posterior import Estimate, share
from script.lib.reconstruction.refit import coefficients, draw_outcomes, draw_patients, refit, risks

SEED = 20250814
REPLICATES, BATCH = 20_000, 250

# A frequent combination of answers, and the study's means; and one of the lowest risks.
TYPICAL_PATIENT: dict[str, Any] = {
    "age_years": 72,
    "t_score": -3.0,
    "trauma_history": True,
    "posterior_fascia_edema": False,
    "pdw_fl": 12.8,
    "chloride_mmol_l": 104,
    "mvh_restored": True,
}
OLD_PATIENT = TYPICAL_PATIENT | {"age_years": 85, "t_score": -4.2, "trauma_history": False}
PATIENTS: dict[str, dict[str, Any]] = {
    "worked_example": dict(paper.WORKED_EXAMPLE),
    "typical": TYPICAL_PATIENT,
    "old": OLD_PATIENT,
}
# How many patients like those of the study the factor is averaged over.
PANEL = 200
_NODES = 6


class Coverage(NamedTuple):
    """Of one patient: the share of intervals (0 to 1) that hold the true risk, by version.

    ``variance_ratio`` is the mean squared error of the refitted logit divided by the mean variance
    that the information gives: what the factor for small samples stands for.
    """

    name: str
    total_points: float
    version_2: Estimate
    version_1: Estimate
    variance_ratio: Estimate


def patient_x(values: dict[str, Any]) -> FloatArray:
    """Intercept and covariates of a patient, shape (8,)."""
    return np.array([1.0, *RONG_2025.covariates(RONG_2025.inputs(values)).values()])


def _grid() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Normal scores (m, 3), answers (m, 4) and weights (m,) of the measured part."""
    z, weight = np.polynomial.hermite_e.hermegauss(_NODES)
    weight = weight / weight.sum()
    answers = np.array(np.meshgrid(*[[0.0, 1.0]] * 4, indexing="ij")).reshape(4, -1).T
    scores = np.array(np.meshgrid(z, z, z, indexing="ij")).reshape(3, -1).T
    weights = np.einsum("i,j,k->ijk", weight, weight, weight).ravel()
    return (
        np.repeat(scores, len(answers), axis=0),
        np.tile(answers, (len(scores), 1)),
        np.repeat(weights, len(answers)),
    )


def tabled_covariance(x: FloatArray, y: FloatArray, beta: FloatArray) -> FloatArray:
    """Covariance of the coefficients from the tables of each study alone, (cohorts, 8, 8).

    As ``rong2025/reconstruction.py`` has it: per outcome group independent normals and answers.
    """
    measured, answered = [1, 5, 6], [2, 3, 4, 7]
    scores, answers, weights = _grid()
    information = np.zeros((len(x), x.shape[2], x.shape[2]))
    for outcome in (0.0, 1.0):
        inside = (y == outcome).astype(np.float64)[..., None]
        n = inside.sum(axis=1)
        mean = (inside * x).sum(axis=1) / n
        sd = np.sqrt((inside * (x - mean[:, None]) ** 2).sum(axis=1) / (n - 1.0))
        nodes = np.ones((len(x), len(weights), x.shape[2]))
        nodes[..., measured] = mean[:, None, measured] + sd[:, None, measured] * scores
        nodes[..., answered] = answers
        share = mean[:, None, answered]
        chance = np.where(answers == 1.0, share, 1.0 - share).prod(axis=2)
        risk = risks(nodes, beta)
        weight = n * weights * chance * risk * (1.0 - risk)
        information += np.swapaxes(nodes, 1, 2) @ (nodes * weight[..., None])
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def _drawn_coefficients(rng: np.random.Generator, n: int) -> FloatArray:
    """Coefficients of lines with the uncertainty of ours, (n, 8)."""
    line = [LINE.intercept, 1.0 / LINE.k_points_per_logit]
    intercept, slope = rng.multivariate_normal(line, LINE_COVARIANCE, n).T
    return coefficients(-intercept / slope, 1.0 / slope)


class _Studies(NamedTuple):
    """Errors of the refitted logits and the variances that the tables give, (studies, patients)."""

    error: FloatArray
    variance: FloatArray


def _simulate(rng: np.random.Generator, n: int, patients: FloatArray) -> _Studies:
    truth = _drawn_coefficients(rng, n)
    x = draw_patients(rng, (n, paper.STUDY_N))
    y = draw_outcomes(rng, risks(x, truth))
    beta = refit(x, y, truth)
    variance = np.einsum("pi,cij,pj->cp", patients, tabled_covariance(x, y, beta), patients)
    return _Studies((beta - truth) @ patients.T, variance)


def _ratio(error: FloatArray, variance: FloatArray) -> Estimate:
    ratios = error**2 / variance.mean(axis=0)
    if ratios.ndim == 2:
        ratios = ratios.mean(axis=1)
    return Estimate(float(ratios.mean()), float(ratios.std(ddof=1) / np.sqrt(len(ratios))))


def cover(
    replicates: int = REPLICATES,
    seed: int = SEED,
    factor: float = SMALL_SAMPLE_VARIANCE_FACTOR,
) -> tuple[list[Coverage], Estimate]:
    """Coverage of the patients, and the variance ratio averaged over patients of the study."""
    rng = np.random.default_rng(seed)
    named = np.array([patient_x(values) for values in PATIENTS.values()])
    patients = np.concatenate([named, draw_patients(rng, (PANEL,))])
    batches = [_simulate(rng, BATCH, patients) for _ in range(replicates // BATCH)]
    error, variance = (np.concatenate(part) for part in zip(*batches, strict=True))
    points = np.array([RONG_2025.assess(v).scenarios[0].total_points for v in PATIENTS.values()])
    line_variance = np.array([RONG_2025.line_uncertainty.logit_variance(p) for p in points])
    misread = rng.multivariate_normal([0.0, 0.0], LINE_COVARIANCE, len(error))
    read = error[:, : len(named)] + misread[:, :1] + misread[:, 1:] * points
    found = []
    for place, name in enumerate(PATIENTS):
        own = variance[:, place]
        wide = Z95 * np.sqrt(factor * own + line_variance[place])
        narrow = Z95 * np.sqrt(own)
        off = np.abs(read[:, place])
        found.append(
            Coverage(
                name,
                total_points=float(points[place]),
                version_2=share(off <= wide),
                version_1=share(off <= narrow),
                variance_ratio=_ratio(error[:, place], own),
            )
        )
    return found, _ratio(error[:, len(named) :], variance[:, len(named) :])


def report_coverage() -> str:
    """Coverage with its Monte Carlo error, and what justifies the factor for small samples."""
    found, panel = cover()
    lines = [f"{REPLICATES:,} simulated studies of {paper.STUDY_N} patients"]
    for name, points, version_2, version_1, ratio in found:
        (result,) = RONG_2025.assess(PATIENTS[name]).scenarios
        lines.append(
            f"{name}: {points:.2f} points, risk {result.risk:.1%}, interval "
            f"{result.ci95.low:.1%} to {result.ci95.high:.1%}; covers {version_2.value:.2%} "
            f"({version_2.error:.2%}), version 1's {version_1.value:.2%} "
            f"({version_1.error:.2%}); variance ratio {ratio.text(3)}"
        )
    lines.append(
        f"variance ratio over {PANEL} patients of the study: {panel.text(3)}; "
        f"shipped factor {SMALL_SAMPLE_VARIANCE_FACTOR:.4f}"
    )
    return "\n".join(lines)
