"""Parts of the patients: who belongs where, and what is said of a part with few events."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scoring.evaluation.outcome_cohort import POPULATIONS, SEXES, OutcomeCohort
from scoring.evaluation.subgroups import Subgroup, subgroups
from scoring.models.patient import Sex
from scoring.statistics import Predictions, validate
from tests.validation.cohorts import analysed

N = 300


def _parts(cohort: OutcomeCohort, trait: str) -> dict[str, Subgroup]:
    return {one.code: one for one in subgroups(cohort) if one.trait == trait}


def _sizes(cohort: OutcomeCohort, trait: str) -> dict[str, int]:
    return {code: one.n for code, one in _parts(cohort, trait).items()}


def _varied() -> OutcomeCohort:
    turn = np.arange(N, dtype=np.int32)
    return replace(
        analysed(N), sex=turn % 2, population=turn % 3 % 2 * 2, fracture_level=turn % 17 + 1
    )


def test_codes_of_the_record() -> None:
    assert list(SEXES) == Sex.values
    assert POPULATIONS == ("as_study", "not_fully_assessed", "outside")


def test_every_trait_has_everybody_once() -> None:
    found = subgroups(_varied())
    assert (found[0].trait, found[0].n) == ("all", N)
    traits = list(dict.fromkeys(one.trait for one in found))
    assert traits == ["all", "sex", "age", "level", "eligibility", "period"]
    for trait in traits:
        parts = [one for one in found if one.trait == trait]
        assert sum(one.n for one in parts) == N
        assert sum(one.events for one in parts) == found[0].events


def test_a_part_is_judged_as_if_alone() -> None:
    ward = _varied()
    women = ward.sex == 0
    alone = validate(Predictions(ward.risk[women], ward.event[women]), resamples=0)
    found = _parts(ward, "sex")["female"]
    assert found.observed_expected == alone.observed_expected
    assert found.auc is not None
    assert (found.auc.value, found.auc.ci95) == (alone.auc, alone.auc_ci95)
    assert found.not_estimable == {}


@pytest.mark.parametrize(
    ("column", "values", "trait", "sizes"),
    [
        ("fracture_level", [1, 10], "level", {}),
        ("fracture_level", [10, 11, 14, 15], "level", [1, 2, 1]),
        ("fracture_level", [13, 17], "level", [1, 1]),
        ("age_years", [50.0, 64.0, 65.0, 75.0, 84.0, 85.0, 100.0], "age", [2, 1, 2, 2]),
        ("sex", [0, 0, 3], "sex", [2, 1]),
        ("population", [2, 2, 0], "eligibility", [1, 2]),
        ("operation_day", [5, 5, 5, 9], "period", [3, 1]),
        ("operation_day", [5, 5, 5, 5], "period", {}),
    ],
)
def test_ends_of_the_parts(column: str, values: list[Any], trait: str, sizes: Any) -> None:
    """A trait with one part is left out."""
    kind = np.float64 if column == "age_years" else np.int32
    columns: dict[str, Any] = {column: np.array(values, dtype=kind)}
    ward = analysed(len(values), **columns)
    assert list(_sizes(ward, trait).values()) == list(sizes)


def test_the_first_half_says_its_last_day() -> None:
    assert list(_sizes(analysed(11), "period")) == ["up_to:5", "later"]


def test_few_events_give_a_size_and_a_reason() -> None:
    ward = _varied()
    event = np.arange(N) % 30 == 0
    few = _parts(replace(ward, event=event), "sex")["female"]
    assert (few.n, few.events) == (150, 10)
    assert few.observed_expected is not None
    fewer = _parts(replace(ward, event=event & (np.arange(N) > 0)), "sex")["female"]
    assert (fewer.events, fewer.observed_expected, fewer.auc) == (9, None, None)
    assert set(fewer.not_estimable.values()) == {"fewer_than_10_events"}
    nearly_all = _parts(replace(ward, event=~event & (np.arange(N) > 0)), "sex")["female"]
    assert nearly_all.not_estimable == {}
    too_many = _parts(replace(ward, event=~event | (np.arange(N) == 0)), "sex")["female"]
    assert set(too_many.not_estimable.values()) == {"fewer_than_10_non_events"}


def test_equal_risks_have_no_auc_but_a_ratio() -> None:
    found = subgroups(replace(_varied(), risk=np.full(N, 0.2)))[0]
    assert found.observed_expected is not None
    assert (found.auc, found.not_estimable) == (None, {"auc": "constant_risk"})


def test_nobody_has_no_parts() -> None:
    assert subgroups(analysed(0)) == ()
