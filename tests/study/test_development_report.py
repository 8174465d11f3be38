"""The report of a model made from a cohort: its tables say what the numbers say."""

from functools import cache

import numpy as np
import pytest

from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import Predictions, Validation, validate
from scoring.statistics.development import Development, SingleRoc
from scoring.study import development_report as report
from scoring.study.cohort_file import CohortFile, read_cohort
from scoring.study.development import develop_from
from tests.statistics.reference.values import COHORT_CSV


@cache
def made() -> tuple[Development, Validation, CohortFile]:
    with COHORT_CSV.open("rb") as stream:
        patients = read_cohort(stream)
    developed = develop_from(patients, resamples=3)
    return developed, validate(developed.predictions, resamples=3), patients


def test_every_row_is_as_long_as_its_header() -> None:
    developed, judged, _patients = made()
    for table in report.tables(developed, judged):
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.header)}


def test_the_published_numbers_stand_beside() -> None:
    developed, judged, _patients = made()
    rows = {row[0]: row for row in report.regression_table(developed).rows}
    assert rows["Posterior fascia edema on MRI"][-1] == "6.076 (3.079 to 11.990)"
    assert rows["Constant"][3:] == ["8110.904", "0.014", ""]
    points = {row[0]: row for row in report.points_table(developed).rows}
    assert points["Age (years)"][2] == "0.95 × (100 − x)"
    assert points["Platelet distribution width (fL)"][2] == "3.47 × (x − 6)"
    assert points["Middle vertebral height restored at 24\u00a0h"] == [
        "Middle vertebral height restored at 24\u00a0h",
        "yes 0.00, no 65.84",
        "yes 0.00, no 35.68",
    ]
    k = f"{RONG_2025.line.k_points_per_logit:.2f}"
    assert points["Points per unit of logit"] == ["Points per unit of logit", "46.04", k]
    fit = {row[0]: row for row in report.fit_table(developed, judged).rows}
    assert fit["AUC"][1:] == ["0.779 (0.726 to 0.823)", "0.788 (0.740 to 0.836)"]


def test_calibration_and_net_benefit_in_the_fit() -> None:
    developed, judged, _patients = made()
    fit = {row[0]: row[1] for row in report.fit_table(developed, judged).rows}
    test, curve = judged.hosmer_lemeshow, judged.calibration_curve
    assert test is not None
    assert curve is not None
    assert fit["Hosmer–Lemeshow, groups − 2 df"].startswith(f"χ² {test.chi2:.3f}, df 8, p ")
    assert fit["E90"] == f"{curve.e90:.3f}"
    assert fit["Thresholds with net benefit"].endswith(" %")
    assert developed.combined is not None
    (last,) = report.roc_table(developed, judged).rows[-1:]
    assert last[2] == "< 0.001"


def test_three_plots_at_the_model_s_own_cut_off() -> None:
    _developed, judged, _patients = made()
    plots = report.development_plots(judged)
    assert [plot.code for plot in plots] == ["roc", "calibration", "decision"]
    assert all(plot.svg for plot in plots)
    assert judged.youden is not None
    text = f"{100 * judged.youden.threshold:.1f} %"
    assert f"this model at its best cut-off, {text}" in str(plots[0].svg)
    assert f"cut-off {text}" in str(plots[2].svg)


def test_plots_of_a_model_that_tells_nothing_apart_say_why() -> None:
    plots = report.development_plots(validate(Predictions([0.2] * 40, [0, 1] * 20), resamples=3))
    assert "same risk" in plots[0].reason
    assert "same risk" in plots[1].reason


def test_every_predictor_has_a_name_and_published_points() -> None:
    assert [report.predictor_name(key) for key in RONG_2025.by_key] == [
        "Age (years)",
        "Bone mineral density, |T| > 3.5",
        "Trauma history",
        "Posterior fascia edema on MRI",
        "Platelet distribution width (fL)",
        "Serum chloride (mmol/L)",
        "Middle vertebral height restored at 24\u00a0h",
    ]
    developed, _judged, _patients = made()
    assert len(report.points_table(developed).rows) == 9


def test_risks_rise_with_the_points() -> None:
    developed, _judged, _patients = made()
    totals = [float(row[0]) for row in report.risk_table(developed).rows]
    assert totals == sorted(totals)
    assert totals[0] == 0.0


def test_a_predictor_that_cannot_stand_alone_says_why() -> None:
    developed, judged, _patients = made()
    first: SingleRoc = developed.single_rocs[0]
    changed = Development(
        **{
            **vars(developed),
            "single_rocs": developed.single_rocs[1:],
            "single_rocs_not_estimable": {first.name: "complete_separation"},
        }
    )
    rows = {row[0]: row for row in report.roc_table(changed, judged).rows}
    assert "don't overlap" in rows["Age (years)"][1]


@pytest.mark.parametrize("conclusive", [True, False])
def test_the_page_says_whether_it_is_conclusive(conclusive: bool) -> None:
    developed, judged, patients = made()
    if not conclusive:
        few = np.flatnonzero(~patients.event)[:50]
        rows = np.concatenate([few, np.flatnonzero(patients.event)])
        these = developed.predictions
        judged = validate(Predictions(these.risk[rows], these.event[rows]), resamples=3)
    html = report.development_html(developed, judged, patients, name="Ward <7>")
    assert ("Not yet conclusive" in html) is not conclusive
    assert "<h1>Ward &lt;7&gt;</h1>" in html
    assert patients.sha256 in html
