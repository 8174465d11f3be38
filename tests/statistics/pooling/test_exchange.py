import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from scoring.statistics import DataError
from scoring.statistics.pooling import aggregate_as_dict, aggregate_from
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
        lambda plain: plain.pop("cells"),
        lambda plain: plain["cells"].pop(),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change: Callable[[Any], Any]) -> None:
    plain = copy.deepcopy(aggregate_as_dict(aggregates()[0]))
    change(plain)
    with pytest.raises(DataError, match="bad_file"):
        aggregate_from(plain)


@pytest.mark.parametrize("fields", [None, [], "text", 3])
def test_what_is_no_object_is_refused(fields: Any) -> None:
    with pytest.raises(DataError, match="bad_file"):
        aggregate_from(fields)
