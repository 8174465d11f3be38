import dataclasses
from typing import Any

import numpy as np
import pytest

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study.cautions import CohortCaution, cautions_as_list, cautions_of, cautions_of_cohort
from scoring.study.cohort_file import read_cohort
from scoring.study.model_file import PUBLISHED
from scoring.study.wording import cohort_caution_text
from tests.statistics.reference.values import COHORT_CSV


def cohort(n: int = 19, **columns: Any) -> Cohort:
    """Patients without anything to look at, but for these columns; too few for the case mix."""
    plain: dict[str, Any] = {
        "age_years": 70.0,
        "t_score": -3.0,
        "trauma_history": True,
        "posterior_fascia_edema": False,
        "pdw_fl": 12.8,
        "chloride_mmol_l": 104.0,
        "mvh_restored": True,
    }
    columns = {name: np.full(n, value) for name, value in plain.items()} | columns
    return RONG_2025.cohort(columns)


def last(value: float, count: int, usual: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.full(19, usual)
    values[-count:] = value
    return values


def test_nothing_to_look_at() -> None:
    assert cautions_of_cohort(cohort()) == ()


@pytest.mark.parametrize("t_score", [-2.5, -2.500001])
def test_the_criterion_itself_is_met(t_score: float) -> None:
    assert cautions_of_cohort(cohort(t_score=last(t_score, 3, -3.0))) == ()


def test_both_ends_of_the_central_range_belong_to_it() -> None:
    ends = cohort(
        18,
        age_years=np.tile([54.0, 90.0], 9),
        pdw_fl=np.tile([8.0, 18.0], 9),
        chloride_mmol_l=np.tile([97.0, 110.0], 9),
    )
    assert cautions_of_cohort(ends) == ()


def test_each_column_is_counted() -> None:
    found = cautions_of_cohort(
        cohort(
            age_years=last(91.0, 1, 70.0),
            t_score=last(-2.4, 2, -3.0),
            pdw_fl=last(7.9, 3, 12.8),
            chloride_mmol_l=last(110.1, 4, 104.0),
        )
    )
    assert found == (
        CohortCaution("outside_central_95", "age_years", 1, 19, 54.0, 90.0),
        CohortCaution("t_score_above_osteoporosis", "t_score", 2, 19, high=-2.5),
        CohortCaution("outside_central_95", "pdw_fl", 3, 19, 8.0, 18.0),
        CohortCaution("outside_central_95", "chloride_mmol_l", 4, 19, 97.0, 110.0),
    )


@pytest.mark.parametrize(
    ("count", "code"),
    [(1, "t_score_positive"), (17, "t_score_positive"), (18, "t_score_unsigned")],
)
def test_positive_t_scores_come_first(count: int, code: str) -> None:
    found = cautions_of_cohort(
        cohort(age_years=last(91.0, 1, 70.0), t_score=last(2.8, count, -3.0))
    )
    assert (found[0].code, found[0].count, found[0].n, found[0].loud) == (code, count, 19, True)
    assert found[-1].code == "t_score_above_osteoporosis"
    assert not found[-1].loud


def test_a_t_score_of_0_is_not_positive() -> None:
    (found,) = cautions_of_cohort(cohort(t_score=last(0.0, 19, -3.0)))
    assert found.code == "t_score_above_osteoporosis"


def test_in_words() -> None:
    unsigned = cohort(t_score=last(2.8, 19, -3.0), pdw_fl=last(30.125, 19, 12.8))
    assert [cohort_caution_text(one) for one in cautions_of_cohort(unsigned)] == [
        "CAUTION: t_score is positive in 19 of 19 patients: are these absolute values? Enter them "
        "signed, as −2.8.",
        "Caution: t_score of 19 of 19 patients does not meet the study's criterion, T ≤ −2.5.",
        "Caution: pdw_fl of 19 of 19 patients lies outside the central 95 % of the study (8 to "
        "18 fL).",
    ]
    (positive, _criterion) = cautions_of_cohort(cohort(t_score=last(0.1, 1, -3.0)))
    assert cohort_caution_text(positive) == (
        "CAUTION: t_score is positive in 1 of 19 patients; it is read as signed."
    )


def test_a_model_made_from_these_patients_comes_first() -> None:
    with COHORT_CSV.open("rb") as stream:
        patients = read_cohort(stream)
    marked = dataclasses.replace(PUBLISHED, made_from=frozenset({patients.sha256}))
    assert cautions_of(patients, PUBLISHED) == cautions_of(patients)
    first, *others = cautions_of(patients, marked)
    assert (first.code, first.column, first.count, first.n) == ("same_data", None, 569, 569)
    assert tuple(others) == cautions_of_cohort(patients.cohort)
    assert "apparent performance, no validation" in cohort_caution_text(first)
    plain = cautions_as_list(patients, marked)
    assert [one["code"] for one in plain] == ["same_data", *(one.code for one in others)]
    keys = ["code", "column", "count", "n", "low", "high", "mix"]
    assert all(list(one) == keys for one in plain)
