"""The cases: the same every time, as the core answers, and with everything that is easy to miss."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from scoring.nomogram.exchange import result_as_dict
from scoring.nomogram.parts import Range
from scoring.nomogram.predictor import Measured, YesNo
from script.lib.conformance.cases import COUNT, Case, make_cases
from tests.conformance.conftest import Cases
from tests.nomogram.made_up import ANEMIA, MADE_UP, SMOKER, WEIGHT

ROOT = Path(__file__).resolve().parents[2]
ERRORS = {
    "missing",
    "not_a_number",
    "not_an_object",
    "not_whole",
    "not_yes_or_no",
    "out_of_range",
    "unknown_field",
}


def with_risk(cases: list[Case]) -> list[Case]:
    return [case for case in cases if "risk" in case.expected]


def codes(cases: list[Case]) -> Counter[str]:
    return Counter(case.expected["error"]["code"] for case in cases if "error" in case.expected)


@pytest.mark.slow
def test_the_files_are_the_same_every_time(kit: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    # Another order of sets, as every process has one of its own.
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-m", "script.lib.conformance", "write", str(again)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    for file in kit.iterdir():
        assert file.read_bytes() == (again / file.name).read_bytes(), file.name
    assert len(list(again.iterdir())) == len(list(kit.iterdir()))


def test_the_manifest_is_that_of_the_files(kit: Path, published: Cases) -> None:
    manifest = json.loads((kit / "manifest.json").read_text())
    assert manifest["model"]["label"] == published.model.label
    assert {*manifest["files"], "manifest.json"} == {file.name for file in kit.iterdir()}
    for name, said in manifest["files"].items():
        content = (kit / name).read_bytes()
        assert said == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_the_file_holds_the_cases_with_every_digit(kit: Path, published: Cases) -> None:
    lines = (kit / "cases.jsonl").read_text().splitlines()
    assert len(lines) == COUNT
    assert [json.loads(line) for line in lines] == [asdict(case) for case in published.cases]


def test_every_case_has_a_name_of_its_own(either: Cases) -> None:
    assert len(either.cases) == COUNT
    assert len({case.id for case in either.cases}) == COUNT
    assert all(case.tests for case in either.cases)


def test_what_is_expected_is_what_the_core_says(either: Cases) -> None:
    compared = 0
    for case in either.cases:
        if "error" in case.expected:
            continue
        plain = result_as_dict(either.model.assess(case.input))
        for name in ("points", "total_points", "risk", "ci95", "band", "at_or_above_cutoff"):
            assert case.expected.get(name) == plain.get(name), case.id
            compared += name in plain
        for code, part in plain.get("scenarios", {}).items():
            assert part.items() <= case.expected["scenarios"][code].items(), case.id
    assert compared > 1_000


def test_every_combination_of_answers(published: Cases) -> None:
    asked = [p.field for p in published.model.predictors if isinstance(p, YesNo)]
    cases = [case for case in published.cases if case.id.startswith("answers-")]
    given = {
        (case.input["t_score"] < -3.5, *(case.input[field] for field in asked)) for case in cases
    }
    # T-score, trauma history, edema: two each; middle vertebral height: three.
    assert len(given) == 24
    both = [case for case in cases if case.input["mvh_restored"] is None]
    assert all(len(case.expected["scenarios"]) == 2 for case in both)
    assert len(both) * 3 == len(cases)


def test_ends_of_the_domains_are_scored_and_what_is_beyond_is_not(either: Cases) -> None:
    for field, predictor in either.model.numeric.items():
        tried = {
            case.input[field]: case.expected
            for case in either.cases
            if case.id.startswith("domain-") and case.tests.startswith(field)
        }
        for end, outward in ((predictor.domain.low, -1), (predictor.domain.high, 1)):
            assert "risk" in tried[end]
            digit = round(end + outward * 10.0**-predictor.decimals, predictor.decimals)
            assert tried[digit]["error"] == {"predictor": field, "code": "out_of_range"}
        doubles = [value for value in tried if len(repr(value)) > 12]
        assert len(doubles) == 4


def test_the_threshold_itself_is_not_below(published: Cases) -> None:
    exact = [case for case in with_risk(published.cases) if case.input["t_score"] == -3.5]
    assert len(exact) > 4
    assert {case.expected["points"]["bmd"] for case in exact} == {16.32}
    below = [case for case in with_risk(published.cases) if -3.51 < case.input["t_score"] < -3.5]
    assert {case.expected["points"]["bmd"] for case in below} == {0.0}
    assert any(case.input["t_score"] == 3.5 for case in published.cases)


def test_halves_are_there_that_plain_formatting_gets_wrong(either: Cases) -> None:
    wrong: Counter[str] = Counter()
    for case in with_risk(either.cases):
        shown, points = case.expected["shown"], case.expected["points"]
        wrong["points"] += any(shown["points"][key] != f"{n:.2f}" for key, n in points.items())
        wrong["total"] += shown["total_points"] != f"{case.expected['total_points']:.2f}"
        # Where Python's round() goes to the even neighbor.
        wrong["risk"] += shown["risk"] == f"{round(case.expected['risk'] * 100) + 1} %"
    assert min(wrong["points"], wrong["total"], wrong["risk"]) > 10


def test_both_sides_of_every_half_per_cent(published: Cases) -> None:
    texts: dict[int, set[str]] = {}
    for case in with_risk(published.cases):
        percent = case.expected["risk"] * 100.0
        half = int(percent)
        if case.id.startswith("percent-") and abs(percent - half - 0.5) < 1e-6:
            texts.setdefault(half, set()).add(case.expected["shown"]["risk"])
    assert [texts[half] for half in range(1, 99)] == [
        {f"{half} %", f"{half + 1} %"} for half in range(1, 99)
    ]
    shown = {case.expected["shown"]["risk"] for case in with_risk(published.cases)}
    assert {"< 1 %", "1 %", "99 %", "> 99 %"} <= shown


def test_both_sides_of_the_cutoff(either: Cases) -> None:
    near = [case for case in either.cases if case.id.startswith("cutoff-")]
    sides = Counter(case.expected["at_or_above_cutoff"] for case in near)
    assert sides == {True: 4, False: 4}
    nearest = min(abs(case.expected["risk"] - either.model.cutoff) for case in near)
    assert 5e-10 < nearest < 2e-9


def test_every_caution_and_every_refusal(published: Cases, made_up: Cases) -> None:
    said = {
        (caution["predictor"], caution["code"])
        for case in published.cases
        for caution in case.expected.get("cautions", ())
    }
    assert said == {
        ("age_years", "outside_central_95"),
        ("t_score", "t_score_above_osteoporosis"),
        ("pdw_fl", "outside_central_95"),
        ("chloride_mmol_l", "outside_central_95"),
    }
    assert set(codes(published.cases)) == ERRORS
    # It has no input of whole numbers alone.
    assert set(codes(made_up.cases)) == ERRORS - {"not_whole"}


def test_units_types_and_ages_that_are_refused(published: Cases) -> None:
    def refused(field: str, value: Any) -> set[str]:
        return {
            case.expected["error"]["code"]
            for case in published.cases
            if isinstance(case.input, dict)
            and type(case.input.get(field)) is type(value)
            and case.input.get(field) == value
        }

    assert refused("pdw_fl", "13.0 %") == {"not_a_number"}
    assert refused("pdw_unit", "%") == {"unknown_field"}
    assert refused("pdw", 13.0) == {"unknown_field"}
    assert refused("chloride_mmol_l", 366.9) == {"out_of_range"}
    assert refused("age_years", 72.5) == {"not_whole"}
    assert refused("age_years", 99.5) == {"not_whole"}
    for text in ("NaN", "Infinity", "-Infinity"):
        assert refused("pdw_fl", text) == {"not_a_number"}
    assert refused("trauma_history", 1) == {"not_yes_or_no"}


def test_a_model_of_another_kind() -> None:
    """No answer that may come later, no threshold with a limit, no usual range, only whole."""
    model = replace(
        MADE_UP,
        predictors=(
            replace(WEIGHT, central=None, whole=True, domain=Range(40.0, 140.0)),
            replace(SMOKER, unknown_as=None),
            replace(ANEMIA, study_limit=None),
        ),
    )
    cases = make_cases(model, 600)
    assert len(cases) == 600
    assert not any("scenarios" in case.expected for case in cases)
    assert not any(case.expected.get("cautions") for case in cases)
    assert {"missing", "not_whole"} <= set(codes(cases))
    (weight,) = (p for p in model.predictors if isinstance(p, Measured))
    assert any(case.input.get(weight.field) == 40 for case in cases if "risk" in case.expected)
