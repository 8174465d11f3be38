"""``manage.py validate_model``. No test here may use the database."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1
from scoring.statistics import Predictions, recalibrate, validate
from scoring.statistics.discrimination import at_threshold
from scoring.study import model_file
from scoring.study.cohort_file import read_cohort
from scoring.study.model_file import PUBLISHED
from tests.commands.analysis import answer, answer_json, refusal, written
from tests.commands.scored import ROOT, WITHOUT_DATABASE, squeezed
from tests.statistics.reference.values import COHORT_CSV, logit_interval, r_reference

FAST = ("--workers", 1, "--resamples", 0)


@pytest.fixture
def _risks_of_version_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """R was given these: the numbers of the statistics are no test of the model's line."""
    monkeypatch.setattr(model_file, "RONG_2025", RONG_2025_VERSION_1)


@pytest.mark.usefixtures("_risks_of_version_1")
def test_the_numbers_of_r_at_full_precision() -> None:
    found = answer_json("validate_model", COHORT_CSV, *FAST)
    expected = r_reference()["sets"]["smooth"]
    assert (found["n"], found["events"]) == (569, 117)
    assert found["auc"] == pytest.approx(expected["auc"], rel=1e-12)
    limits = logit_interval(expected["auc"], expected["auc_variance"])
    assert found["auc_ci95"] == pytest.approx(limits, rel=1e-12)
    assert found["auc_ci95_scale"] == "logit"
    assert found["brier"] == pytest.approx(expected["brier"], rel=1e-12)
    assert found["calibration_slope"] == pytest.approx(expected["slope"]["value"], rel=1e-8)
    assert found["calibration_intercept"] == pytest.approx(expected["intercept"]["value"], rel=1e-7)
    assert found["calibration_in_the_large"] == pytest.approx(
        expected["in_the_large"]["value"], rel=1e-7
    )
    assert found["hosmer_lemeshow"]["chi2"] == pytest.approx(expected["hosmer"]["chi2"], rel=1e-11)
    assert (found["hosmer_lemeshow"]["df"], found["hosmer_lemeshow"]["groups"]) == (8, 10)
    assert found["ici"] == pytest.approx(expected["spline"]["ici"], rel=1e-6)
    assert found["model"] == {
        "identifier": "rong-2025",
        "version": "2",
        "name": "Rong 2025, reconstruction 2",
    }
    assert found["not_estimable"] == {}


def test_the_recalibration_in_json() -> None:
    found = answer_json("validate_model", COHORT_CSV, "--workers", 1, "--resamples", 100)
    with COHORT_CSV.open("rb") as stream:
        patients = read_cohort(stream)
    predictions = Predictions(PUBLISHED.risk(patients.cohort), patients.event)
    expected = recalibrate(predictions, resamples=100)
    assert found["recalibration"]["method"] == expected.method == "original"
    assert (found["recalibration"]["p50"], found["recalibration"]["k"]) == PUBLISHED.line
    assert found["recalibration"]["after_corrected"]["n"] == 100
    curve = validate(predictions, cutoff=paper.CUTOFF, resamples=100).decision_curve
    assert curve is not None
    assert curve.low is not None
    assert curve.high is not None
    assert found["net_benefit"][0]["model_ci95"] == [curve.low[0], curve.high[0]]


@pytest.mark.usefixtures("_risks_of_version_1")
def test_the_table_for_people() -> None:
    lines = squeezed(answer("validate_model", COHORT_CSV, *FAST))
    assert lines[:2] == [
        "Model: Rong 2025, reconstruction 2 (rong-2025, version 2)",
        "569 patients, 117 with residual back pain (20.6 %)",
    ]
    assert "AUC 0.774 (0.721 to 0.819) 0.788 (0.740 to 0.836) 0.792" in lines
    assert "Best cut-off (Youden) 19.1 % 18.4 % 37.9 %" in lines
    assert "Calibration slope 0.934 (0.731 to 1.137)" in lines
    assert (
        "Hosmer–Lemeshow, groups − 2 df χ² 9.899, df 8, p 0.272 χ² 6.354, df 8, p 0.608 "
        "χ² 7.240, df 8, p 0.511"
    ) in lines
    assert "Recalibration: not needed" in lines
    assert not any("TOO FEW PATIENTS FOR: Observed" in line for line in lines)
    assert "Observed / expected 376 (78)" in " ".join(lines)


