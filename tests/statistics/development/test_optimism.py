import numpy as np
import pytest

from scoring.statistics import NotEstimableError
from scoring.statistics.development import Variable
from scoring.statistics.development.optimism import RefitTask, optimism, screened_in
from scoring.statistics.logistic import fit
from tests.statistics.reference.values import BINARY, NAMES, cohort_columns, r_reference

VARIABLES = tuple(Variable(name, name in BINARY) for name in NAMES)


def cohort() -> tuple[np.ndarray, np.ndarray]:
    columns, event = cohort_columns()
    return np.column_stack([columns[name] for name in NAMES]), event


def test_the_optimism_of_rms_validate() -> None:
    """R's from 1,000 resamples, ours from 300 of other random numbers.

    One resample's difference in AUC has an SD of about 0.025, its slope one of about 0.1: the
    difference of two such means has a standard error of 0.0017 and 0.0066; three are allowed.
    """
    expected = r_reference()["optimism"]
    x, event = cohort()
    columns = list(range(7))
    found = optimism(
        RefitTask(VARIABLES, x, event, None),
        fit(x, event),
        columns,
        resamples=300,
        seed=1,
        workers=1,
        progress=None,
    )
    assert (found.n, found.failed) == (300, 0)
    assert found.auc_optimism == pytest.approx(expected["auc"], abs=0.005)
    assert found.brier_optimism == pytest.approx(expected["brier"], abs=0.002)
    assert found.slope == pytest.approx(expected["slope"], abs=0.02)
    assert found.intercept == pytest.approx(expected["intercept"], abs=0.035)


def test_corrected_is_apparent_less_optimism() -> None:
    x, event = cohort()
    found = optimism(
        RefitTask(VARIABLES, x, event, None),
        fit(x, event),
        list(range(7)),
        resamples=20,
        seed=1,
        workers=1,
        progress=None,
    )
    assert found.auc_corrected + found.auc_optimism == pytest.approx(0.7785, abs=1e-3)
    assert found.auc_optimism > 0
    assert found.brier_optimism < 0


def test_a_screen_chooses_and_is_repeated() -> None:
    x, event = cohort()
    noise = np.random.default_rng(3).normal(size=(len(event), 1))
    wider = np.hstack([x, noise])
    variables = (*VARIABLES, Variable("noise", False))
    assert screened_in(variables, wider, event, 0.05) == list(range(7))
    assert screened_in(variables, wider, event, None) == list(range(8))
    task = RefitTask(variables, wider, event, 0.05)
    rng = np.random.default_rng(1)
    rows = np.random.default_rng(1).integers(0, len(event), len(event))
    entered = screened_in(variables, wider[rows], event[rows], 0.05)
    found = task(rng)
    assert found is not None
    model = fit(wider[rows][:, entered], event[rows])
    again = fit(model.logits(wider[:, entered])[:, None], event)
    assert found[5] == pytest.approx(again.coefficients[1], rel=1e-12)


def test_what_cannot_be_tested_does_not_pass_a_screen() -> None:
    x, event = cohort()
    x[:, 1] = 1.0
    assert screened_in(VARIABLES, x, event, 0.05) == [0, 2, 3, 4, 5, 6]


def test_a_resample_without_a_model_is_none() -> None:
    x = np.zeros((60, 1))
    x[0] = 1.0  # in about a third of the resamples nobody has it
    task = RefitTask((Variable("rare", True),), x, np.arange(60) % 2 == 0, None)
    found = [task(np.random.default_rng(seed)) for seed in range(30)]
    assert None in found
    with pytest.raises(NotEstimableError, match="too_few"):
        optimism(
            task,
            fit(np.random.default_rng(1).normal(size=(60, 1)), task.event),
            [0],
            resamples=30,
            seed=1,
            workers=1,
            progress=None,
        )


def test_a_screen_that_nothing_passes_gives_no_model() -> None:
    x = np.random.default_rng(1).normal(size=(100, 1))
    task = RefitTask((Variable("x", False),), x, np.arange(100) % 2 == 0, 1e-30)
    assert task(np.random.default_rng(1)) is None
