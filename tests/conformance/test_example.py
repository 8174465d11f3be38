"""The example of the kit passes; changed in one place, it is caught by the cases made for that."""

import subprocess
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

from script.lib.conformance.cases import Case
from script.lib.conformance.kit import write_kit
from tests.conformance.conftest import Cases
from tests.conformance.programs import loaded_example, wrong_cases

Changes = Callable[[Any], None]


@pytest.mark.slow
def test_the_kit_checks_its_own_example_with_python_alone(kit: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "check.py", "--", sys.executable, "-I", "-S", "example.py"],
        cwd=kit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("2,000 of 2,000 cases agree.\n")


def test_the_example_serves_any_model(made_up: Cases, tmp_path: Path) -> None:
    write_kit(made_up.model, made_up.cases, tmp_path / "kit")
    assert wrong_cases(made_up.cases, loaded_example(tmp_path / "kit").answer) == {}


@pytest.fixture(scope="module")
def special(published: Cases) -> list[Case]:
    """Those that were made for something, and a few random patients."""
    return [
        case
        for case in published.cases
        if not case.id.startswith("random-") or case.id <= "random-020"
    ]


def predictor(example: Any, key: str) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = (one for one in example.MODEL["predictors"] if one["key"] == key)
    return found


def threshold_counts_as_below(example: Any) -> None:
    predictor(example, "bmd")["below"] = -3.4999999


def sign_is_ignored(example: Any) -> None:
    points = example.points
    example.points = lambda one, value: points(
        one, -abs(value) if one["kind"] == "threshold" else value
    )


def halves_go_to_the_even_digit(example: Any) -> None:
    example.ROUND_HALF_UP = ROUND_HALF_EVEN


def noise_stays(example: Any) -> None:
    example.rounded = lambda value, decimals: Decimal(f"{value:.{decimals}f}")


def shown_risk_meets_the_cutoff(example: Any) -> None:
    scored = example.scored

    def changed(by_key: Any) -> Any:
        found = scored(by_key)
        return found | {"at_or_above_cutoff": round(found["risk"], 2) >= example.MODEL["cutoff"]}

    example.scored = changed


def ends_are_outside(example: Any) -> None:
    one = predictor(example, "pdw")
    one["low"], one["high"] = 6.0000000001, 34.7999999999


def age_is_cut(example: Any) -> None:
    predictor(example, "age")["whole"] = False


def unknown_is_no(example: Any) -> None:
    answer = example.answer

    def changed(given: Any) -> Any:
        if isinstance(given, dict) and given.get("mvh_restored", 0) is None:
            given = {**given, "mvh_restored": False}
        return answer(given)

    example.answer = changed


def missing_is_no(example: Any) -> None:
    answer = example.answer

    def changed(given: Any) -> Any:
        if isinstance(given, dict) and given.get("trauma_history") is None:
            given = {**given, "trauma_history": False}
        return answer(given)

    example.answer = changed


def texts_are_numbers(example: Any) -> None:
    answer = example.answer

    def number(value: Any) -> Any:
        try:
            return float(value) if isinstance(value, str) else value
        except ValueError:
            return value

    def changed(given: Any) -> Any:
        if isinstance(given, dict):
            given = {field: number(value) for field, value in given.items()}
        return answer(given)

    example.answer = changed


def strange_fields_are_ignored(example: Any) -> None:
    answer = example.answer
    known = [one["field"] for one in example.MODEL["predictors"]]

    def changed(given: Any) -> Any:
        if isinstance(given, dict):
            given = {field: value for field, value in given.items() if field in known}
        return answer(given)

    example.answer = changed


def usual_range_ends_early(example: Any) -> None:
    one = predictor(example, "chloride")
    one["usual"] = [one["usual"][0] + 0.05, one["usual"][1] - 0.05]


def line_is_that_of_another_version(example: Any) -> None:
    example.MODEL["line"]["p50_points"] += 1e-6


@pytest.mark.parametrize(
    ("change", "groups", "part"),
    [
        (threshold_counts_as_below, {"threshold"}, "risk"),
        (sign_is_ignored, {"threshold"}, "points"),
        (halves_go_to_the_even_digit, {"total-half", "percent"}, "shown.total_points"),
        (noise_stays, {"total-half", "percent"}, "shown.total_points"),
        (shown_risk_meets_the_cutoff, {"cutoff"}, "at_or_above_cutoff"),
        (ends_are_outside, {"domain"}, "error"),
        (age_is_cut, {"whole"}, "error"),
        (unknown_is_no, {"unknown"}, "risk"),
        (missing_is_no, {"missing"}, "error"),
        (texts_are_numbers, {"type"}, "error"),
        (strange_fields_are_ignored, {"name", "unit"}, "error"),
        (usual_range_ends_early, {"caution"}, "cautions"),
        (line_is_that_of_another_version, {"random"}, "risk"),
    ],
)
def test_an_error_is_caught_by_the_cases_made_for_it(
    kit: Path, special: list[Case], change: Changes, groups: set[str], part: str
) -> None:
    example = loaded_example(kit)
    change(example)
    wrong = wrong_cases(special, example.answer)
    caught = {name.rpartition("-")[0] for name in wrong}
    assert groups <= caught
    assert any(part in kinds for kinds in wrong.values())
    # One error does not make everything differ, or the cases would tell nothing.
    if change is not line_is_that_of_another_version:
        assert len(wrong) < 0.4 * len(special)


def test_a_case_says_what_it_caught(kit: Path, special: list[Case]) -> None:
    example = loaded_example(kit)
    threshold_counts_as_below(example)
    wrong = wrong_cases(special, example.answer)
    named = {case.tests for case in special if case.id in wrong}
    assert "t_score exactly on the threshold -3.5" in named
    example = loaded_example(kit)
    halves_go_to_the_even_digit(example)
    wrong = wrong_cases(special, example.answer)
    named = {case.tests for case in special if case.id in wrong}
    assert {
        "total points lie exactly between two texts",
        "risk on 44.5 %, between two whole per cents",
    } <= named
