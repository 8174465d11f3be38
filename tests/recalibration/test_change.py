"""What a recalibration changes, as the people read it who decide on it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.display import percent_text
from scoring.evaluation.calibration_fits import Fits, as_dict, fits, from_dict
from scoring.nomogram.logistic import risk_of_logit
from scoring.nomogram.recalibrated import RecalibratedCurve
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.recalibration_change import (
    ROUND_POINTS,
    change_table,
    direction_text,
    fit_plots,
    frequency_text,
)
from scoring.report.recalibration_evidence import AdjustedVersion
from scoring.statistics import Predictions
from scoring.statistics.plain import as_plain
from tests.recalibration.local import adjusted, proposed
from tests.recalibration.made_up import curve


def _fits(intercept: float) -> Fits:
    """800 patients whose true logit is the published one plus this intercept."""
    rng = np.random.default_rng(5)
    logit = rng.normal(-1.0, 1.2, 800)
    event = rng.random(800) < risk_of_logit(intercept + logit)
    return fits(
        Predictions(risk_of_logit(logit), event),
        Predictions(risk_of_logit(intercept + logit), event),
    )


def test_the_table_has_the_model_s_risks_and_the_adjusted_ones() -> None:
    one = curve(0.6, 0.7)
    table = change_table(one, RONG_2025.cutoff)
    assert len(table.rows) == len(ROUND_POINTS) + 1
    at_120 = next(row for row in table.rows if row[0] == "120")
    published, after = (text.replace("\u00a0", " ") for text in at_120[1:3])
    assert published == percent_text(float(RONG_2025.risk(120.0)))
    assert after == percent_text(one.risk_at(120.0)) != published
    (cutoff,) = (row for row in table.rows if "cut-off" in row[0])
    place = RONG_2025.line.points_at(RONG_2025.cutoff)
    assert cutoff[0].startswith(f"{place:.2f}, the study's cut-off (18.4")
    order = [float(row[0].split(",")[0]) for row in table.rows]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("intercept", "said"),
    [(0.8, "was more frequent"), (-0.8, "was less frequent"), (0.0, "was about as frequent as")],
)
def test_the_sentence_on_frequency(intercept: float, said: str) -> None:
    found = _fits(intercept)
    text = frequency_text(found)
    assert said in text
    events = sum(group.observed.successes for group in found.before.groups)
    assert f"{events} observed, {found.expected:.1f} expected" in text
    assert found.observed_expected.value == pytest.approx(events / found.expected, rel=1e-12)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (curve(0.5, 1.0), "raises the risk at all totals"),
        (curve(-0.5, 1.0), "lowers the risk at all totals"),
        (curve(0.0, 1.0), "is the published one"),
    ],
)
def test_the_sentence_on_direction(one: RecalibratedCurve, said: str) -> None:
    assert said in direction_text(one)


@pytest.mark.parametrize(("intercept", "slope"), [(-0.1, 0.7), (0.1, 1.4)])
def test_where_the_curves_meet(intercept: float, slope: float) -> None:
    one = curve(intercept, slope)
    text = direction_text(one)
    raises_below = slope < 1.0
    assert ("raises the risk below" if raises_below else "lowers the risk below") in text
    points = float(text.split("about ")[1].split(" ")[0])
    for place, higher in ((points - 2, raises_below), (points + 2, not raises_below)):
        assert (one.risk_at(place) > float(RONG_2025.risk(place))) is higher


def test_what_is_kept_comes_back() -> None:
    found = adjusted().fits
    again = from_dict(json.loads(json.dumps(as_dict(found))))
    assert as_plain(again) == as_plain(found)
    without = replace(found, before=replace(found.before, curve=None))
    assert from_dict(as_dict(without)).before.curve is None


def test_the_adjusted_curve_fits_better() -> None:
    found = adjusted().fits
    assert found.before.curve is not None
    assert found.after.curve is not None
    assert found.after.curve.ici < found.before.curve.ici / 2
    before, after = fit_plots(found)
    assert "Before: published model" in before.svg
    assert "After: adjusted to this hospital" in after.svg
    assert before.svg != after.svg


@pytest.mark.django_db
def test_a_proposal_of_version_0_1_has_no_plots_but_the_table() -> None:
    kept = proposed()
    kept.evidence = {key: value for key, value in kept.evidence.items() if key != "fits"}
    version = AdjustedVersion(kept)
    assert (version.plots, version.frequency_text) == ([], "")
    assert version.direction_text
    assert len(version.change.rows) == len(ROUND_POINTS) + 1
