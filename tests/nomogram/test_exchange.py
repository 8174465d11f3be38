import json
from typing import Any

import pytest

from scoring.nomogram.errors import PredictorError, RowError
from scoring.nomogram.exchange import allowed_values, result_as_dict
from scoring.nomogram.rong2025.model import RONG_2025
from tests.nomogram.examples import WORKED_EXAMPLE

SCORED_KEYS = {"total_points", "risk", "ci95", "band", "at_or_above_cutoff"}


def test_inputs_from_all_seven_fields() -> None:
    assert dict(RONG_2025.inputs(WORKED_EXAMPLE)) == WORKED_EXAMPLE
    assert RONG_2025.inputs({**WORKED_EXAMPLE, "mvh_restored": None})["mvh_restored"] is None


@pytest.mark.parametrize("field", WORKED_EXAMPLE)
def test_a_field_that_is_not_there_is_missing(field: str) -> None:
    fields = {name: value for name, value in WORKED_EXAMPLE.items() if name != field}
    with pytest.raises(PredictorError) as caught:
        RONG_2025.inputs(fields)
    assert (caught.value.predictor, caught.value.code) == (field, "missing")


def test_a_bad_value_is_reported_before_a_missing_radiograph() -> None:
    fields = {**WORKED_EXAMPLE, "pdw_fl": 60}
    del fields["mvh_restored"]
    with pytest.raises(PredictorError) as caught:
        RONG_2025.inputs(fields)
    assert (caught.value.predictor, caught.value.code) == ("pdw_fl", "out_of_range")


def test_a_misspelt_field_is_an_error_that_names_it() -> None:
    fields: dict[str, Any] = {**WORKED_EXAMPLE, "mvh_restord": True}
    del fields["mvh_restored"]
    with pytest.raises(RowError) as caught:
        RONG_2025.inputs(fields)
    assert (caught.value.code, caught.value.field) == ("unknown_field", "mvh_restord")
    assert str(caught.value) == "mvh_restord: unknown_field"


def test_allowed_values() -> None:
    assert allowed_values(RONG_2025, "pdw_fl") == {"low": 6.0, "high": 34.8, "unit": "fL"}
    assert allowed_values(RONG_2025, "trauma_history") == [True, False]
    assert allowed_values(RONG_2025, "mvh_restored") == [True, False, None]


def test_a_final_result_as_codes_and_unrounded_numbers() -> None:
    result = RONG_2025.assess(WORKED_EXAMPLE)
    plain = result_as_dict(result)
    (scenario,) = result.scenarios
    assert set(plain) == SCORED_KEYS | {"provisional", "points", "cautions", "model"}
    assert plain["provisional"] is False
    assert plain["points"] == dict(result.points)
    assert plain["total_points"] == scenario.total_points
    assert plain["risk"] == scenario.risk
    assert (plain["ci95"], plain["band"]) == (list(scenario.ci95), list(scenario.band))
    assert plain["at_or_above_cutoff"] is True
    assert plain["cautions"] == [
        {
            "code": "t_score_above_osteoporosis",
            "predictor": "t_score",
            "value": -2.0,
            "low": None,
            "high": -2.5,
        }
    ]
    assert plain["model"] == {"identifier": "rong-2025", "version": "2"}
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_a_provisional_result_has_both_scenarios_and_no_single_risk() -> None:
    result = RONG_2025.assess({**WORKED_EXAMPLE, "mvh_restored": None})
    plain = result_as_dict(result)
    assert plain["provisional"] is True
    assert plain["points"]["mvh"] is None
    assert SCORED_KEYS.isdisjoint(plain)
    assert list(plain["scenarios"]) == ["if_restored", "if_not_restored"]
    for scenario in result.scenarios:
        given = plain["scenarios"][scenario.code]
        assert set(given) == SCORED_KEYS | {"points_mvh"}
        assert given["points_mvh"] == scenario.points["mvh"]
        assert given["total_points"] == scenario.total_points
        assert given["risk"] == scenario.risk
