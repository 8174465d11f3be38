"""The simulated studies behind the interval, and what they are made of."""

import numpy as np
import pytest
import statsmodels.api as sm

from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstructed, simulated
from scoring.nomogram.rong2025.model import RONG_2025
from script.lib.reconstruction.consistency import (
    Cohorts,
    optimism,
    validation_cutoffs,
)
from script.lib.reconstruction.coverage import PATIENTS, cover, patient_x
from script.lib.reconstruction.refit import (
    draw_outcomes,
    draw_patients,
    line_coefficients,
    refit,
    risks,
)

BETA = line_coefficients(RONG_2025.line)


def studies(n: int, seed: int) -> Cohorts:
    rng = np.random.default_rng(seed)
    x = draw_patients(rng, (n, paper.STUDY_N))
    beta = np.tile(BETA, (n, 1))
    return Cohorts(x, draw_outcomes(rng, risks(x, beta)), beta)


def test_the_coefficients_of_the_line_score_a_patient_as_the_model_does() -> None:
    for values in PATIENTS.values():
        (scenario,) = RONG_2025.assess(values).scenarios
        assert risks(patient_x(values)[None], BETA)[0] == pytest.approx(scenario.risk, rel=1e-12)


def test_drawn_patients_are_like_those_of_the_tables() -> None:
    x = draw_patients(np.random.default_rng(1), (200_000,))
    # The mean age of both groups together is printed as 71.76, which the two groups don't give.
    age = (452 * 72.23 + 117 * 69.19) / 569
    means = {key: both.mean for key, both in paper.CASE_MIX.items()} | {"age": age}
    for column, key, expected in zip(x.T[1:], means, paper.CASE_MIX.values(), strict=True):
        error = expected.sd / np.sqrt(len(x))
        assert column.mean() == pytest.approx(means[key], abs=4 * error)
        assert column.std() == pytest.approx(expected.sd, rel=0.01)


def test_statsmodels_fits_the_same_coefficients() -> None:
    x, y, beta = studies(3, 2)
    found = refit(x, y, beta)
    for place in range(3):
        fitted = sm.Logit(y[place], x[place]).fit(disp=False, method="newton", tol=1e-12)
        np.testing.assert_allclose(found[place], fitted.params, rtol=1e-6)


def test_a_study_that_can_not_be_fitted_is_refused() -> None:
    x, _y, beta = studies(1, 3)
    with pytest.raises(ArithmeticError, match="could not be refitted"):
        refit(x, x[..., 4], beta)


@pytest.mark.slow
def test_the_interval_covers_as_often_as_the_documents_say() -> None:
    found, panel = cover(replicates=1_000, seed=4)
    documented = {row.patient: row for row in simulated.COVERAGE}
    for patient in found:
        row = documented[patient.name]
        assert patient.total_points == pytest.approx(row.total_points, abs=0.005)
        for now, then in (
            (patient.version_1, row.version_1),
            (patient.version_2, row.version_2),
        ):
            assert now.value == pytest.approx(then, abs=4 * now.error)
        assert 0.94 < row.version_2 < 0.96
    assert panel.value == pytest.approx(
        reconstructed.SMALL_SAMPLE_VARIANCE_FACTOR, abs=4 * panel.error
    )
    assert panel.error < 0.03


@pytest.mark.slow
def test_what_new_patients_may_expect_is_as_documented() -> None:
    found = optimism(studies(6, 5), resamples=40)
    assert found.auc == pytest.approx(simulated.AUC_OPTIMISM, abs=0.008)
    assert found.slope == pytest.approx(simulated.EXPECTED_SLOPE, abs=0.04)
    share = float((validation_cutoffs(2_000, 6) >= paper.VALIDATION.cutoff).mean())
    assert share == pytest.approx(simulated.VALIDATION_CUTOFF_AS_HIGH, abs=0.025)
