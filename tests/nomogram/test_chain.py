"""The Markov chain behind the line of version 2: exact margins, conditions, agreement."""

from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstructed
from scoring.nomogram.rong2025 import reconstruction as rebuild
from scoring.nomogram.rong2025.model import RONG_2025
from script.lib.reconstruction import conditions
from script.lib.reconstruction.arrangement import Arrangement
from script.lib.reconstruction.chain import STEPS, SWAPS_PER_SWEEP, Chains, Draws
from script.lib.reconstruction.consistency import Cohorts, cohorts_of
from script.lib.reconstruction.coverage import tabled_covariance
from script.lib.reconstruction.line import information
from script.lib.reconstruction.margins import PAIN, PAIN_FREE, Margins
from script.lib.reconstruction.posterior import Posterior, posterior, split_r_hat
from script.lib.reconstruction.refit import risks

CHAINS, BURN_IN, SWEEPS = 64, 60, 60
GROUPS = ((PAIN, paper.PAIN), (PAIN_FREE, paper.PAIN_FREE))


@dataclass
class Run:
    """A short run, and the cohorts it ends with."""

    chains: Chains
    draws: Draws
    cohorts: Cohorts

    @property
    def posterior(self) -> Posterior:
        return posterior(self.draws)


@pytest.fixture(scope="module")
def run() -> Run:
    chains = Chains(CHAINS, np.random.default_rng(1), information())
    draws = chains.run(BURN_IN, SWEEPS)
    return Run(chains, draws, cohorts_of(chains))


@pytest.mark.parametrize(("margins", "group"), GROUPS)
def test_the_margins_are_the_printed_ones(margins: Margins, group: paper.Group) -> None:
    age, bmd, trauma, edema, pdw, chloride, mvh = margins.values
    for values, (mean, sd) in (
        (age, group.age_years),
        (pdw, group.pdw_fl),
        (chloride, group.chloride_mmol_l),
    ):
        assert values.mean() == pytest.approx(mean, rel=1e-13)
        assert values.std(ddof=1) == pytest.approx(sd, rel=1e-13)
    assert [part.sum() for part in (bmd, trauma, edema, mvh)] == [
        group.abs_t_above_3_5,
        group.trauma_history,
        group.posterior_fascia_edema,
        group.mvh_restored,
    ]


@pytest.mark.slow
def test_a_million_swaps_leave_every_margin_as_it_was(run: Run) -> None:
    assert CHAINS * (BURN_IN + SWEEPS) * SWAPS_PER_SWEEP > 1_000_000
    assert run.draws.swaps_accepted > 0.5
    for part in (run.chains.pain, run.chains.pain_free):
        found = np.sort(part.x[:, :, 1:], axis=1)
        expected = np.broadcast_to(part.group.values.T, found.shape)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.slow
def test_what_is_kept_in_step_is_what_the_cohorts_give(run: Run) -> None:
    x, y, beta = run.cohorts
    risk = risks(x, beta)
    score = ((y - risk)[:, None, :] @ x)[:, 0, :]
    np.testing.assert_allclose(run.chains.score, score, atol=1e-6)
    auc = [roc_auc_score(*pair) for pair in zip(y, risk, strict=True)]
    np.testing.assert_allclose(run.chains.auc, auc, atol=1e-12)
    hit = risk >= paper.CUTOFF
    np.testing.assert_array_equal(run.chains.above, (hit * y).sum(axis=1))
    np.testing.assert_array_equal(run.chains.below, (~hit * (1 - y)).sum(axis=1))
    distance = np.einsum("ci,ij,cj->c", score, np.linalg.inv(information()), score)
    np.testing.assert_allclose(run.chains.score_distance, np.sqrt(distance), rtol=1e-6)


@pytest.mark.slow
def test_every_cohort_meets_the_conditions(run: Run) -> None:
    chains = run.chains
    # 1 in 30,000 of a chi-squared variable with eight degrees of freedom lies above 34.
    assert (chains.score_distance < conditions.SCORE_SE * np.sqrt(34)).all()
    for values, printed, scale in (
        (chains.auc, paper.TRAINING.auc, conditions.AUC_SE),
        (chains.above, 89, conditions.PAIN_ABOVE_SE),
        (chains.below, 321, conditions.PAIN_FREE_BELOW_SE),
        (chains.k, conditions.K_EXPECTED, conditions.K_SE),
    ):
        assert (np.abs(values - printed) < 4.5 * scale).all()
    assert (conditions.PAIN_ABOVE, conditions.PAIN_FREE_BELOW) == (89, 321)


@pytest.mark.slow
def test_a_short_run_agrees_with_the_shipped_line(run: Run) -> None:
    found = run.posterior
    line = reconstructed.LINE
    assert abs(found.p50.value - line.p50_points) < 4 * found.p50.error < 0.5
    assert abs(found.k.value - line.k_points_per_logit) < 4 * found.k.error < 0.4
    shipped = np.array(reconstructed.LINE_COVARIANCE)
    off = np.abs(found.line_covariance - shipped)
    assert (off < 4 * found.line_covariance_error).all()


