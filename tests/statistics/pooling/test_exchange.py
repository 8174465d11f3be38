import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scoring.statistics import DataError
from scoring.statistics.pooling import (
    Aggregate,
    aggregate_as_dict,
    aggregate_from,
    pool,
    pooled_as_dict,
)
from tests.statistics.pooling.hospitals import aggregates


def test_through_json_and_back_nothing_changes() -> None:
    for one in aggregates():
        text = json.dumps(aggregate_as_dict(one), allow_nan=False)
        assert aggregate_from(json.loads(text)) == one


def test_no_patient_is_in_the_file() -> None:
    for one in aggregates():
        plain = aggregate_as_dict(one)
        assert all(min(cell["events"], cell["non_events"]) >= 5 for cell in plain["cells"])
        assert len(json.dumps(plain)) < 10_000


def _set(*path: Any, value: Any) -> Callable[[Any], None]:
    def change(plain: Any) -> None:
        for key in path[:-1]:
            plain = plain[key]
        plain[path[-1]] = value

    return change


def _without_auc(plain: Any, reason: Any) -> None:
    del plain["estimates"]["auc"]
    plain["not_estimable"]["auc"] = reason


def _all_in_one_cell(plain: Any, *, risk_sum: float) -> None:
    plain["risk_sum"] = risk_sum
    plain["cells"] = [
        {
            "low": 0.0,
            "high": 1.0,
            "events": plain["events"],
            "non_events": plain["n"] - plain["events"],
            "risk_sum": risk_sum,
        }
    ]


def _edge(plain: Any, edge: float) -> None:
    plain["cells"][0]["high"] = plain["cells"][1]["low"] = edge


def _small(plain: Any) -> None:
    """Two patients, in themselves without contradiction."""
    _all_in_one_cell(plain, risk_sum=1.0)
    plain["cells"][0] |= {"events": 1, "non_events": 1}
    plain |= {"n": 2, "events": 1, "squared_error_sum": 0.5}
    plain["not_estimable"] = dict.fromkeys(plain["estimates"], "separation")
    plain["estimates"] = {}


@pytest.mark.parametrize(
    "change",
    [
        _set("format", value="something else"),
        _set("format_version", value=2),
        _set("centre", value=" "),
        _set("model", value=7),
        _set("n", value=12),
        _set("events", value=True),
        _set("events", value=-1),
        _set("risk_sum", value=float("nan")),
        _set("risk_sum", value=1.0),
        _set("squared_error_sum", value=-0.1),
        _set("squared_error_sum", value="12"),
        _set("estimates", "auc", "se", value=0.0),
        _set("estimates", "other", value={"value": 1.0, "se": 1.0}),
        _set("estimates", "auc", value=None),
        _set("not_estimable", "auc", value="no_events"),
        _set("not_estimable", value=None),
        _set("cells", value=[]),
        _set("cells", 0, "low", value=0.5),
        _set("cells", 0, "events", value=0),
        _set("cells", 0, "risk_sum", value=1e4),
        _set("minimum_cell", value=1),
        _set("n", value=10**400),
        _set("risk_sum", value=10**400),
        _set("estimates", "auc", "value", value=1.5),
        _set("estimates", "auc", "value", value=1.0),
        _set("estimates", "auc", "value", value=0.0),
        _set("estimates", "auc", "value", value=-0.2),
        # Not what the cells allow: 0.75 to 0.85 or so.
        _set("estimates", "auc", "value", value=0.95),
        _set("estimates", "auc", "value", value=0.5),
        _set("estimates", "auc", "se", value=1e-300),
        # Sharper, or vaguer, than so many patients can be.
        _set("estimates", "auc", "se", value=9e-6),
        _set("estimates", "auc", "se", value=0.06),
        _set("estimates", "in_the_large", "se", value=0.08),
        _set("estimates", "intercept", "se", value=0.08),
        _set("estimates", "slope", "se", value=1e-4),
        _set("estimates", "slope", "se", value=1e200),
        _set("estimates", "slope", "value", value=1e200),
        _set("estimates", "slope", "value", value=10**400),
        # Fewer events than expected, and an intercept that says the opposite.
        _set("estimates", "in_the_large", "value", value=2.0),
        _set("not_estimable", "something", value="separation"),
        _set("squared_error_sum", value=0),
        _set("squared_error_sum", value=150.0),
        lambda plain: plain["estimates"].pop("auc"),
        lambda plain: _without_auc(plain, "weird"),
        lambda plain: _without_auc(plain, 7),
        lambda plain: _all_in_one_cell(plain, risk_sum=0.0),
        lambda plain: _edge(plain, 0.123),
        lambda plain: _small(plain),
        lambda plain: plain.pop("cells"),
        lambda plain: plain["cells"].pop(),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change: Callable[[Any], Any]) -> None:
    plain = copy.deepcopy(aggregate_as_dict(aggregates()[0]))
    change(plain)
    with pytest.raises(DataError, match="bad_file"):
        aggregate_from(plain)


@pytest.mark.parametrize(
    "value",
    [None, -1, 0, 1, 1e-300, 0.5, 1.0, 1e9, 1e15, 1e200, 2**53, 10**400, "text", [], {}, True],
)
def test_whatever_is_changed_there_is_a_result_or_the_named_error(value: Any) -> None:
    others = aggregates()[1:]
    plain = aggregate_as_dict(aggregates()[0])
    for path in _places(plain):
        changed = copy.deepcopy(plain)
        _set(*path, value=value)(changed)
        assert _outcome(changed, others) in {"", "bad_file", "different_models", "same_centre"}


def _outcome(plain: Any, others: list[Aggregate]) -> str:
    """The code of the error; "" if there is a result that JSON can hold."""
    try:
        pooled = pool([aggregate_from(plain), *others])
    except DataError as error:
        return error.code
    json.dumps(pooled_as_dict(pooled), allow_nan=False)
    return ""


def _places(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    if path:
        yield path
    if isinstance(plain, dict | list):
        for key, part in plain.items() if isinstance(plain, dict) else enumerate(plain):
            yield from _places(part, (*path, key))


def test_spaces_around_and_in_a_name_are_one() -> None:
    plain = aggregate_as_dict(aggregates()[0])
    plain["centre"] = " Ward\n  7 "
    assert aggregate_from(plain).centre == "Ward 7"


@pytest.mark.parametrize("fields", [None, [], "text", 3])
def test_what_is_no_object_is_refused(fields: Any) -> None:
    with pytest.raises(DataError, match="bad_file"):
        aggregate_from(fields)
