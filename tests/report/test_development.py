"""The report of a model made from a cohort: its tables say what the numbers say."""

from functools import cache

import numpy as np
import pytest

from scoring.evaluation import CohortFile, develop_from, read_cohort
from scoring.nomogram import Predictor
from scoring.report import development as report
from scoring.statistics import Predictions, Validation, validate
from scoring.statistics.development import Development, SingleRoc
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
    assert points["Points per unit of logit"] == ["Points per unit of logit", "46.04", "24.49"]
    fit = {row[0]: row for row in report.fit_table(developed, judged).rows}
    assert fit["AUC"][1:] == ["0.779 (0.730 to 0.827)", "0.788 (0.740 to 0.836)"]


def test_every_predictor_has_a_name_and_published_points() -> None:
    assert set(report.NAMES) == set(Predictor)
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
