import json
from typing import Any

import pytest

from scoring.nomogram.exchange import MAX_LINE_BYTES, result_as_dict, score_line, score_lines
from scoring.nomogram.rong2025.model import RONG_2025
from tests.nomogram.examples import WORKED_EXAMPLE

AGE = {"low": 50.0, "high": 100.0, "unit": "a"}


def line(**changes: Any) -> bytes:
    return json.dumps({**WORKED_EXAMPLE, **changes}).encode() + b"\n"


def error(given: bytes) -> dict[str, Any]:
    scored = score_line(RONG_2025, given, row=7)
    # Whatever was given, the answer is strict JSON.
    assert json.loads(json.dumps(scored, allow_nan=False)) == scored
    assert set(scored) == {"error"}
    found: dict[str, Any] = scored["error"]
    assert set(found) == {"row", "code", "predictor", "value", "allowed"}
    assert found["row"] == 7
    return found


def test_a_line_is_scored() -> None:
    expected = result_as_dict(RONG_2025.assess(WORKED_EXAMPLE))
    assert score_line(RONG_2025, line(), row=1) == expected
    assert score_line(RONG_2025, line().strip(), row=1) == expected
    assert score_line(RONG_2025, b"\xef\xbb\xbf" + line(), row=1) == expected
    assert score_line(RONG_2025, b"  " + line()[:-1] + b" \r\n", row=1) == expected


@pytest.mark.parametrize(
    ("value", "code", "echoed"),
    [
        (None, "missing", None),
        (True, "not_a_number", True),
        ("80", "not_a_number", "80"),
        ("80,5", "not_a_number", "80,5"),
        ([80, float("nan")], "not_a_number", "[80, NaN]"),
        ({"value": 80}, "not_a_number", '{"value": 80}'),
        (float("nan"), "not_finite", "NaN"),
        (float("-inf"), "not_finite", "-Infinity"),
        (49.99, "out_of_range", 49.99),
        (10**400, "out_of_range", 10**400),
    ],
)
def test_a_number_that_cannot_be_scored(value: object, code: str, echoed: object) -> None:
    found = error(line(age_years=value))
    assert (found["code"], found["predictor"], found["value"]) == (code, "age_years", echoed)
    assert found["allowed"] == AGE


def test_a_number_beyond_the_doubles_is_not_finite() -> None:
    found = error(line().replace(b"12.8", b"1e999"))
    assert (found["code"], found["predictor"]) == ("not_finite", "pdw_fl")
    assert found["value"] == "Infinity"


@pytest.mark.parametrize("value", ["yes", "true", 1, 0])
def test_only_true_and_false_are_answers(value: object) -> None:
    found = error(line(trauma_history=value))
    assert (found["code"], found["predictor"], found["value"]) == (
        "not_yes_or_no",
        "trauma_history",
        value,
    )
    assert found["allowed"] == [True, False]
    assert error(line(mvh_restored=value))["allowed"] == [True, False, None]


def test_an_unknown_field_is_named_with_the_known_ones() -> None:
    found = error(line(pdw=12.8))
    assert (found["code"], found["predictor"], found["value"]) == ("unknown_field", "pdw", 12.8)
    assert found["allowed"] == list(WORKED_EXAMPLE)


def test_a_field_given_twice_is_refused() -> None:
    found = error(line()[:-2] + b', "age_years": 81}\n')
    assert (found["code"], found["predictor"], found["value"]) == (
        "duplicate_field",
        "age_years",
        81,
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"\n", "not_json"),
        (b"", "not_json"),
        (b"age_years=80\n", "not_json"),
        (b'{"age_years": 80\n', "not_json"),
        (b'{"age_years": 80} {"age_years": 80}\n', "not_json"),
        (b"\xff\xfe\x00\n", "not_json"),
        (b"[" * 30_000 + b"\n", "not_json"),
        (b'{"age_years": ' + b"9" * 5_000 + b"}\n", "not_json"),
        (b"[80, -2.0]\n", "not_an_object"),
        (b"null\n", "not_an_object"),
        (b" " * MAX_LINE_BYTES + b"{}", "line_too_long"),
    ],
)
def test_a_malformed_line(given: bytes, code: str) -> None:
    assert error(given) == {
        "row": 7,
        "code": code,
        "predictor": None,
        "value": None,
        "allowed": None,
    }


def test_lines_together_are_those_one_by_one() -> None:
    lines = [line(), line(mvh_restored=None), line(age_years=49), b"x", line(pdw_fl=9, t_score=1)]
    one_by_one = [score_line(RONG_2025, one, row) for row, one in enumerate(lines, start=7)]
    together = score_lines(RONG_2025, lines, 7)
    assert _rounded(together) == _rounded(one_by_one)
    assert [answer["error"]["row"] for answer in together if "error" in answer] == [9, 10]
    assert score_lines(RONG_2025, [], 1) == []


def _rounded(plain: object) -> object:
    """The last bits of an interval depend on how many are scored together."""
    return json.loads(json.dumps(plain), parse_float=lambda text: f"{float(text):.12g}")
