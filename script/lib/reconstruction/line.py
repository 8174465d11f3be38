"""The line from points to risk and its covariance: the run that the shipped constants come from."""

import time

import numpy as np

from scoring.nomogram.logistic import FloatArray, Line
from scoring.nomogram.rong2025.reconstruction import covariance, fisher_information
from scoring.nomogram.rong2025.version_1 import LINE as LINE_OF_VERSION_1
from script.lib.reconstruction.chain import Chains
from script.lib.reconstruction.conditions import ALL, STEPS, Conditions
from script.lib.reconstruction.posterior import Posterior, posterior

SEED = 20250813
CHAINS, BURN_IN, SWEEPS = 256, 100, 500
# Leaving conditions out is told to one decimal; with fewer of them the chains mix more slowly.
STEP_CHAINS, STEP_BURN_IN, STEP_SWEEPS = 64, 400, 500


def information() -> FloatArray:
    """The Fisher information that scales the score equations: at the line of version 1.

    Known before the chain runs; at the line of version 2 it differs by about 2 %.
    """
    return fisher_information(LINE_OF_VERSION_1)


def derive(
    conditions: Conditions = ALL,
    *,
    chains: int = CHAINS,
    burn_in: int = BURN_IN,
    sweeps: int = SWEEPS,
    seed: int = SEED,
) -> tuple[Posterior, str]:
    """The posterior of the line, and how the run went."""
    start = time.monotonic()
    drawn = Chains(chains, np.random.default_rng(seed), information(), conditions).run(
        burn_in, sweeps
    )
    found = posterior(drawn)
    run = (
        f"{chains} chains, {burn_in} sweeps of burn-in and {sweeps} kept; accepted: "
        f"{drawn.swaps_accepted:.0%} of swaps, {drawn.line_moves_accepted:.0%} of line moves; "
        f"split R-hat {found.p50_diagnostics.r_hat:.4f} and {found.k_diagnostics.r_hat:.4f}, "
        f"effective draws {found.p50_diagnostics.effective_draws:.0f} and "
        f"{found.k_diagnostics.effective_draws:.0f}; {time.monotonic() - start:.0f} s"
    )
    return found, run


def _constants(found: Posterior) -> str:
    (variance, shared), (_same, slope_variance) = found.line_covariance.tolist()
    line = Line(round(found.p50.value, 4), round(found.k.value, 4))
    lower = covariance(line)
    rows = "\n".join(
        f"    ({', '.join(f'{value!r}' for value in row[: place + 1])},),"
        for place, row in enumerate(lower.tolist())
    )
    return "\n".join(
        [
            f"LINE = {line}",
            f"LINE_COVARIANCE = (({variance:.6g}, {shared:.6g}), ({shared:.6g}, "
            f"{slope_variance:.6g}))",
            "COVARIANCE_LOWER = (",
            rows,
            ")",
        ]
    )


def report_line() -> str:
    """The shipped constants, and how sure they are; Monte Carlo standard errors in brackets."""
    found, run = derive()
    error = found.line_covariance_error
    return "\n".join(
        [
            run,
            f"P50 {found.p50.text(3)} points, SD {found.p50_sd.text(3)}, central 95 % "
            f"{found.p50_range[0]:.1f} to {found.p50_range[1]:.1f}",
            f"K {found.k.text(3)} points per logit, SD {found.k_sd.text(3)}",
            f"correlation {found.correlation.text(3)}",
            f"intercept {found.intercept.text(4)}, slope {found.slope.text(6)}",
            "Monte Carlo errors of the covariance: "
            f"{error[0, 0]:.2g}, {error[0, 1]:.2g}, {error[1, 1]:.2g}",
            "",
            _constants(found),
        ]
    )


def report_conditions() -> str:
    """What each condition adds: mean of P50 with its central 95 %, mean and SD of K.

    All conditions together are ``report_line``.
    """
    lines = []
    for name, conditions in STEPS[:-1]:
        found, run = derive(
            conditions, chains=STEP_CHAINS, burn_in=STEP_BURN_IN, sweeps=STEP_SWEEPS
        )
        low, high = found.p50_range
        lines += [
            f"{name}: P50 {found.p50.text(2)}, {low:.1f} to {high:.1f}; K {found.k.text(2)}, "
            f"SD {found.k_sd.text(2)}; correlation {found.correlation.text(2)}",
            f"    {run}",
        ]
    return "\n".join(lines)
