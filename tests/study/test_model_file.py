import copy
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics.development import nomogram
from scoring.statistics.exchange import nomogram_as_dict
from scoring.study.cohort_file import read_cohort
from scoring.study.model_file import PUBLISHED, ModelFileError, mark_of, model_as_dict, model_from
from tests.nomogram.examples import LOW_RISK, WORKED_EXAMPLE
from tests.statistics.reference.values import COHORT_CSV
from tests.study.refitted import made, patients


def plain_model() -> dict[str, Any]:
    return model_as_dict(made(), name="Refit", made_from=patients())


def as_file(plain: Any) -> bytes:
    return json.dumps(plain).encode()


def test_the_published_model_gives_the_published_risks() -> None:
    risks = PUBLISHED.risk(patients().cohort)
    cohort = patients().cohort
    for row in range(0, 569, 71):
        inputs = {field: values[row].item() for field, values in cohort.columns.items()}
        assert risks[row] == RONG_2025.assess(inputs).scenarios[0].risk
    assert PUBLISHED.label == "rong-2025 version 2"
    assert RONG_2025.assess(WORKED_EXAMPLE).model.identifier == PUBLISHED.identifier
    assert RONG_2025.assess(LOW_RISK).model.version == PUBLISHED.version


def test_a_model_through_its_file_gives_the_fitted_risks() -> None:
    model = model_from(as_file(plain_model()))
    np.testing.assert_allclose(model.risk(patients().cohort), made().predictions.risk, rtol=1e-12)
    assert model.line == made().nomogram.line
    assert model.name == "Refit"


def test_its_points_give_the_same_risks() -> None:
    model = model_from(as_file(plain_model()))
    covariates = np.column_stack(list(patients().cohort.covariates().values()))
    totals = np.array(
        [
            sum(a.points(v) for a, v in zip(made().nomogram.axes, row, strict=True))
            for row in covariates
        ]
    )
    risks = 1 / (1 + np.exp(-(totals - model.line.p50_points) / model.line.k_points_per_logit))
    np.testing.assert_allclose(risks, model.risk(patients().cohort), rtol=1e-11)


def test_the_same_cohort_gives_the_same_version_and_another_one_another() -> None:
    assert plain_model()["version"] == plain_model()["version"]
    fewer = dict(plain_model()["coefficients"])
    changed = copy.deepcopy(plain_model())
    fewer.pop("age")
    changed["coefficients"] = fewer
    with pytest.raises(ModelFileError, match="not_a_model"):
        model_from(as_file(changed))


def nomogram_without_chloride() -> dict[str, Any]:
    """Of the same axes and coefficients, but for one."""
    keep = [i for i, variable in enumerate(made().variables) if variable.name != "chloride"]
    x = np.column_stack(list(patients().cohort.covariates().values()))[:, keep]
    coefficients = made().fit.coefficients[[0, *(i + 1 for i in keep)]]
    return nomogram_as_dict(nomogram(tuple(made().variables[i] for i in keep), x, coefficients))


def test_a_screened_model_does_without_some_predictors() -> None:
    assert [variable.name for variable in made(screen=True).variables] == [
        row.name for row in made().coefficients[1:]
    ]
    plain = plain_model()
    del plain["coefficients"]["chloride"]
    plain["version"] = mark_of(plain["coefficients"])
    plain["nomogram"] = nomogram_without_chloride()
    model = model_from(as_file(plain))
    full = model_from(as_file(plain_model()))
    chloride = plain_model()["coefficients"]["chloride"] * patients().cohort["chloride_mmol_l"]
    difference = np.log(full.risk(patients().cohort) / (1 - full.risk(patients().cohort)))
    difference -= np.log(model.risk(patients().cohort) / (1 - model.risk(patients().cohort)))
    np.testing.assert_allclose(difference, chloride, rtol=1e-9)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "another"),
        (("format_version",), 2),
        (("identifier",), "rong-2025"),
        (("version",), "0"),
        (("name",), None),
        (("coefficients", "age"), 0.5),
        (("coefficients", "age"), None),
        (("coefficients", "weight"), 0.1),
        (("coefficients", "intercept"), float("nan")),
        (("coefficients",), {}),
        (("coefficients",), [1, 2]),
        (("nomogram", "points_per_logit"), -1.0),
        (("nomogram", "p50"), True),
        (("nomogram", "p50"), 150.0),
        (("nomogram", "points_per_logit"), 25.0),
        (("nomogram", "points_per_logit"), 0),
        (("nomogram", "age", "high"), 110.0),
        (("nomogram", "age", "high"), 10**400),
        (("nomogram", "age", "low"), 200.0),
        (("nomogram", "age", "points_per_unit"), -1.0),
        (("nomogram", "mvh", "no"), 0.0),
        (("nomogram", "mvh"), {}),
        (("nomogram", "weight"), {}),
        (("nomogram", "total_to_risk"), []),
        (("nomogram", "total_to_risk", 0, "risk"), 0.5),
        (("nomogram", "p50"), 10**400),
        (("coefficients", "age"), 10**400),
        (("nomogram",), None),
        (("made_from",), None),
        (("made_from", "sha256"), 7),
    ],
)
def test_a_changed_file_is_no_model(path: tuple[Any, ...], value: Any) -> None:
    plain = copy.deepcopy(plain_model())
    place: Any = plain
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ModelFileError, match="not_a_model"):
        model_from(as_file(plain))


def test_no_number_of_the_nomogram_can_be_changed_alone() -> None:
    """Not even in its seventh digit; but for where an axis that is not the widest ends."""
    plain = plain_model()
    numbers = [
        path
        for path, value in _leaves(plain["nomogram"])
        if value and path[-1] not in {"low", "high"}
    ]
    assert len(numbers) > 50
    for *way, last in numbers:
        changed = copy.deepcopy(plain)
        place = changed["nomogram"]
        for key in way:
            place = place[key]
        place[last] *= 1.0000002
        with pytest.raises(ModelFileError, match="not_a_model"):
            model_from(as_file(changed))


def _leaves(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if not isinstance(plain, dict | list):
        yield path, plain
        return
    for key, part in plain.items() if isinstance(plain, dict) else enumerate(plain):
        yield from _leaves(part, (*path, key))


def test_coefficients_beyond_all_bounds_are_no_model() -> None:
    plain = plain_model()
    for value in (1e308, -1e308, 0.0):
        plain["coefficients"] = dict.fromkeys(plain["coefficients"], value)
        plain["version"] = mark_of(plain["coefficients"])
        with pytest.raises(ModelFileError, match="not_a_model"):
            model_from(as_file(plain))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_what_is_no_json(content: bytes) -> None:
    with pytest.raises(ModelFileError, match="not_json"):
        model_from(content)


@pytest.mark.parametrize("content", [b"[]", b"3", b"{}", b"null"])
def test_json_that_is_no_model(content: bytes) -> None:
    with pytest.raises(ModelFileError, match="not_a_model"):
        model_from(content)


def test_it_knows_its_own_patients_however_they_are_saved() -> None:
    model = model_from(as_file(plain_model()))
    assert model.was_made_from(patients())
    assert not PUBLISHED.was_made_from(patients())
    header, *rows = COHORT_CSV.read_text().splitlines()
    again = "\n".join([header, *(row.replace("S", "T", 1) for row in reversed(rows))])
    resaved = read_cohort(io.BytesIO(again.replace(",", ";").encode()))
    assert resaved.sha256 != patients().sha256
    assert model.was_made_from(resaved)
    others = read_cohort(io.BytesIO("\n".join([header, *rows[1:]]).encode()))
    assert not model.was_made_from(others)
