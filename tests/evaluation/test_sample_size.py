"""What the published model needs, has, and about when there is enough."""

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from scoring.evaluation.drift import DAY_ZERO
from scoring.evaluation.sample_size import (
    Precision,
    precision_as_list,
    precision_of,
    study_needs,
)
from scoring.report.validation.precision import precision_table, too_few_for
from scoring.statistics import Predictions, Validation, validate
from scoring.statistics.sample_size import Need

TODAY = date(2026, 3, 1)


def judged(n: int, events: int) -> Validation:
    risk = np.random.default_rng(1).uniform(0.05, 0.9, n)
    return validate(Predictions(risk, np.arange(n) < events), cutoff=0.184, resamples=100)


def operated(*days_before: int) -> Any:
    """Of Drift what a pace is told from."""
    return SimpleNamespace(
        days=np.array([(TODAY - DAY_ZERO).days - days for days in sorted(days_before)[::-1]])
    )


def by_name(found: tuple[Precision, ...]) -> dict[str, Precision]:
    return {one.need.statistic: one for one in found}


def test_the_needs_of_this_model() -> None:
    """O/E and AUC don't depend on the line, slope and net benefit a little."""
    needs = {one.statistic: one for one in study_needs()}
    assert needs["observed_expected"] == Need("observed_expected", 0.4, 376, 78)
    assert needs["auc"] == Need("auc", 0.1, 503, 104)
    assert needs["calibration_slope"].n == pytest.approx(643, rel=0.02)
    assert needs["calibration_slope"].events == pytest.approx(133, abs=3)
    assert 500 < needs["net_benefit"].n < 700


def test_reached_needs_assessments_and_events() -> None:
    found = by_name(precision_of(judged(400, 80)))
    assert found["observed_expected"].reached
    assert not found["auc"].reached
    few_events = by_name(precision_of(judged(400, 60)))
    assert not few_events["observed_expected"].reached


def test_the_widths_are_those_of_the_intervals() -> None:
    these = judged(200, 40)
    found = by_name(precision_of(these))
    assert these.auc_ci95 is not None
    assert found["auc"].width == these.auc_ci95.high - these.auc_ci95.low
    assert found["net_benefit"].width is None
    none = by_name(precision_of(judged(5, 0)))
    assert {one.width for one in none.values()} == {None}


def test_when_there_is_enough_at_this_pace() -> None:
    # 188 in 187 days: one a day; 188 more are needed, of whom as many have the outcome as now.
    found = by_name(precision_of(judged(188, 39), drift=operated(10, 197), today=TODAY))
    assert found["observed_expected"].enough_on == TODAY + timedelta(days=188)
    # Of 18.1 % fewer come with the outcome: 44 more of them take 244 days.
    rare = by_name(precision_of(judged(188, 34), drift=operated(10, 197), today=TODAY))
    assert rare["observed_expected"].enough_on == TODAY + timedelta(days=244)


@pytest.mark.parametrize(
    ("n", "events", "days"),
    [
        (10, 3, (10, 197)),  # too few for a pace
        (188, 39, (10, 50)),  # too short
        (188, 0, (10, 197)),  # nobody with the outcome
        (21, 4, (0, 2000)),  # more than 20 years
        (400, 80, (10, 197)),  # enough already
    ],
)
def test_where_no_day_is_told(n: int, events: int, days: tuple[int, int]) -> None:
    found = by_name(precision_of(judged(n, events), drift=operated(*days), today=TODAY))
    assert found["observed_expected"].enough_on is None


def test_in_words() -> None:
    found = precision_of(judged(400, 80), drift=operated(10, 409), today=TODAY)
    rows = {row[0]: row[1:] for row in precision_table(found).rows}
    assert rows["Observed / expected"][:3] == [
        "376 (78)",
        "400 (80)",
        "yes",
    ]
    assert rows["AUC"][2].startswith("not yet; about Jun 2026")
    assert too_few_for(found).startswith("AUC, Calibration slope, Standardized net benefit")


@pytest.mark.parametrize(("language", "word"), [("en", "about"), ("zh-hans", "预计")])
def test_the_note_names_the_word_before_the_month(language: str, word: str) -> None:
    found = precision_of(judged(400, 80), drift=operated(10, 409), today=TODAY)
    with override(language):
        note = render_to_string("scoring/includes/precision_method.html")
        told = [row[3] for row in precision_table(found).rows]
    assert re.findall("“(.+?)”", note) == [word]
    assert word in told[1]


def test_for_json() -> None:
    first = precision_as_list(judged(400, 80))[0]
    width = first.pop("width")
    assert 0.1 < width < 0.6
    assert first == {
        "statistic": "observed_expected",
        "target_width": 0.4,
        "needs_n": 376,
        "needs_events": 78,
        "n": 400,
        "events": 80,
        "reached": True,
    }


def test_the_docs_say_these_sizes() -> None:
    """O/E and AUC exactly, the others up to the last digits of the line."""
    text = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
    sizes = [int(n) for n in re.findall(r"\| (\d+), \d+ events \|\n", text)]
    needs = [one.n for one in study_needs()]
    assert sizes[:2] == needs[:2]
    assert sizes == pytest.approx(needs, rel=0.01)
