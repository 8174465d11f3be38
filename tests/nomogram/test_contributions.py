"""Each predictor against the study's average, by arithmetic from the published tables alone."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from scoring.nomogram.contributions import contributions
from scoring.nomogram.rong2025.model import RONG_2025
from tests.nomogram.examples import WORKED_EXAMPLE
from tests.nomogram.made_up import MADE_UP, PATIENT

PUBLISHED: dict[str, Any] = json.loads(Path(__file__).with_name("published.json").read_text())
FREE, PAIN = (PUBLISHED["predictors_by_group"][group] for group in ("pain_free", "pain"))
# The line of reconstruction 2: points at 50 %, points to a logit.
P50, K = 155.4891, 24.5749


def _mean(name: str) -> float:
    n = FREE["n"], PAIN["n"]
    return float((n[0] * FREE[name][0] + n[1] * PAIN[name][0]) / sum(n))


def _share(name: str) -> float:
    return float((FREE[name] + PAIN[name]) / (FREE["n"] + PAIN["n"]))


# Table 7 written out, at the averages of Tables 1 to 3; the mean age is printed for both groups.
AVERAGE_POINTS = {
    "age": 0.95 * (100 - PUBLISHED["cohort"]["training"]["age_years"]["mean"]),
    "bmd": 16.32 * (1 - _share("bmd_abs_t_above_3_5")),
    "trauma_history": 19.58 * _share("trauma_history"),
    "posterior_fascia_edema": 44.21 * _share("posterior_fascia_edema"),
    "pdw": 3.47 * (_mean("pdw") - 6),
    "chloride": 2.55 * (115 - _mean("chloride_mmol_l")),
    "mvh": 35.68 * (1 - _share("mvh_restored")),
}
# The worked example of the paper, likewise.
POINTS = {
    "age": 0.95 * 20,
    "bmd": 16.32,
    "trauma_history": 19.58,
    "posterior_fascia_edema": 44.21,
    "pdw": 3.47 * 6.8,
    "chloride": 2.55 * 10,
    "mvh": 35.68,
}


def test_the_worked_example_against_the_average_patient() -> None:
    (scenario,) = RONG_2025.assess(WORKED_EXAMPLE).scenarios
    found = contributions(RONG_2025, scenario)
    assert [contribution.key for contribution in found] == list(POINTS)
    total = sum(POINTS.values())
    for contribution in found:
        difference = POINTS[contribution.key] - AVERAGE_POINTS[contribution.key]
        assert contribution.difference == pytest.approx(difference, abs=1e-9)
        risk = 1 / (1 + math.exp(-(total - difference - P50) / K))
        assert contribution.risk_at_average == pytest.approx(risk, abs=1e-9)


def test_while_provisional_only_the_late_predictor_differs() -> None:
    restored, not_restored = (
        {c.key: c.difference for c in contributions(RONG_2025, scenario)}
        for scenario in RONG_2025.assess({**WORKED_EXAMPLE, "mvh_restored": None}).scenarios
    )
    late = not_restored.pop("mvh") - restored.pop("mvh")
    assert late == pytest.approx(35.68)
    assert restored == not_restored
    assert restored["age"] < 0 < restored["posterior_fascia_edema"]


def test_a_model_of_which_nothing_is_published_has_none() -> None:
    (scenario,) = MADE_UP.assess(PATIENT).scenarios
    assert contributions(MADE_UP, scenario) == ()
