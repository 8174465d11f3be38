"""``manage.py develop_model``. No test here may use the database."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.commands.analysis import answer, answer_json, refusal, written
from tests.statistics.reference.values import COHORT_CSV, NAMES, logit_interval, r_reference

FAST = ("--workers", 1, "--resamples", 100)


def test_the_regression_of_r_at_full_precision() -> None:
    found = answer_json("develop_model", COHORT_CSV, *FAST)
    expected = r_reference()["regression"]
    names = ["intercept", *NAMES]
    assert list(found["coefficients"]) == names
    for name, beta, se in zip(names, expected["beta"], expected["se"], strict=True):
        assert found["coefficients"][name]["beta"] == pytest.approx(beta, rel=1e-7)
        assert found["coefficients"][name]["se"] == pytest.approx(se, rel=1e-7)
    assert found["log_likelihood"] == pytest.approx(expected["log_likelihood"], rel=1e-12)
    assert found["bootstrap"]["n"] == 100
    assert found["nomogram"]["posterior_fascia_edema"]["yes"] == pytest.approx(
        r_reference()["nomogram"]["posterior_fascia_edema"]["points"][1], rel=1e-7
    )
    # A model is calibrated to its own patients by construction.
    assert found["calibration_slope"] == pytest.approx(1.0, abs=1e-9)
    assert found["recalibration"] is None
    assert found["not_estimable"] == {"recalibration": "same_data"}
    assert found["model"]["coefficients"]["age"] == found["coefficients"]["age"]["beta"]


def test_json_alone_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer_json("develop_model", COHORT_CSV, "--resamples", 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_model_html_and_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = answer("develop_model", COHORT_CSV, "--name", "Ward 7, 2026", *FAST)
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == ["cohort-model.json", "cohort-report.html", "cohort-report.pdf"]
    for file in files:
        assert f"Written: {file}" in text
    assert json.loads((tmp_path / "cohort-model.json").read_text())["name"] == "Ward 7, 2026"
    html = (tmp_path / "cohort-report.html").read_text(encoding="utf-8")
    pages = PdfReader(tmp_path / "cohort-report.pdf").pages
    printed = " ".join("\n".join(page.extract_text() for page in pages).split())
    for line in (
        "Ward 7, 2026",
        "0.965 (0.940 to 0.990)",
        "χ² 43.841",
        "t −2.338",
        "1.66 × (100 − x)",
    ):
        assert line in html
        assert line in printed
    assert len(pages) == 5
    # Everything it shows is in it.
    assert html.count("src=") == html.count('src="data:image/svg+xml') == 3
    assert "href=" not in html


def test_the_model_file_can_be_judged_and_knows_its_own_patients(tmp_path: Path) -> None:
    answer("develop_model", COHORT_CSV, "--output", tmp_path, "--resamples", 0)
    model = ("--model", tmp_path / "cohort-model.json")
    found = answer_json("validate_model", COHORT_CSV, *model, "--resamples", 0)
    assert found["model"]["identifier"] == "refit"
    assert found["calibration_slope"] == pytest.approx(1.0, abs=1e-9)
    assert found["auc"] == pytest.approx(0.7785, abs=1e-3)
    assert found["same_data"] is True
    assert found["cautions"][0]["code"] == "same_data"
    assert found["recalibration"] is None
    assert found["not_estimable"] == {"recalibration": "same_data"}
    text = answer("validate_model", COHORT_CSV, *model, "--resamples", 0)
    assert "CAUTION: the model was made from these patients" in text
    assert refusal("export_validation", COHORT_CSV, "--centre", "A", *model) == (
        "Nothing can be shared: the model was made from these patients."
    )


def test_other_patients_judge_the_model(tmp_path: Path) -> None:
    answer("develop_model", COHORT_CSV, "--output", tmp_path, "--resamples", 0)
    others = tmp_path / "others.csv"
    answer("synthetic_cohort", "--n", 700, "--seed", 5, "--output", others)
    model = ("--model", tmp_path / "cohort-model.json")
    found = answer_json("validate_model", others, *model, "--resamples", 0)
    assert found["same_data"] is False
    assert found["recalibration"] is not None
    assert "same_data" not in {one["code"] for one in found["cautions"]}
    assert "refit version" in answer("export_validation", others, "--centre", "A", *model)


def test_the_whole_model_as_a_marker_and_no_df_of_other_patients() -> None:
    found = answer_json("develop_model", COHORT_CSV, "--resamples", 0)
    combined = found["combined"]
    assert combined["auc"] == found["auc"]
    assert combined["auc_ci95"] == found["auc_ci95"]
    assert combined["threshold"] == found["youden"]["threshold"]
    assert combined["sensitivity"] == found["youden"]["sensitivity"]
    limits = logit_interval(combined["auc"], combined["se"] ** 2)
    assert combined["auc_ci95"] == pytest.approx(limits, rel=1e-12)
    z = (combined["auc"] - 0.5) / combined["se"]
    assert combined["p"] == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-12)
    assert set(found["hosmer_lemeshow"]) == {"chi2", "df", "p", "groups", "rule"}
    assert "external_df" in answer_json("validate_model", COHORT_CSV, *FAST)["hosmer_lemeshow"]


@pytest.mark.slow
def test_files_are_replaced_only_if_asked(tmp_path: Path) -> None:
    words = (COHORT_CSV, "--output", tmp_path, "--resamples", 0)
    answer("develop_model", *words)
    assert "is there already" in refusal("develop_model", *words)
    answer("develop_model", *words, "--overwrite")
    assert "is not a folder" in refusal("develop_model", COHORT_CSV, "--output", tmp_path / "no")


def test_a_screened_model_leaves_out_what_is_not_significant(tmp_path: Path) -> None:
    lines = COHORT_CSV.read_text().splitlines()
    # Chloride as in the first patients, over and over: no longer related to the outcome.
    cells = [line.split(",") for line in lines[1:]]
    for row, cell in enumerate(cells):
        cell[6] = str(100 + row % 7)
    path = tmp_path / "cohort.csv"
    path.write_text("\n".join([lines[0], *(",".join(cell) for cell in cells)]))
    found = answer_json("develop_model", path, "--screen", "--resamples", 0)
    assert found["univariate"]["chloride"]["p"] > 0.05
    assert "chloride" not in found["coefficients"]
    assert "chloride" not in found["nomogram"]
    assert found["screen_alpha"] == 0.05
    assert "chloride" in answer_json("develop_model", path, "--resamples", 0)["coefficients"]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (lambda row: 0, "no patient had the outcome"),
        (lambda row: 1, "every patient had the outcome"),
        (lambda row: int(row >= 30), "separated"),
    ],
)
def test_cohorts_that_give_no_model(tmp_path: Path, outcome: object, reason: str) -> None:
    assert callable(outcome)
    rows = "".join(
        f"P{i},{50 + i % 40},{-2.5 - i % 3},{i % 2},{i // 2 % 2},{10 + i % 5},{100 + i / 10},"
        f"{i // 4 % 2},{outcome(i)}\n"
        for i in range(60)
    )
    text = refusal("develop_model", written(tmp_path, rows), "--json", "--resamples", 0)
    assert text.startswith("There is no model: ")
    assert reason in text


def constant(row: int) -> tuple[int, int]:
    return 105, row % 2


def separating(row: int) -> tuple[int, int]:
    return 100 + row % 7, int(row % 7 > 3)


def dependent(row: int) -> tuple[float, int]:
    return 90 + (10 + row % 5) / 2, int(row % 3 == 0)


@pytest.mark.parametrize(
    ("chloride", "said"),
    [
        (constant, "a predictor is the same in every patient (Serum chloride (mmol/L))"),
        (separating, "so that a coefficient is not finite (Serum chloride (mmol/L))"),
        (dependent, "or there are too few patients (Serum chloride (mmol/L))"),
    ],
)
def test_the_predictor_to_blame_is_named(
    tmp_path: Path, chloride: Callable[[int], tuple[float, int]], said: str
) -> None:
    rows = []
    for i in range(200):
        value, outcome = chloride(i)
        rows.append(
            f"P{i},{50 + i * i % 41},{-3 - i // 5 % 2},{i // 2 % 2},{i // 3 % 2},{10 + i % 5},"
            f"{value},{i // 4 % 2},{outcome}\n"
        )
    path = written(tmp_path, "".join(rows))
    assert said in refusal("develop_model", path, "--json", "--resamples", 0)


def test_a_screen_that_nothing_passes(tmp_path: Path) -> None:
    # Each patient twice, once with the outcome and once without.
    lines = COHORT_CSV.read_text().splitlines()
    rows = [f"{half}{line.rpartition(',')[0]},{half}" for line in lines[1:] for half in (0, 1)]
    path = written(tmp_path, "\n".join(rows))
    assert refusal("develop_model", path, "--screen", "--json", "--resamples", 0) == (
        "There is no model: no predictor has p < 0.05."
    )


def test_one_patient_or_patients_alike_give_no_model(tmp_path: Path) -> None:
    rows = "".join(f"P{i},70,-2.8,1,0,12.8,104,1,{i % 2}\n" for i in range(12))
    for text in (rows, rows.splitlines()[0]):
        assert "There is no model" in refusal("develop_model", written(tmp_path, text), "--json")
