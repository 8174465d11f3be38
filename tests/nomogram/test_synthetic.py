import numpy as np
import pytest

from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.publication import Group
from scoring.nomogram.rong2025.synthetic import MATCHED_FROM, synthetic_cohort


@pytest.mark.parametrize(("event", "group"), [(False, paper.PAIN_FREE), (True, paper.PAIN)])
def test_each_group_has_the_published_counts_means_and_sds(event: bool, group: Group) -> None:
    made = synthetic_cohort(paper.STUDY_N, seed=5)
    inside = made.event == event
    cohort = made.cohort
    assert inside.sum() == group.n
    assert np.sum(cohort["t_score"][inside] < paper.BMD_T_SCORE_THRESHOLD) == group.abs_t_above_3_5
    assert np.sum(cohort["trauma_history"][inside]) == group.trauma_history
    assert np.sum(cohort["posterior_fascia_edema"][inside]) == group.posterior_fascia_edema
    assert np.sum(cohort["mvh_restored"][inside]) == group.mvh_restored
    # Whole years, tenths of the others: rounding moves a mean by less than its unit / sqrt(n).
    for values, published, unit in (
        (cohort["age_years"], group.age_years, 1.0),
        (cohort["pdw_fl"], group.pdw_fl, 0.1),
        (cohort["chloride_mmol_l"], group.chloride_mmol_l, 0.1),
    ):
        assert values[inside].mean() == pytest.approx(published.mean, abs=unit / group.n**0.5)
        assert values[inside].std(ddof=1) == pytest.approx(published.sd, abs=unit / group.n**0.5)
        np.testing.assert_allclose(values / unit, np.round(values / unit), atol=1e-9)


def test_predictors_are_uncorrelated_within_a_group() -> None:
    made = synthetic_cohort(paper.STUDY_N, seed=6)
    cohort = made.cohort
    columns = np.array(list(cohort.covariates().values()))
    for event in (False, True):
        correlation = np.corrcoef(columns[:, made.event == event])
        assert np.max(np.abs(correlation - np.eye(7))) < 0.06


def test_the_same_seed_gives_the_same_patients() -> None:
    first, again, other = (synthetic_cohort(100, seed) for seed in (1, 1, 2))
    assert first.cohort["age_years"].tolist() == again.cohort["age_years"].tolist()
    assert first.event.tolist() == again.event.tolist()
    assert first.cohort["age_years"].tolist() != other.cohort["age_years"].tolist()


@pytest.mark.parametrize("n", [1, 2, 3, 7, MATCHED_FROM, 99, 12_345])
def test_any_number_of_patients(n: int) -> None:
    made = synthetic_cohort(n, seed=1)
    assert len(made.cohort) == len(made.event) == n
    assert made.event.sum() == round(n * paper.EVENT_RATE)


@pytest.mark.parametrize("n", [0, -5])
def test_nobody_is_no_cohort(n: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        synthetic_cohort(n, seed=1)
