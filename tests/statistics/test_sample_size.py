"""The sizes of Riley et al. 2021 beside pmvalsampsize (make_sample_size.py)."""

import math
from collections.abc import Iterable

import numpy as np
import pytest

from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstruction
from scoring.statistics.predictions import FloatArray
from scoring.statistics.sample_size import TARGET_WIDTHS, Expected, mixture_logits, needs
from tests.statistics.reference.make_sample_size import AT_CUTOFF, CALL, LINE
from tests.statistics.reference.values import reference

NAMES = tuple(TARGET_WIDTHS)


def sizes(logits: FloatArray, weights: FloatArray) -> dict[str, int]:
    expected = Expected(
        event_rate=CALL["prevalence"],
        auc=CALL["cstatistic"],
        logits=logits,
        weights=weights,
        **{name: AT_CUTOFF[name] for name in ("sensitivity", "specificity", "threshold")},
    )
    return {one.statistic: one.n for one in needs(expected)}


def normal() -> dict[str, int]:
    mean, sd = CALL["lpnormal"]
    return sizes(*mixture_logits(np.ones(1), np.array([mean]), sd))


def of_the_study() -> dict[str, int]:
    parts: Iterable[tuple[FloatArray, FloatArray]] = []
    for group in (paper.PAIN, paper.PAIN_FREE):
        mixture = reconstruction.points_mixture(group)
        weight = mixture.weight * group.n / 569
        logits = (mixture.mean - LINE[0]) / LINE[1]
        parts = [*parts, mixture_logits(weight, logits, mixture.sd / LINE[1])]
    logits, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    return sizes(logits, weights)


@pytest.mark.parametrize("version", ["0.1.0", "0.2.1"])
@pytest.mark.parametrize("kind", ["normal", "study"])
def test_sizes_as_pmvalsampsize_has_them(kind: str, version: str) -> None:
    """It takes steps of 0.0001 in the SE, 3 decimals for net benefit, and a million draws."""
    ours = normal() if kind == "normal" else of_the_study()
    theirs = reference("sample_size")[version][kind]
    # Version 0.2.1 stops at the net benefit.
    assert set(theirs) == set(NAMES) - ({"net_benefit"} if version == "0.2.1" else set())
    for name, n in theirs.items():
        assert ours[name] == pytest.approx(n, rel=0.006), name
        # Closed formulas both: 1.96 in place of 1.959964 may be one patient.
        if name in {"observed_expected", "auc"}:
            assert abs(ours[name] - n) <= 1


def test_the_slope_of_version_1_needs_643_with_133_events() -> None:
    assert of_the_study()["calibration_slope"] == 643
    assert math.ceil(643 * CALL["prevalence"]) == 133


def test_the_intervals_are_as_wide_as_the_targets() -> None:
    """The slope's standard error in many drawn cohorts of the size it asks for."""
    mean, sd = CALL["lpnormal"]
    n = normal()["calibration_slope"]
    rng = np.random.default_rng(1)
    informations = []
    for _ in range(300):
        logit = rng.normal(mean, sd, n)
        risk = 1 / (1 + np.exp(-logit))
        x = np.column_stack([np.ones(n), logit])
        informations.append((x * (risk * (1 - risk))[:, None]).T @ x)
    variance = np.linalg.inv(np.mean(informations, axis=0))[1, 1]
    assert 2 * 1.959964 * variance**0.5 == pytest.approx(0.4, rel=0.02)


def test_narrower_targets_need_more(monkeypatch: pytest.MonkeyPatch) -> None:
    before = normal()
    monkeypatch.setattr(
        "scoring.statistics.sample_size.TARGET_WIDTHS",
        {name: width / 2 for name, width in TARGET_WIDTHS.items()},
    )
    after = normal()
    # The interval of O/E is symmetric in its logarithm, that of an AUC has a term without n.
    for name in NAMES:
        assert after[name] == pytest.approx(4 * before[name], rel=0.03), name
