"""``manage.py export_validation`` and ``pool_validation``. No test here may use the database."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.commands.analysis import answer, answer_json, refusal, written
from tests.statistics.reference.values import COHORT_CSV


def shared(folder: Path, seed: int, n: int, *, centre: str | None = None) -> Path:
    cohort, file = folder / f"{seed}.csv", folder / f"{seed}.json"
    answer("synthetic_cohort", "--n", n, "--seed", seed, "--output", cohort)
    name = centre or f"Hospital {seed}"
    answer("export_validation", cohort, "--centre", name, "--output", file)
    return file


def test_a_shared_file_names_no_patient(tmp_path: Path) -> None:
    text = answer("export_validation", COHORT_CSV, "--centre", " Ward 7 ")
    found = json.loads(text)
    assert (found["centre"], found["model"]) == ("Ward 7", "rong-2025 version 2")
    assert (found["n"], found["events"]) == (569, 117)
    assert "S0001" not in text
    assert min(min(cell["events"], cell["non_events"]) for cell in found["cells"]) >= 5


def test_pooled_sums_are_those_of_one_file(tmp_path: Path) -> None:
    files = [shared(tmp_path, seed, n) for seed, n in ((1, 400), (2, 700), (3, 900))]
    found = answer_json("pool_validation", *files)
    lines: list[str] = []
    for seed in (1, 2, 3):
        header, *rows = (tmp_path / f"{seed}.csv").read_text().splitlines()
        lines += [f"H{seed}-{row}" for row in rows]
    together = tmp_path / "together.csv"
    together.write_text("\n".join([header, *lines]))
    expected = answer_json("validate_model", together, "--resamples", 0)
    exact = found["exact"]
    # But for what each hospital rounds: by 0.5 of some 400 expected events, and of 2000 patients.
    for name in ("observed_expected", "observed_expected_ci95"):
        assert exact[name] == pytest.approx(expected[name], rel=3 * 0.5 / 400)
    assert exact["brier"] == pytest.approx(expected["brier"], abs=3 * 0.5 / 2000)
    assert exact["scaled_brier"] == pytest.approx(
        expected["scaled_brier"], abs=3 * 0.5 / 2000 / 0.16
    )
    low, high = exact["auc_bounds"]
    assert low <= expected["auc"] <= high
    benefit = {row["threshold"]: row["model"] for row in expected["net_benefit"]}
    assert len(exact["net_benefit"]) >= 4
    for row in exact["net_benefit"]:
        assert row["model"] == pytest.approx(benefit[row["threshold"]], rel=1e-12)
    # Pooled estimates are no sums: near those of one file.
    assert found["pooled"]["auc"]["value"] == pytest.approx(expected["auc"], abs=0.01)
    assert found["pooled"]["calibration_slope"]["value"] == pytest.approx(
        expected["calibration_slope"], abs=0.05
    )
    assert found["method"] == "REML, Hartung-Knapp"


def test_the_forest_in_text(tmp_path: Path) -> None:
    files = [shared(tmp_path, seed, 300 + 100 * seed) for seed in (1, 2, 3)]
    lines = [" ".join(line.split()) for line in answer("pool_validation", *files).splitlines()]
    assert "AUC, random effects (REML, Hartung-Knapp)" in lines
    assert len([line for line in lines if line.startswith("Hospital 2 ")]) == 4
    assert len([line for line in lines if line.startswith("Between hospitals I²")]) == 4
    # Once for each statistic; of three hospitals one degree of freedom is left.
    expected = [line for line in lines if line.startswith("Expected in the next")]
    assert len([line for line in expected if "(t, 1 df)" in line]) == len(expected) == 4


def test_two_hospitals_say_nothing_of_the_next(tmp_path: Path) -> None:
    files = [shared(tmp_path, seed, 400) for seed in (1, 2)]
    said = answer("pool_validation", *files)
    assert "Between hospitals" in said
    assert "Expected in the next" not in said


def test_one_hospital_is_not_pooled(tmp_path: Path) -> None:
    text = answer("pool_validation", shared(tmp_path, 1, 400))
    assert "Not pooled: AUC, because too few" in text


def test_what_does_not_belong_together(tmp_path: Path) -> None:
    first, second = shared(tmp_path, 1, 400), shared(tmp_path, 2, 400, centre="Hospital 1")
    assert "two files are of the same center" in refusal("pool_validation", first, second)
    assert "not an aggregate" in refusal("pool_validation", first, COHORT_CSV)
    assert "cannot be read" in refusal("pool_validation", tmp_path / "no.json")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"events": 82,', '"events": 83,'),
        ('"n": 400', f'"n": {10**400}'),
        ('"estimates"', '"not_estimable": {"auc": "weird"}, "estimated"'),
    ],
)
def test_a_changed_file_is_noticed_and_named(tmp_path: Path, old: str, new: str) -> None:
    first, second = shared(tmp_path, 1, 400), shared(tmp_path, 2, 400)
    text = second.read_text()
    assert old in text
    second.write_text(text.replace(old, new, 1))
    assert refusal("pool_validation", first, second) == (
        f"{second}: not an aggregate of export_validation, or it contradicts itself."
    )


def test_the_same_patients_don_t_count_twice(tmp_path: Path) -> None:
    file, other = shared(tmp_path, 1, 400), tmp_path / "other.json"
    for name, said in (
        ("Elsewhere", "about the same patients"),
        ("hospital 1 ", "of the same center"),
    ):
        other.write_text(file.read_text().replace("Hospital 1", name))
        assert said in refusal("pool_validation", file, other)


def test_synthetic_hospitals_are_not_pooled_with_real_ones(tmp_path: Path) -> None:
    first = shared(tmp_path, 1, 400)
    second = shared(tmp_path, 2, 400, centre="B (SYNTHETIC)")
    assert "synthetic patients don't count" in refusal("pool_validation", first, second)


def test_too_few_patients_are_not_shared(tmp_path: Path) -> None:
    rows = "".join(f"P{i},{60 + i},-2.8,1,0,12.8,104,1,{int(i < 4)}\n" for i in range(20))
    text = refusal("export_validation", written(tmp_path, rows), "--centre", "A")
    assert text.startswith("Nothing can be shared: too few")
    assert refusal("export_validation", COHORT_CSV, "--centre", " ") == "--centre is a name."


def test_the_report_with_its_forests(tmp_path: Path) -> None:
    files = [shared(tmp_path, seed, 300 + 100 * seed) for seed in (1, 2, 3)]
    said = answer("pool_validation", *files, "--report", tmp_path)
    html, pdf = tmp_path / "pooled-validation.html", tmp_path / "pooled-validation.pdf"
    assert f"Written: {html}" in said
    page = html.read_text(encoding="utf-8")
    assert page.count('<img alt="') == 4
    assert "Model rong-2025 version 2. 3 hospitals, 1500 patients" in page
    # The same estimates as on the terminal, each with its interval.
    for line in said.splitlines():
        if line.startswith("Hospital 2 "):
            assert " ".join(line.split()[2:6]) in page
    text = " ".join(sheet.extract_text() for sheet in PdfReader(pdf).pages)
    assert "Between hospitals" in " ".join(text.split())
    refused = refusal("pool_validation", *files, "--report", tmp_path)
    assert "is there already; --overwrite replaces it" in refused
    assert "is not a folder" in refusal("pool_validation", *files, "--report", tmp_path / "none")
