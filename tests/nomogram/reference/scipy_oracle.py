"""The reconstruction once more, from the transcript of the paper, with scipy and other formulas.

Nothing of ``scoring`` is imported: adaptive quadrature instead of Gauss-Hermite, scipy's minimiser
with numeric derivatives instead of Gauss-Newton, and, for the Fisher information, a line integral
over the points with the conditional moments of the predictors instead of a grid in space.
"""

import itertools
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad_vec
from scipy.optimize import brentq, least_squares
from scipy.special import expit
from scipy.stats import norm

PUBLISHED: dict[str, Any] = json.loads(
    Path(__file__).parent.with_name("published.json").read_text(encoding="utf-8")
)
GROUPS = {name: PUBLISHED["predictors_by_group"][name] for name in ("pain_free", "pain")}
N = sum(group["n"] for group in GROUPS.values())
BINARY = ("bmd_abs_t_above_3_5", "trauma_history", "posterior_fascia_edema", "mvh_restored")
# Points of (no, yes), and points per unit of age, PDW, chloride: Table 7.
BINARY_POINTS = np.array(
    [[PUBLISHED["table_7_points"][b][a] for a in ("no", "yes")] for b in BINARY]
)
PER_UNIT = np.array([-0.95, 3.47, -2.55])
ZERO_POINTS = np.array([100.0, 6.0, 115.0])
Array = NDArray[np.float64]


class Component(NamedTuple):
    """One pattern of answers in one group; weights add up to 1 over the whole cohort."""

    group: str
    weight: float
    answers: tuple[int, ...]
    mean: Array
    sd: Array
    points_mean: float
    points_sd: float


def _components() -> list[Component]:
    found = []
    for name, group in GROUPS.items():
        continuous = np.array([group[key] for key in ("age_years", "pdw", "chloride_mmol_l")])
        mean, sd = continuous.T
        for answers in itertools.product((0, 1), repeat=4):
            weight = group["n"] / N
            for key, answer in zip(BINARY, answers, strict=True):
                share = group[key] / group["n"]
                weight *= share if answer else 1 - share
            points = float(PER_UNIT @ (mean - ZERO_POINTS))
            points += float(sum(BINARY_POINTS[i][answer] for i, answer in enumerate(answers)))
            spread = float(np.sqrt(np.sum((PER_UNIT * sd) ** 2)))
            found.append(Component(name, weight, answers, mean, sd, points, spread))
    return found


COMPONENTS = _components()
WEIGHT = np.array([c.weight for c in COMPONENTS])
MEAN = np.array([c.points_mean for c in COMPONENTS])
SD = np.array([c.points_sd for c in COMPONENTS])
IN_PAIN = np.array([c.group == "pain" for c in COMPONENTS])


def mean_risk(p50: float, k: float) -> float:
    """Mean predicted risk in the training cohort."""
    value, _error = quad_vec(
        lambda z: norm.pdf(z) * np.sum(WEIGHT * expit((MEAN + SD * z - p50) / k)),
        -12,
        12,
        epsabs=1e-13,
        epsrel=1e-13,
    )
    return float(value)


def share_above(points: float, pain: bool) -> float:
    """Share of a group above the points."""
    chosen = pain == IN_PAIN
    weight = WEIGHT[chosen] / WEIGHT[chosen].sum()
    return float(weight @ norm.sf(points, MEAN[chosen], SD[chosen]))


def mean_points(pain: bool) -> float:
    """Mean points of a group."""
    chosen = pain == IN_PAIN
    return float(np.average(MEAN[chosen], weights=WEIGHT[chosen]))


def auc() -> float:
    """Probability that a patient with pain has more points than one without."""
    pain, free = IN_PAIN, ~IN_PAIN
    weight = np.outer(WEIGHT[pain] / WEIGHT[pain].sum(), WEIGHT[free] / WEIGHT[free].sum())
    difference = MEAN[pain][:, None] - MEAN[free][None, :]
    return float(np.sum(weight * norm.cdf(difference / np.hypot(SD[pain][:, None], SD[free]))))


def residuals(line: Array) -> Array:
    """Slope, calibration in the large, worked example, sensitivity, specificity."""
    p50, k = line
    training = PUBLISHED["performance"]["training"]
    sensitivity, specificity = training["sensitivity"], training["specificity"]
    cutoff = training["cutoff_probability"]
    cutoff_points = p50 + k * np.log(cutoff / (1 - cutoff))
    example = expit((PUBLISHED["worked_example"]["total_as_printed"] - p50) / k)
    n_pain, n_free = GROUPS["pain"]["n"], GROUPS["pain_free"]["n"]
    return np.array(
        [
            (k - 25) / 0.75,
            (mean_risk(p50, k) - n_pain / N) / 0.01,
            (example - 0.80) / 0.025,
            (share_above(cutoff_points, True) - sensitivity)
            / np.sqrt(sensitivity * (1 - sensitivity) / n_pain),
            (1 - share_above(cutoff_points, False) - specificity)
            / np.sqrt(specificity * (1 - specificity) / n_free),
        ]
    )


def fitted_line() -> tuple[float, float]:
    """(P50, K) of least squares."""
    fit = least_squares(residuals, [150.0, 25.0], jac="3-point", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return float(fit.x[0]), float(fit.x[1])


def cohort_p50() -> float:
    """P50 of the bracket curve with K = 25 that is calibrated to the cohort."""
    rate = GROUPS["pain"]["n"] / N
    return float(brentq(lambda p50: mean_risk(p50, 25.0) - rate, 100, 200, xtol=1e-12))


def fisher_information(p50: float, k: float) -> Array:
    """569 E[p (1 - p) x x'], x = (1, age, BMD, trauma, edema, PDW, chloride, MVH)."""
    places = [1, 5, 6]  # age, PDW, chloride in x
    total = np.zeros((8, 8))
    for c in COMPONENTS:
        toward = PER_UNIT * c.sd / c.points_sd
        left_over = np.diag(c.sd) @ (np.eye(3) - np.outer(toward, toward)) @ np.diag(c.sd)
        bmd, trauma, edema, mvh = c.answers

        def integrand(
            z: float,
            c: Component = c,
            toward: Array = toward,
            left_over: Array = left_over,
            answers: tuple[int, ...] = (bmd, trauma, edema, mvh),
        ) -> Array:
            age, pdw, chloride = c.mean + c.sd * toward * z
            x = np.array([1, age, *answers[:3], pdw, chloride, answers[3]])
            second_moment = np.outer(x, x)
            second_moment[np.ix_(places, places)] += left_over
            risk = expit((c.points_mean + c.points_sd * z - p50) / k)
            return np.asarray(norm.pdf(z) * risk * (1 - risk) * second_moment)

        value, _error = quad_vec(integrand, -10, 10, epsabs=1e-9, epsrel=1e-11)
        total += N * c.weight * value
    return total
