"""A model file as a nomogram: it scores one patient and a cohort, and is drawn."""

import copy
import json
from typing import Any

import numpy as np
import pytest

from scoring.charts import nomogram_svg
from scoring.charts.nomogram import NomogramLayout
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Measured
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study.model_file import ModelFileError, model_as_dict, model_from
from scoring.study.nomogram_file import nomogram_from
from tests.charts.drawings import assert_presentable, assert_words_stand_apart
from tests.nomogram.examples import WORKED_EXAMPLE
from tests.nomogram.made_up import MADE_UP, PATIENT, model_file
from tests.study.refitted import made, patients


def plain_model(*, screen: bool = False) -> dict[str, Any]:
    return model_as_dict(made(screen), name="Refit", made_from=patients())


def nomogram_of(plain: dict[str, Any]) -> Nomogram:
    return nomogram_from(json.dumps(plain).encode())


@pytest.mark.parametrize("screen", [False, True])
def test_a_developed_model_scores_its_own_cohort(screen: bool) -> None:
    plain = plain_model(screen=screen)
    model = nomogram_of(plain)
    columns = {field: patients().cohort[field] for field in model.fields}
    found = model.assess_cohort(columns)
    np.testing.assert_allclose(found.risk, made(screen).predictions.risk, rtol=1e-9)
    judged = model_from(json.dumps(plain).encode())
    np.testing.assert_allclose(found.risk, judged.risk(patients().cohort), rtol=1e-9)
    # No reading of a figure: the band is the curve itself.
    np.testing.assert_array_equal(found.band[0], found.risk)
    assert model.label == judged.label


def test_its_interval_is_that_of_the_fit() -> None:
    model = nomogram_of(plain_model())
    (scenario,) = model.assess(WORKED_EXAMPLE).scenarios
    x = np.array([1.0, *model.covariates(model.inputs(WORKED_EXAMPLE)).values()])
    error = float(np.sqrt(x @ made().fit.covariance @ x))
    logits = [float(np.log(risk / (1 - risk))) for risk in (*scenario.ci95, scenario.risk)]
    assert logits[1] - logits[0] == pytest.approx(2 * 1.959963984540054 * error, rel=1e-9)
    assert logits[2] == pytest.approx((logits[0] + logits[1]) / 2, rel=1e-9)


def test_its_points_are_those_of_the_file() -> None:
    plain = plain_model()
    model = nomogram_of(plain)
    for key, predictor in model.by_key.items():
        axis = plain["nomogram"][key]
        if isinstance(predictor, Measured):
            assert (predictor.points_per_unit, predictor.zero_at) == (
                axis["points_per_unit"],
                axis["zero_at"],
            )
            assert predictor.central is None
        else:
            assert (predictor.points(1.0), predictor.points(0.0)) == (axis["yes"], axis["no"])
    assert model.cutoff == RONG_2025.cutoff
    assert (model.outcome.n, model.outcome.events) == (569, int(patients().event.sum()))
    # The most points on its axes, up to the next hundred.
    most = sum(axis.most.points for axis in model.axes())
    assert model.total_axis_points - 100 < most <= model.total_axis_points


def test_without_points_they_follow_from_the_coefficients() -> None:
    plain = plain_model()
    with_points = nomogram_of(plain)
    del plain["nomogram"]
    model = nomogram_of(plain)
    assert max(axis.most.points for axis in model.axes()) == pytest.approx(100, rel=1e-12)
    risks = [m.assess(WORKED_EXAMPLE).scenarios[0].risk for m in (model, with_points)]
    assert risks[0] == pytest.approx(risks[1], rel=1e-9)


@pytest.mark.parametrize("layout", ["wide", "narrow", "print"])
@pytest.mark.parametrize("mvh_restored", [True, None])
def test_it_is_drawn_on_page_and_paper(layout: NomogramLayout, mvh_restored: bool | None) -> None:
    result = nomogram_of(plain_model()).assess({**WORKED_EXAMPLE, "mvh_restored": mvh_restored})
    svg = nomogram_svg(result, layout=layout, uid="refit")
    assert_presentable(svg, "refit")
    assert_words_stand_apart(svg)


def test_a_file_describes_predictors_of_its_own() -> None:
    model = nomogram_of(model_file())
    assert model.fields == ("weight_kg", "smoker", "hemoglobin_g_l")
    for patient in (PATIENT, {**PATIENT, "smoker": None}):
        results = model.assess(patient), MADE_UP.assess(patient)
        for found, expected in zip(*(result.scenarios for result in results), strict=True):
            assert found.points == pytest.approx(expected.points, rel=1e-12)
            assert found.risk == pytest.approx(expected.risk, rel=1e-12)
            assert found.ci95 == pytest.approx(expected.ci95, rel=1e-12)
            assert found.code == expected.code
    columns: dict[str, list[Any]] = {
        "weight_kg": [70, 90],
        "smoker": [True, False],
        "hemoglobin_g_l": [110.0, 130.0],
    }
    np.testing.assert_allclose(
        model.assess_cohort(columns).risk, MADE_UP.assess_cohort(columns).risk, rtol=1e-12
    )


def test_a_file_says_whether_a_predictor_is_whole() -> None:
    patient = {**PATIENT, "weight_kg": 70.5}
    assert nomogram_of(model_file()).assess(patient).inputs["weight_kg"] == 70.5
    whole = nomogram_of(_changed(predictors__weight__whole=True))
    with pytest.raises(PredictorError, match="weight_kg: not_whole"):
        whole.assess(patient)
    assert whole.assess(PATIENT).points == nomogram_of(model_file()).assess(PATIENT).points


def _changed(**changes: Any) -> dict[str, Any]:
    plain = copy.deepcopy(model_file())
    for path, value in changes.items():
        *parents, name = path.split("__")
        place = plain
        for parent in parents:
            place = place[parent]
        place[name] = value
    return plain


@pytest.mark.parametrize(
    "changes",
    [
        {"coefficients__weight": 0.06},
        {"predictors__smoker__kind": "sometimes"},
        {"predictors__weight__whole": "yes"},
        {"predictors__smoker__field": "weight_kg"},
        {"predictors__anemia__below": None},
        {"predictors": {}},
        {"covariance": [[1.0]]},
        {"made_from": {}},
        {"nomogram": {}},
        {"format": "another"},
    ],
)
def test_a_file_that_is_no_model_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ModelFileError) as caught:
        nomogram_of(_changed(**changes))
    assert caught.value.code == "not_a_model"


def test_a_model_of_other_predictors_is_not_judged_on_our_cohorts() -> None:
    with pytest.raises(ModelFileError):
        model_from(json.dumps(model_file()).encode())
