"""The rebuilt training cohort: the line of version 1, and the covariance at any line.

The paper prints the line only as a picture (Figure 3). The training cohort is rebuilt from Tables
1 to 3: in each outcome group age, PDW and chloride are independent normals with the published
mean and SD, the four yes/no predictors independent with the published counts. Expectations are
Gauss-Hermite quadrature; no random numbers, no clipping. Given a pattern of yes/no answers, the
points are one normal variable, so that most expectations are one-dimensional.

Imported only to derive, check or explain the constants of ``version_1.py`` (all of them) and of
``reconstructed.py`` (the covariance of the coefficients).
"""

import itertools
import math
from typing import NamedTuple

import numpy as np

from scoring.nomogram.evidence import MeanSd
from scoring.nomogram.logistic import FloatArray, Line, risk_of_logit
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.model import PREDICTORS, RONG_2025
from scoring.nomogram.rong2025.publication import Group

# Slope: Table 7 / Table 4 gives about 25 points per logit, read as 25 +/- 0.75.
K_EXPECTED, K_SE = 25.0, 0.75
# The mean predicted risk equals the observed rate, up to the rebuilding of the cohort.
EVENT_RATE_SE = 0.01
# "close to 80%" is read off an axis.
WORKED_EXAMPLE_RISK_SE = 0.025

_LINE_NODES = 64
_SPACE_NODES = 20
_TOLERANCE_POINTS = 1e-11
_MAX_STEPS = 200


class PointsMixture(NamedTuple):
    """The points of a group: a mixture of normals, one for each pattern of yes/no answers."""

    weight: FloatArray
    mean: FloatArray
    sd: float


class LinePerformance(NamedTuple):
    """What a line gives in the rebuilt cohort."""

    mean_risk: float
    cutoff_points: float
    sensitivity: float
    specificity: float


