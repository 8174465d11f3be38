import numpy as np
import pytest

from scoring.nomogram.logistic import risk_of_logit
from scoring.statistics import NotEstimableError
from scoring.statistics.development import DerivedNomogram, Variable, nomogram, pretty
from scoring.statistics.development.axes import axis_ends
from scoring.statistics.logistic import fit
from tests.statistics.reference.values import (
    BINARY,
    ITERATED,
    NAMES,
    cohort_columns,
    r_reference,
)

VARIABLES = tuple(Variable(name, name in BINARY) for name in NAMES)


def made() -> tuple[DerivedNomogram, np.ndarray, np.ndarray]:
    columns, event = cohort_columns()
    x = np.column_stack([columns[name] for name in NAMES])
    coefficients = fit(x, event).coefficients
    return nomogram(VARIABLES, x, coefficients), x, coefficients


def test_the_axes_of_rms() -> None:
    found, _x, _coefficients = made()
    for axis in found.axes:
        expected = r_reference()["nomogram"][axis.variable.name]
        ends = expected["value"][0], expected["value"][-1]
        assert (axis.low, axis.high) == pytest.approx(ends, rel=1e-12)
        points = [axis.points(value) for value in expected["value"]]
        np.testing.assert_allclose(points, expected["points"], rtol=ITERATED, atol=1e-9)


def test_the_risk_axis_of_rms() -> None:
    found, _x, _coefficients = made()
    expected = r_reference()["nomogram_risk"]
    points = [found.total_points(risk) for risk in expected["risk"]]
    # rms inverts the risk by interpolation on a fine grid, which is good to about 1e-6.
    np.testing.assert_allclose(points, expected["points"], rtol=1e-5)


def test_total_points_give_the_risk_of_the_model() -> None:
    found, x, coefficients = made()
    totals = [sum(a.points(v) for a, v in zip(found.axes, row, strict=True)) for row in x]
    risks = risk_of_logit(coefficients[0] + x @ coefficients[1:])
    np.testing.assert_allclose([found.risk(total) for total in totals], risks, rtol=1e-11)


def test_every_predictor_has_the_same_points_per_logit() -> None:
    found, _x, coefficients = made()
    ratios = [
        axis.points_per_unit / slope
        for axis, slope in zip(found.axes, coefficients[1:], strict=True)
    ]
    np.testing.assert_allclose(ratios, found.line.k_points_per_logit, rtol=1e-14)


def test_points_begin_at_0_and_the_widest_axis_has_100() -> None:
    found, _x, _coefficients = made()
    ends = [(axis.points(axis.low), axis.points(axis.high)) for axis in found.axes]
    assert all(min(pair) == pytest.approx(0.0, abs=1e-12) for pair in ends)
    assert max(max(pair) for pair in ends) == pytest.approx(100.0, rel=1e-14)
    assert found.most_points == pytest.approx(sum(max(pair) for pair in ends))


def test_totals_to_risks_and_back() -> None:
    found, _x, _coefficients = made()
    table = found.total_to_risk()
    assert table[0][0] == 0.0
    assert table[-1][0] >= found.most_points
    for total, risk in [*table, *found.risk_to_total()]:
        assert found.total_points(risk) == pytest.approx(total, abs=1e-9)
    assert (found.line.p50_points, 0.5) in found.risk_to_total()


@pytest.mark.parametrize("case", r_reference()["pretty"])
def test_pretty_of_r(case: dict[str, float | list[float]]) -> None:
    low, high, values = case["low"], case["high"], case["values"]
    assert isinstance(low, float | int)
    assert isinstance(high, float | int)
    assert pretty(low, high, 10) == pytest.approx(values, rel=1e-13, abs=1e-300)


def test_axes_of_few_values_end_at_them() -> None:
    assert axis_ends(np.array([2.0, 7.0, 2.0])) == (2.0, 7.0)
    assert axis_ends(np.arange(3.0, 14.0)) == (3.0, 13.0)
    assert axis_ends(np.append(np.arange(3.0, 14.0), 97.2)) == (0.0, 100.0)
    assert pretty(5.0, 5.0, 10) == [5.0]


def test_a_model_without_effect_has_no_nomogram() -> None:
    x = np.array([[0.0], [1.0]])
    with pytest.raises(NotEstimableError, match="no_variation"):
        nomogram((Variable("x", True),), x, np.array([-1.0, 0.0]))