def test_a_few_patients_are_too_few(tmp_path: Path) -> None:
    rows = "A,80,-2,1,1,12.8,105,0,1\nB,72,-3.6,1,0,12.8,104,1,0\nC,60,-3,1,0,12,104,1,1\n"
    path = written(tmp_path, rows)
    text = answer("validate_model", path, *FAST)
    assert "TOO FEW PATIENTS FOR: Observed / expected, AUC, Calibration slope, Stand" in text
    assert "Not estimable: recalibration, because fewer than 100 patients had the outcome." in text


@pytest.mark.parametrize(
    ("outcomes", "reason"), [("0 0 0", "no_events"), ("1 1 1", "all_events"), ("1", "all_events")]
)
def test_degenerate_cohorts_give_reasons_and_no_number(
    tmp_path: Path, outcomes: str, reason: str
) -> None:
    rows = "".join(
        f"P{i},{60 + 9 * i},-2.8,1,0,12.8,104,1,{outcome}\n"
        for i, outcome in enumerate(outcomes.split())
    )
    found: dict[str, Any] = answer_json("validate_model", written(tmp_path, rows), *FAST)
    for key in ("auc", "youden", "calibration_slope", "hosmer_lemeshow", "net_benefit", "ici"):
        assert found[key] is None
    assert found["not_estimable"]["auc"] == reason
    assert found["recalibration"] is None
    text = answer("validate_model", written(tmp_path, rows), *FAST)
    assert "Not estimable: AUC, because" in text
    assert "Not estimable: smoothed calibration curve, ICI, E50 and E90, because" in text
    for key in ("net_benefit", "net_benefit_intervals", "e50"):
        assert found["not_estimable"][key] == reason


def test_patients_alike_have_one_risk(tmp_path: Path) -> None:
    rows = "".join(f"P{i},70,-2.8,1,0,12.8,104,1,{i % 2}\n" for i in range(12))
    found = answer_json("validate_model", written(tmp_path, rows), *FAST)
    assert found["auc"] is None
    assert found["not_estimable"]["calibration_slope"] == "constant_risk"
    assert found["calibration_in_the_large"] is not None


def test_a_bad_row_stops_with_row_column_value_and_reason(tmp_path: Path) -> None:
    path = written(tmp_path, "A,80,-2,1,1,12.8,105,0,1\nB,30,-2,1,1,12.8,105,0,1\n")
    assert refusal("validate_model", path) == (
        f'{path}: Row 3, column age_years: "30" is outside what can be scored: 50 to 100 years.'
    )