def line_of_one_cohort(cohorts: Cohorts, near: tuple[float, float]) -> FloatArray:
    """Means and SDs of P50 and K given the first cohort, summed over a grid of lines."""
    x, y = cohorts.x[0], cohorts.y[0]
    keys = [predictor.key for predictor in RONG_2025.predictors]
    points = RONG_2025.total_points(dict(zip(keys, x.T[1:], strict=True)))
    inverse = np.linalg.inv(information())
    around = np.arange(-2, 2, 0.05)
    lines = np.array(np.meshgrid(near[0] + around, near[1] + around)).reshape(2, -1)
    p50, k = lines
    risk = 1 / (1 + np.exp((p50[:, None] - points) / k[:, None]))
    score = (y - risk) @ x
    hit = risk >= 0.184
    example = 1 / (1 + np.exp((p50 - 183.886) / k))
    energy = (
        np.einsum("li,ij,lj->l", score, inverse, score) / 0.1**2
        + (((hit & (y == 1)).sum(axis=1) - 89) / 0.5) ** 2
        + (((~hit & (y == 0)).sum(axis=1) - 321) / 0.8) ** 2
        + ((example - 0.8) / 0.025) ** 2
        + ((k - 25) / 0.75) ** 2
    )
    weight = np.exp(-0.5 * (energy - energy.min()))
    mean = np.average(lines, axis=1, weights=weight)
    return np.array([mean, np.sqrt(np.average((lines.T - mean) ** 2, axis=0, weights=weight))])


@pytest.mark.slow
def test_moves_of_the_line_alone_find_its_distribution(run: Run) -> None:
    chains = Chains(CHAINS, np.random.default_rng(2), information())
    for part in ("pain", "pain_free"):
        getattr(chains, part).x[:] = getattr(run.chains, part).x[0]
    chains.p50[:], chains.k[:] = run.chains.p50[0], run.chains.k[0]
    chains.refresh()
    expected = line_of_one_cohort(run.cohorts, (run.chains.p50[0], run.chains.k[0]))
    found = []
    for move in range(300):
        chains.move_line(STEPS[move % len(STEPS)])
        if move >= 100:
            found.append((chains.p50, chains.k))
    drawn = np.array(found)
    mean, sd = drawn.mean(axis=(0, 2)), drawn.std(axis=(0, 2))
    np.testing.assert_allclose(mean, expected[0], atol=0.15 * expected[1].max())
    np.testing.assert_allclose(sd, expected[1], rtol=0.15)


@pytest.mark.slow
def test_swaps_leave_the_conditions_as_wide_as_their_scales(run: Run) -> None:
    """Where the cohorts allow anything near, a Gaussian condition is met with its own spread."""
    chains = run.chains
    # The mean of a chi-squared variable with eight degrees of freedom, SD 4.
    squared = (chains.score_distance / conditions.SCORE_SE) ** 2
    assert squared.mean() == pytest.approx(8, abs=4 * 4 / np.sqrt(CHAINS))
    assert chains.auc.std() == pytest.approx(conditions.AUC_SE, rel=0.4)
    assert chains.auc.mean() == pytest.approx(
        paper.TRAINING.auc, abs=4 * conditions.AUC_SE / np.sqrt(CHAINS)
    )


def test_a_swap_changes_the_score_by_the_terms_of_two_patients() -> None:
    rng = np.random.default_rng(3)
    part = Arrangement(PAIN, 5, rng)
    p50, k = np.full(5, 155.0), np.full(5, 24.5)
    for predictor in range(7):
        before = part.score(p50, k)
        swap = part.draw_swap(predictor, rng)
        points = part.points_of(swap)
        change = part.score_change(swap, *(1 / (1 + np.exp((p50 - p) / k)) for p in points))
        part.carry_out(swap, points[1], np.array([True, False, True, True, False]))
        part.add_up()
        moved = part.score(p50, k) - before
        np.testing.assert_allclose(moved[[0, 2, 3]], change[[0, 2, 3]], atol=1e-9)
        assert not moved[[1, 4]].any()


def test_chains_that_disagree_have_a_high_r_hat() -> None:
    rng = np.random.default_rng(4)
    draws = rng.normal(size=(200, 8))
    assert split_r_hat(draws) == pytest.approx(1.0, abs=0.02)
    assert split_r_hat(draws + np.arange(8)) > 2.0
    assert split_r_hat(draws + np.linspace(0, 3, 200)[:, None]) > 1.2


def test_the_covariance_from_the_tables_of_a_study_is_the_quadrature() -> None:
    chains = Chains(2, np.random.default_rng(5), information())
    chains.p50[:], chains.k[:] = RONG_2025.line
    for found in tabled_covariance(*cohorts_of(chains)):
        np.testing.assert_allclose(found, rebuild.covariance(RONG_2025.line), rtol=1e-4)
