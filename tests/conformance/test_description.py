"""``model.json`` is enough: intervals and ranges follow from its numbers, by README's formulas."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from script.lib.conformance.description import described
from tests.conformance.conftest import Cases


def risk_of(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))


def covariate(predictor: dict[str, Any], value: Any) -> float:
    return float(value < predictor["below"]) if "below" in predictor else float(value)


def ends(logit: float, half_width: float) -> list[float]:
    return [risk_of(logit - half_width), risk_of(logit + half_width)]


def test_intervals_and_ranges(either: Cases) -> None:
    plain = json.loads(json.dumps(described(either.model), allow_nan=False))
    interval, line = plain["interval"], plain["interval"]["line"]
    compared = 0
    for case in either.cases:
        if "risk" not in case.expected:
            continue
        points = case.expected["total_points"]
        x = [1.0, *(covariate(p, case.input[p["field"]]) for p in plain["predictors"])]
        matrix = interval["covariance"]
        variance = interval["small_sample_variance_factor"] * math.fsum(
            matrix[i][j] * x[i] * x[j] for i in range(len(x)) for j in range(len(x))
        )

        def logit(of: dict[str, float], points: float = points) -> float:
            return (points - of["p50_points"]) / of["k_points_per_logit"]

        own = logit(plain["line"])
        if line["kind"] == "covariance":
            of_line = math.fsum(
                (
                    line["variance_intercept"],
                    2.0 * line["covariance"] * points,
                    line["variance_slope"] * points**2,
                )
            )
            band = ends(own, interval["normal_quantile"] * math.sqrt(of_line))
        else:
            of_line = 0.0
            risks = [risk_of(own), *(risk_of(logit(other)) for other in line["lines"])]
            band = [min(risks), max(risks)]
        half_width = interval["normal_quantile"] * math.sqrt(variance + of_line)
        assert case.expected["ci95"] == pytest.approx(ends(own, half_width), abs=1e-12, rel=0)
        assert case.expected["band"] == pytest.approx(band, abs=1e-12, rel=0)
        compared += 1
    assert compared > 1_500


def test_the_kit_holds_it(kit: Path, published: Cases) -> None:
    assert json.loads((kit / "model.json").read_text()) == described(published.model)
