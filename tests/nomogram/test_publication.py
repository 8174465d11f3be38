"""publication.py agrees, number by number, with the transcript of the paper beside this test."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from scoring.nomogram.evidence import PublishedPerformance, StudySet
from scoring.nomogram.parts import Range, YesNoPoints
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.publication import Group

PUBLISHED: dict[str, Any] = json.loads(Path(__file__).with_name("published.json").read_text())
JSON_NAME = {"bmd": "bmd_abs_t_above_3_5", "mvh": "mvh_restored"}


def test_citation() -> None:
    assert PUBLISHED["source"] == f"{paper.CITATION} doi:{paper.DOI}. {paper.LICENCE}."


def test_predictors_stand_in_the_order_of_table_7() -> None:
    names = [JSON_NAME.get(key, key) for key in RONG_2025.by_key]
    assert names == list(PUBLISHED["table_7_points"])


def test_table_7_formulas() -> None:
    table = PUBLISHED["table_7_points"]
    age, pdw = paper.AGE_POINTS_PER_YEAR, paper.PDW_POINTS_PER_FL
    chloride = paper.CHLORIDE_POINTS_PER_MMOL_L
    assert table["age"] == f"{age} * ({paper.AGE_ZERO_POINTS_YEARS:g} - age_years)"
    assert table["pdw"] == f"{pdw} * (pdw - {paper.PDW_ZERO_POINTS_FL:g})"
    zero = paper.CHLORIDE_ZERO_POINTS_MMOL_L
    assert table["chloride"] == f"{chloride} * ({zero:g} - chloride_mmol_l)"


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("bmd_abs_t_above_3_5", paper.BMD_POINTS),
        ("trauma_history", paper.TRAUMA_HISTORY_POINTS),
        ("posterior_fascia_edema", paper.POSTERIOR_FASCIA_EDEMA_POINTS),
        ("mvh_restored", paper.MVH_POINTS),
    ],
)
def test_table_7_yes_no_points(name: str, points: YesNoPoints) -> None:
    assert PUBLISHED["table_7_points"][name] == points._asdict()


@pytest.mark.parametrize(("name", "group"), [("pain_free", paper.PAIN_FREE), ("pain", paper.PAIN)])
def test_groups_of_tables_1_to_3(name: str, group: Group) -> None:
    given = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in group._asdict().items()
    }
    given["pdw"] = given.pop("pdw_fl")
    given["bmd_abs_t_above_3_5"] = given.pop("abs_t_above_3_5")
    assert given == PUBLISHED["predictors_by_group"][name]


@pytest.mark.parametrize(
    ("name", "part"), [("training", paper.TRAINING_SET), ("validation", paper.VALIDATION_SET)]
)
def test_study_sets(name: str, part: StudySet) -> None:
    published = PUBLISHED["cohort"][name]
    assert (published["n"], published["male"], published["female"]) == (
        part.n,
        part.male,
        part.female,
    )
    assert part.male + part.female == part.n
    assert tuple(published["recruited"]) == part.recruited
    assert published["age_years"] == {
        "min": part.age_range_years.low,
        "max": part.age_range_years.high,
        "mean": part.age_years.mean,
        "sd": part.age_years.sd,
    }


def test_events() -> None:
    training = PUBLISHED["cohort"]["training"]
    assert (training["n"], training["events"]) == (paper.STUDY_N, paper.STUDY_EVENTS)
    assert training["non_events"] == paper.PAIN_FREE.n
    assert paper.PAIN_FREE.n + paper.PAIN.n == paper.STUDY_N
    assert f"{paper.EVENT_RATE:.4f}" == "0.2056"


@pytest.mark.parametrize("key", RONG_2025.by_key)
def test_table_4(key: str) -> None:
    effect = paper.TABLE_4[key]
    name = JSON_NAME.get(key, key)
    assert list(effect) == PUBLISHED["table_4_multivariate"][name]
    assert math.exp(effect.beta) == pytest.approx(effect.odds_ratio, rel=2e-3)


@pytest.mark.parametrize(
    ("name", "part"), [("training", paper.TRAINING), ("validation", paper.VALIDATION)]
)
def test_performance(name: str, part: PublishedPerformance) -> None:
    published = dict(PUBLISHED["performance"][name])
    published["cutoff"] = published.pop("cutoff_probability")
    if name == "training":
        assert tuple(published.pop("auc_ci95")) == paper.TRAINING_AUC_CI95
        assert published.pop("bootstrap_auc_1000") == paper.TRAINING_BOOTSTRAP_AUC
    thresholds = tuple(tuple(pair) for pair in published.pop("net_benefit_thresholds"))
    given = part._asdict()
    assert given.pop("net_benefit_thresholds") == thresholds
    assert given == published


def test_the_cutoff_is_the_training_sets() -> None:
    training = PUBLISHED["performance"]["training"]
    assert training["cutoff_probability"] == paper.CUTOFF
    assert (training["sensitivity"], training["specificity"]) == (
        paper.SENSITIVITY,
        paper.SPECIFICITY,
    )


def test_the_p_values_of_table_6_are_standard_errors() -> None:
    """The half width of each interval is 1.96 of them, to the printed digits of both."""
    for row in (*paper.TABLE_6.values(), paper.TABLE_6_COMBINED):
        half_width = (row.auc_high - row.auc_low) / 2
        assert half_width / 1.96 == pytest.approx(row.se, abs=0.0008)
    # A p-value of 0.024 would belong to an AUC two standard errors from 0.5, not to twelve.
    combined = paper.TABLE_6_COMBINED
    assert (combined.auc - 0.5) / combined.se > 10


def test_single_predictor_auc() -> None:
    given = {
        "mvh_restored" if predictor == "mvh" else str(predictor): row.auc
        for predictor, row in paper.TABLE_6.items()
    }
    assert given == PUBLISHED["performance"]["single_predictor_auc"]


def test_worked_example_total_and_risk() -> None:
    example = PUBLISHED["worked_example"]
    assert example["total_as_printed"] == paper.WORKED_EXAMPLE_TOTAL_POINTS
    assert example["risk_as_printed"] == f"close to {paper.WORKED_EXAMPLE_RISK:.0%}"


def test_no_axis_exceeds_100_points_and_the_next_tenth_would() -> None:
    pdw = paper.PDW_DOMAIN_FL.high - paper.PDW_ZERO_POINTS_FL
    assert paper.PDW_POINTS_PER_FL * pdw <= 100 < paper.PDW_POINTS_PER_FL * (pdw + 0.1)
    chloride = paper.CHLORIDE_ZERO_POINTS_MMOL_L - paper.CHLORIDE_DOMAIN_MMOL_L.low
    per_mmol_l = paper.CHLORIDE_POINTS_PER_MMOL_L
    assert per_mmol_l * chloride <= 100 < per_mmol_l * (chloride + 0.1)


def test_domains_start_where_the_points_are_zero() -> None:
    assert paper.AGE_DOMAIN_YEARS.high == paper.AGE_ZERO_POINTS_YEARS
    assert paper.PDW_DOMAIN_FL.low == paper.PDW_ZERO_POINTS_FL
    assert paper.CHLORIDE_DOMAIN_MMOL_L.high == paper.CHLORIDE_ZERO_POINTS_MMOL_L
    assert paper.AGE_DOMAIN_YEARS.low == paper.TRAINING_SET.age_range_years.low


@pytest.mark.parametrize(
    ("field", "central"),
    [
        ("age_years", paper.AGE_CENTRAL_YEARS),
        ("pdw_fl", paper.PDW_CENTRAL_FL),
        ("chloride_mmol_l", paper.CHLORIDE_CENTRAL_MMOL_L),
    ],
)
def test_central_ranges_are_mean_and_2_sd_in_whole_units(field: str, central: Range) -> None:
    parts = [
        (group.n / paper.STUDY_N, getattr(group, field)) for group in (paper.PAIN_FREE, paper.PAIN)
    ]
    mean = sum(weight * part.mean for weight, part in parts)
    variance = sum(weight * (part.sd**2 + (part.mean - mean) ** 2) for weight, part in parts)
    half_width = 2 * math.sqrt(variance)
    assert central.low == pytest.approx(mean - half_width, abs=0.6)
    assert central.high == pytest.approx(mean + half_width, abs=0.6)