def _gauss_hermite(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of a standard normal variable."""
    z, weight = np.polynomial.hermite_e.hermegauss(nodes)
    return z, weight / weight.sum()


def _patterns(group: Group) -> tuple[FloatArray, FloatArray]:
    """The 16 patterns of (BMD, trauma, fascia edema, MVH), shape (16, 4), and their weights."""
    patterns = np.array(list(itertools.product((0.0, 1.0), repeat=4)))
    counts = (
        group.abs_t_above_3_5,
        group.trauma_history,
        group.posterior_fascia_edema,
        group.mvh_restored,
    )
    rate = np.array(counts) / group.n
    return patterns, np.prod(np.where(patterns == 1.0, rate, 1.0 - rate), axis=1)


def _by_predictor(*covariates: FloatArray) -> dict[str, FloatArray]:
    """Covariates in the order of Table 7."""
    return {p.key: values for p, values in zip(PREDICTORS, covariates, strict=True)}


def points_mixture(group: Group) -> PointsMixture:
    """The distribution of the points in an outcome group."""
    patterns, weight = _patterns(group)
    bmd, trauma, edema, mvh = patterns.T
    ones = np.ones(len(patterns))
    means = (
        ones * group.age_years.mean,
        bmd,
        trauma,
        edema,
        ones * group.pdw_fl.mean,
        ones * group.chloride_mmol_l.mean,
        mvh,
    )
    mean = RONG_2025.total_points(_by_predictor(*means))
    sd = math.hypot(
        paper.AGE_POINTS_PER_YEAR * group.age_years.sd,
        paper.PDW_POINTS_PER_FL * group.pdw_fl.sd,
        paper.CHLORIDE_POINTS_PER_MMOL_L * group.chloride_mmol_l.sd,
    )
    return PointsMixture(weight, mean, sd)


def _normal_above(z: float) -> float:
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def _normal_density(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def _share_above(group: Group, points: float) -> tuple[float, float]:
    """The share of a group above the points, and its derivative by the points."""
    mixture = points_mixture(group)
    share = slope = 0.0
    for weight, mean in zip(mixture.weight, mixture.mean, strict=True):
        z = (points - float(mean)) / mixture.sd
        share += float(weight) * _normal_above(z)
        slope -= float(weight) * _normal_density(z) / mixture.sd
    return share, slope


def auc() -> float:
    """Area under the ROC curve of the points in the rebuilt cohort."""
    pain, free = points_mixture(paper.PAIN), points_mixture(paper.PAIN_FREE)
    sd = math.hypot(pain.sd, free.sd)
    return sum(
        float(pain_weight * free_weight) * _normal_above(float(free_mean - pain_mean) / sd)
        for pain_weight, pain_mean in zip(pain.weight, pain.mean, strict=True)
        for free_weight, free_mean in zip(free.weight, free.mean, strict=True)
    )


def _mean_risk(line: Line) -> tuple[float, float, float]:
    """Mean predicted risk in the training cohort, and its derivatives by P50 and by K."""
    z, z_weight = _gauss_hermite(_LINE_NODES)
    result = np.zeros(3)
    for group in (paper.PAIN_FREE, paper.PAIN):
        mixture = points_mixture(group)
        points = mixture.mean[:, None] + mixture.sd * z
        logit = line.logit(points)
        risk = risk_of_logit(logit)
        spread = risk * (1.0 - risk) / line.k_points_per_logit
        weight = group.n / paper.STUDY_N * mixture.weight[:, None] * z_weight
        result += [np.sum(weight * part) for part in (risk, -spread, -spread * logit)]
    return float(result[0]), float(result[1]), float(result[2])


def _residuals(line: Line) -> tuple[FloatArray, FloatArray]:
    """The five standardised residuals, shape (5,), and their Jacobian by (P50, K), (5, 2)."""
    p50, k = line
    mean, mean_by_p50, mean_by_k = _mean_risk(line)
    example_logit = line.logit(paper.WORKED_EXAMPLE_TOTAL_POINTS)
    example = float(risk_of_logit(example_logit))
    example_spread = example * (1.0 - example) / k
    cutoff_logit = math.log(paper.CUTOFF / (1.0 - paper.CUTOFF))
    sensitivity, pain_slope = _share_above(paper.PAIN, p50 + k * cutoff_logit)
    false_positive, free_slope = _share_above(paper.PAIN_FREE, p50 + k * cutoff_logit)
    difference = np.array(
        [
            k - K_EXPECTED,
            mean - paper.EVENT_RATE,
            example - paper.WORKED_EXAMPLE_RISK,
            sensitivity - paper.SENSITIVITY,
            (1.0 - false_positive) - paper.SPECIFICITY,
        ]
    )
    jacobian = np.array(
        [
            [0.0, 1.0],
            [mean_by_p50, mean_by_k],
            [-example_spread, -example_spread * example_logit],
            [pain_slope, pain_slope * cutoff_logit],
            [-free_slope, -free_slope * cutoff_logit],
        ]
    )
    se = np.array(
        [
            K_SE,
            EVENT_RATE_SE,
            WORKED_EXAMPLE_RISK_SE,
            math.sqrt(paper.SENSITIVITY * (1.0 - paper.SENSITIVITY) / paper.PAIN.n),
            math.sqrt(paper.SPECIFICITY * (1.0 - paper.SPECIFICITY) / paper.PAIN_FREE.n),
        ]
    )
    return difference / se, jacobian / se[:, None]


def fit_line() -> Line:
    """P50 and K that minimise the sum of squared residuals (Gauss-Newton).

    Raises ArithmeticError if the steps do not settle.
    """
    line = Line(anchored_line().p50_points, K_EXPECTED)
    for _ in range(_MAX_STEPS):
        residuals, jacobian = _residuals(line)
        step = np.linalg.solve(jacobian.T @ jacobian, -jacobian.T @ residuals)
        line = Line(line.p50_points + float(step[0]), line.k_points_per_logit + float(step[1]))
        if np.max(np.abs(step)) < _TOLERANCE_POINTS:
            return line
    raise ArithmeticError("the points-to-risk line did not converge")


def cohort_line() -> Line:
    """Bracket curve: K = 25, mean predicted risk equal to the event rate of the cohort.

    Raises ArithmeticError if the steps do not settle.
    """
    p50 = anchored_line().p50_points
    for _ in range(_MAX_STEPS):
        mean, by_p50, _by_k = _mean_risk(Line(p50, K_EXPECTED))
        step = (paper.EVENT_RATE - mean) / by_p50
        p50 += step
        if abs(step) < _TOLERANCE_POINTS:
            return Line(p50, K_EXPECTED)
    raise ArithmeticError("the bracket curve did not converge")


def anchored_line() -> Line:
    """Bracket curve: K = 25, the worked example at exactly 80 %."""
    odds = paper.WORKED_EXAMPLE_RISK / (1.0 - paper.WORKED_EXAMPLE_RISK)
    return Line(paper.WORKED_EXAMPLE_TOTAL_POINTS - K_EXPECTED * math.log(odds), K_EXPECTED)


def performance(line: Line) -> LinePerformance:
    """Calibration in the large and the study's cut-off, as the line has them."""
    logit = math.log(paper.CUTOFF / (1.0 - paper.CUTOFF))
    cutoff_points = line.p50_points + line.k_points_per_logit * logit
    return LinePerformance(
        mean_risk=_mean_risk(line)[0],
        cutoff_points=cutoff_points,
        sensitivity=_share_above(paper.PAIN, cutoff_points)[0],
        specificity=1.0 - _share_above(paper.PAIN_FREE, cutoff_points)[0],
    )


def _nodes(value: MeanSd, z: FloatArray) -> FloatArray:
    return value.mean + value.sd * z


def fisher_information(line: Line) -> FloatArray:
    """569 E[p (1 - p) x x'] with x = (1, the covariates in the order of Table 7), shape (8, 8)."""
    z, z_weight = _gauss_hermite(_SPACE_NODES)
    z_age, z_pdw, z_chloride = (axis.ravel() for axis in np.meshgrid(z, z, z, indexing="ij"))
    space_weight = np.einsum("i,j,k->ijk", z_weight, z_weight, z_weight).ravel()
    ones = np.ones(len(space_weight))
    information: FloatArray = np.zeros((8, 8))
    for group in (paper.PAIN_FREE, paper.PAIN):
        age = _nodes(group.age_years, z_age)
        pdw = _nodes(group.pdw_fl, z_pdw)
        chloride = _nodes(group.chloride_mmol_l, z_chloride)
        for (bmd, trauma, edema, mvh), weight in zip(*_patterns(group), strict=True):
            covariates = _by_predictor(
                age, ones * bmd, ones * trauma, ones * edema, pdw, chloride, ones * mvh
            )
            risk = line.risk(RONG_2025.total_points(covariates))
            x = np.stack([ones, *covariates.values()])
            node_weight = group.n * weight * space_weight * risk * (1.0 - risk)
            information += np.asarray((x * node_weight) @ x.T, dtype=np.float64)
    return information


def covariance(line: Line) -> FloatArray:
    """Covariance of the coefficients (intercept first), the inverse of the information."""
    inverse = np.asarray(np.linalg.inv(fisher_information(line)), dtype=np.float64)
    # Exactly symmetric, which the inverse is only up to its last digits.
    return np.asarray((inverse + inverse.T) / 2.0, dtype=np.float64)