def test_columns_that_are_not_used_are_named(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    lines = COHORT_CSV.read_text().splitlines()
    path.write_text("\n".join([f"{lines[0]},sex", *(f"{line},f" for line in lines[1:])]))
    assert "Columns not used: sex" in answer("validate_model", path, *FAST)
    found = answer_json("validate_model", path, *FAST)
    assert found["cohort"]["ignored_columns"] == ["sex"]


def test_files_that_are_not_there_or_no_model(tmp_path: Path) -> None:
    assert "cannot be read" in refusal("validate_model", tmp_path / "no.csv")
    text = refusal("validate_model", COHORT_CSV, "--model", COHORT_CSV)
    assert "is not a model of develop_model" in text


def test_any_cut_off(tmp_path: Path) -> None:
    found = answer_json("validate_model", COHORT_CSV, "--cutoff", 0.3, *FAST)
    with COHORT_CSV.open("rb") as stream:
        patients = read_cohort(stream)
    predictions = Predictions(PUBLISHED.risk(patients.cohort), patients.event)
    expected = at_threshold(predictions, 0.3)
    assert found["at_cutoff"]["threshold"] == 0.3
    assert found["at_cutoff"]["sensitivity"] == expected.sensitivity.value
    lines = squeezed(answer("validate_model", COHORT_CSV, "--cutoff", 0.3, *FAST))
    (line,) = [line for line in lines if line.startswith("Sensitivity at 30.0 %")]
    # Published is another cut-off's.
    assert line.count("%") == 2
    for words in ("0", "1", "-0.2", "nan", "inf"):
        text = refusal("validate_model", COHORT_CSV, f"--cutoff={words}")
        assert text == "--cutoff is a risk between 0 and 1."


def test_the_points_of_the_roc_curve() -> None:
    found = answer_json("validate_model", COHORT_CSV, *FAST)
    corners = [{"sensitivity": end, "false_positive_rate": end} for end in (0.0, 1.0)]
    assert [found["roc"][0], found["roc"][-1]] == corners
    x = [point["false_positive_rate"] for point in found["roc"]]
    y = [point["sensitivity"] for point in found["roc"]]
    assert np.trapezoid(y, x) == pytest.approx(found["auc"], abs=1e-3)


def test_groups_and_their_rule() -> None:
    lines = squeezed(answer("validate_model", COHORT_CSV, *FAST))
    place = lines.index("Groups by predicted risk")
    found = answer_json("validate_model", COHORT_CSV, *FAST)
    groups = found["calibration_plot"]["groups"]
    for line, group in zip(lines[place + 2 : place + 12], groups, strict=True):
        assert f" % {group['n']} " in line
    assert lines[place + 12] == (
        "Hosmer–Lemeshow: 10 groups by quantiles of the risk (type 7), closed above; 8 degrees of "
        "freedom, groups − 2"
    )


def test_a_recalibration_in_words(tmp_path: Path) -> None:
    header, *rows = COHORT_CSV.read_text().splitlines()
    # Half of those with pain without it: risks are too high.
    changed = [row[:-1] + "0" if i % 2 else row for i, row in enumerate(rows)]
    more = [f"X{row}" for row in changed]
    path = tmp_path / "cohort.csv"
    path.write_text("\n".join([header, *changed, *more]))
    words = ("--workers", 1, "--resamples", 100)
    found = answer_json("validate_model", path, *words)["recalibration"]
    assert found["method"] != "original"
    text = answer("validate_model", path, *words)
    lines = squeezed(text)
    assert f"  P50 {found['p50']:.2f} points, K {found['k']:.2f} points per logit" in text
    low, high = found["intercept_ci95"]
    estimate = f"{found['intercept']:.3f} ({low:.3f} to {high:.3f})"
    assert f"intercept {estimate}".replace("-", "−") in lines
    figures = (found["before"], found["after"], found["after_corrected"])
    brier = " ".join(f"{one['brier']:.4f}" for one in figures)
    assert f"Brier score {brier}" in lines
    assert "Before After After, corrected for optimism" in lines
    assert any(line.startswith("bootstrap: 100 resamples gave a curve") for line in lines)


@pytest.mark.parametrize("words", [("--resamples", -1), ("--workers", 0), ("--seed", -3)])
def test_options_that_cannot_be(words: tuple[object, ...]) -> None:
    assert "0 or more" in refusal("validate_model", COHORT_CSV, *words)


@pytest.mark.parametrize("command", ["validate_model", "develop_model"])
@pytest.mark.parametrize("resamples", [1, 99])
def test_a_band_of_a_few_resamples_is_refused(command: str, resamples: int) -> None:
    assert refusal(command, COHORT_CSV, "--resamples", resamples) == (
        "--resamples is 0 or at least 100: a band of fewer says nothing."
    )


@pytest.mark.slow
def test_the_command_itself_without_a_database_and_with_progress() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "manage.py",
            "validate_model",
            str(COHORT_CSV),
            "--resamples",
            "100",
            "--workers",
            "2",
        ],
        cwd=ROOT,
        env=WITHOUT_DATABASE,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.decode() == answer(
        "validate_model", COHORT_CSV, "--resamples", 100, "--workers", 1
    )
    assert done.stderr.decode().splitlines()[-1] == "Bootstrap: 100 of 100"


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "manage.py", "synthetic_cohort", "--n", "20000", "--seed", "1"],
        cwd=ROOT,
        env=WITHOUT_DATABASE,
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
