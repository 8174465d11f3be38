"""A nomogram of three predictors passes through the core without another line of it."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scoring.nomogram.errors import PredictorError
from scoring.nomogram.exchange import allowed_values, result_as_dict, score_line
from scoring.nomogram.parts import UnknownAs
from tests.nomogram.made_up import ANEMIA, MADE_UP, PATIENT, SMOKER, WEIGHT


def expit(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_one_patient() -> None:
    result = MADE_UP.assess(PATIENT)
    assert result.model is MADE_UP
    assert not result.provisional
    assert result.points == {"weight": 30.0, "smoker": 25.0, "anemia": 40.0}
    (scenario,) = result.scenarios
    assert (scenario.code, scenario.late_answer) == ("final", True)
    assert (scenario.points, scenario.total_points) == (result.points, 95.0)
    assert scenario.risk == pytest.approx(expit(0.75), rel=1e-14)
    assert scenario.band == pytest.approx((expit(0.55), expit(0.75)), rel=1e-14)
    # Variance of the logit: 0.04 + 0.0001 x 70 x 70 + 0.09 + 0.16.
    half_width = 1.959963984540054 * math.sqrt(0.78)
    interval = (expit(0.75 - half_width), expit(0.75 + half_width))
    assert scenario.ci95 == pytest.approx(interval, rel=1e-13)
    assert scenario.at_or_above_cutoff
    assert result.cautions == ()


def test_a_late_predictor_gives_both_its_outcomes() -> None:
    result = MADE_UP.assess({**PATIENT, "smoker": None})
    assert result.provisional
    assert result.points == {"weight": 30.0, "smoker": None, "anemia": 40.0}
    assert [scenario.code for scenario in result.scenarios] == ["if_smoking", "if_not_smoking"]
    assert [scenario.late_answer for scenario in result.scenarios] == [True, False]
    assert [scenario.total_points for scenario in result.scenarios] == [95.0, 70.0]
    assert [scenario.at_or_above_cutoff for scenario in result.scenarios] == [True, False]


def test_a_model_without_a_late_predictor() -> None:
    model = replace(MADE_UP, predictors=(WEIGHT, replace(SMOKER, unknown_as=None), ANEMIA))
    (scenario,) = model.assess(PATIENT).scenarios
    assert (scenario.code, scenario.late_answer) == ("final", None)
    assert "scenarios" not in result_as_dict(model.assess(PATIENT))
    with pytest.raises(PredictorError) as caught:
        model.assess({**PATIENT, "smoker": None})
    assert (caught.value.predictor, caught.value.code) == ("smoker", "missing")


def test_cautions_are_those_of_its_own_limits() -> None:
    found = MADE_UP.assess({"weight_kg": 120, "smoker": False, "hemoglobin_g_l": 181}).cautions
    assert [(caution.code, caution.predictor) for caution in found] == [
        ("outside_central_95", "weight_kg"),
        ("hemoglobin_high", "hemoglobin_g_l"),
    ]
    no_limit = replace(ANEMIA, study_limit=None)
    assert no_limit.cautions(181.0) == ()


def test_arrays_are_the_patients_one_by_one() -> None:
    columns: dict[str, Any] = {
        "weight_kg": np.array([70.0, 40.0, 140.0]),
        "smoker": np.array([True, False, True]),
        "hemoglobin_g_l": np.array([110.0, 120.0, 119.9]),
    }
    found = MADE_UP.assess_cohort(columns)
    assert found.points["weight"].tolist() == [30.0, 0.0, 100.0]
    assert found.total_points.tolist() == [95.0, 0.0, 165.0]
    for row in range(3):
        patient = {field: column[row].item() for field, column in columns.items()}
        (scenario,) = MADE_UP.assess(patient).scenarios
        assert found.risk[row] == pytest.approx(scenario.risk, rel=1e-13)
        for arrays, ends in ((found.ci95, scenario.ci95), (found.band, scenario.band)):
            assert [array[row] for array in arrays] == pytest.approx(ends, rel=1e-13)
    with pytest.raises(PredictorError) as caught:
        MADE_UP.cohort({**columns, "smoker": [True, None, False]})
    assert (caught.value.code, caught.value.row) == ("missing", 1)


def test_axes() -> None:
    axes = [(axis.predictor, *axis.fewest, *axis.most) for axis in MADE_UP.axes()]
    assert axes == [
        (WEIGHT, 40.0, 0.0, 140.0, 100.0),
        (SMOKER, 0.0, 0.0, 1.0, 25.0),
        (ANEMIA, 0.0, 0.0, 1.0, 40.0),
    ]
    assert MADE_UP.points_at(0.5) == 80.0
    assert MADE_UP.risk(MADE_UP.points_at(0.3)) == pytest.approx(0.3, rel=1e-14)


def test_dictionaries_in_and_out() -> None:
    assert allowed_values(MADE_UP, "weight_kg") == {"low": 40.0, "high": 140.0, "unit": "kg"}
    assert allowed_values(MADE_UP, "smoker") == [True, False, None]
    plain = result_as_dict(MADE_UP.assess({**PATIENT, "smoker": None}))
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["model"] == {"identifier": "made-up", "version": "7"}
    assert {code: part["points_smoker"] for code, part in plain["scenarios"].items()} == {
        "if_smoking": 25.0,
        "if_not_smoking": 0.0,
    }


def test_json_lines() -> None:
    line = json.dumps(PATIENT).encode()
    assert score_line(MADE_UP, line, row=1) == result_as_dict(MADE_UP.assess(PATIENT))
    heavy = json.dumps({**PATIENT, "weight_kg": 141}).encode()
    assert score_line(MADE_UP, heavy, row=2)["error"] == {
        "row": 2,
        "code": "out_of_range",
        "predictor": "weight_kg",
        "value": 141,
        "allowed": {"low": 40.0, "high": 140.0, "unit": "kg"},
    }
    published = json.dumps({**PATIENT, "age_years": 80}).encode()
    error = score_line(MADE_UP, published, row=3)["error"]
    assert (error["code"], error["allowed"]) == ("unknown_field", list(PATIENT))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"predictors": (WEIGHT, replace(SMOKER, key="weight"), ANEMIA)}, "key and a field"),
        ({"predictors": (WEIGHT, replace(SMOKER, field="weight_kg"), ANEMIA)}, "key and a field"),
        ({"covariance": np.eye(3)}, "covariance"),
        (
            {
                "predictors": (
                    replace(SMOKER, key="late", field="late", unknown_as=UnknownAs("a", "b")),
                    SMOKER,
                    ANEMIA,
                )
            },
            "only one predictor",
        ),
    ],
)
def test_what_is_no_nomogram_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(MADE_UP, **changes)
