"""``model.sql`` in PostgreSQL: points to the last bit, on every case that a table can hold."""

import json
import math
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection

from script.lib.conformance.pmml import fits
from script.lib.conformance.sql import sql
from tests.conformance.conftest import Cases

pytestmark = pytest.mark.django_db
Row = dict[str, Any]


def answered(cases: Cases, number_type: str, **more: Any) -> dict[str, dict[str, Row]]:
    """The rows of every case by id and scenario; ``more`` are patients besides, by id."""
    model = cases.model
    types = {field: number_type if field in model.numeric else "boolean" for field in model.fields}
    columns = ", ".join(f"{field} {kind}" for field, kind in types.items())
    inputs = {case.id: case.input for case in cases.cases if fits(model, case.input)}
    patients = [{"id": name, **given} for name, given in (inputs | more).items()]
    # A percent sign stands for a parameter where there are any.
    given = f"jsonb_to_recordset(%s::jsonb) AS given (id text, {columns})"
    escaped = sql(model).replace("%", "%%")
    query = f"WITH patient AS (SELECT * FROM {given})\n{escaped}"  # noqa: S608
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(query, [json.dumps(patients)])
        names = [column.name for column in cursor.description]
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            assert row["scenario"] not in found[row["id"]]
            found[row["id"]][row["scenario"]] = row
    return found


def by_c_library(cases: Cases, total: float) -> float:
    line = cases.model.line
    return 1.0 / (1.0 + math.exp(-((total - line.p50_points) / line.k_points_per_logit)))


def expected_scenarios(expected: Row) -> dict[str, Row]:
    return expected.get("scenarios") or {"final": expected}


@pytest.mark.parametrize("number_type", ["numeric", "double precision"])
def test_points_and_risks_to_the_last_bit(either: Cases, number_type: str) -> None:
    found = answered(either, number_type)
    keys = list(either.model.by_key)
    compared = 0
    for case in either.cases:
        if case.id not in found or "error" in case.expected:
            continue
        scenarios = expected_scenarios(case.expected)
        assert found[case.id].keys() == scenarios.keys()
        for code, scenario in scenarios.items():
            row = found[case.id][code]
            total, risk = row["total_points"], row["risk"]
            assert total == scenario["total_points"], case.id
            # The same exp() gives the same bits; NumPy has one of its own on some processors.
            assert risk == by_c_library(either, total), case.id
            assert risk == pytest.approx(scenario["risk"], abs=1e-15, rel=0), case.id
            for name in ("ci95", "band"):
                ends = [row[f"{name}_low"], row[f"{name}_high"]]
                assert ends == pytest.approx(scenario[name], abs=1e-12, rel=0), case.id
            assert row["at_or_above_cutoff"] is scenario["at_or_above_cutoff"], case.id
            assert row["shown_total_points"] == scenario["shown"]["total_points"], case.id
            assert row["shown_risk"] == scenario["shown"]["risk"], case.id
            for key in keys:
                points = scenario.get(f"points_{key}", case.expected["points"][key])
                assert row[f"points_{key}"] == points, (case.id, key)
            compared += 1
    assert compared > 1_700


def test_what_cannot_be_scored_is_null(either: Cases) -> None:
    found = answered(either, "numeric")
    results = [f"points_{key}" for key in either.model.by_key]
    results += ["total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high"]
    results += ["at_or_above_cutoff", "shown_total_points", "shown_risk"]
    late = either.model.late
    refused = 0
    for case in either.cases:
        if case.id not in found or "error" not in case.expected:
            continue
        if late is not None and case.expected["error"]["predictor"] == late.field:
            # A column is never left out: NULL there means "not known yet".
            assert len(found[case.id]) == 2
            continue
        for row in found[case.id].values():
            assert [row[name] for name in results] == [None] * len(results), case.id
        refused += 1
    assert refused > 15


def test_numbers_that_are_none_and_numbers_beyond_all_are_null(published: Cases) -> None:
    patient = next(case.input for case in published.cases if case.id == "domain-001")
    strange = {
        f"strange-{number}": {**patient, "pdw_fl": value}
        for number, value in enumerate(("NaN", "Infinity", "-Infinity", 1e300, -1e300))
    }
    found = answered(published, "numeric", **strange)
    assert [found[name]["final"]["risk"] for name in strange] == [None] * 5
    assert found["domain-001"]["final"]["risk"] is not None


def test_rounding_a_double_itself_would_go_wrong() -> None:
    """As the comment in the file says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT round(2.5::float8), 2.5::float8::int, to_char(0.125::float8, 'FM0.00'),"
            " to_char(1.735::float8, 'FM0.00'), round(0.125::float8::numeric, 2)::text"
        )
        assert cursor.fetchone() == (2.0, 2, "0.12", "1.74", "0.13")
