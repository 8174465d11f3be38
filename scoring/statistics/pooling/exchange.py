"""Aggregates as plain dictionaries for JSON, and back with every check; pooled results as well."""

import math
from collections.abc import Mapping
from typing import Any

from scoring.statistics.errors import DataError
from scoring.statistics.pooling.aggregate import MIN_CELL, Aggregate, Cell, ValueSe
from scoring.statistics.pooling.consistency import is_consistent
from scoring.statistics.pooling.pool import Pooled, PooledEstimate
from scoring.statistics.pooling.random_effects import METHOD, PREDICTION

FORMAT = "rbp-risk-aggregate"
VERSION = 1
# Every whole number up to here is a double.
_MOST = 2**53


def aggregate_as_dict(aggregate: Aggregate) -> dict[str, Any]:
    """Everything; estimates at full precision, sums as they were rounded."""
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "centre": aggregate.centre,
        "model": aggregate.model,
        "minimum_cell": MIN_CELL,
        "n": aggregate.n,
        "events": aggregate.events,
        "risk_sum": aggregate.risk_sum,
        "squared_error_sum": aggregate.squared_error_sum,
        "estimates": {name: value._asdict() for name, value in aggregate.estimates.items()},
        "not_estimable": dict(aggregate.not_estimable),
        "cells": [cell._asdict() for cell in aggregate.cells],
    }


def _number(fields: Mapping[str, Any], name: str) -> float:
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DataError("bad_file")
    # JSON knows whole numbers that no double holds.
    if abs(value) > _MOST or not math.isfinite(value):
        raise DataError("bad_file")
    return float(value)


def _count(fields: Mapping[str, Any], name: str) -> int:
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise DataError("bad_file")
    return value


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value.strip():
        raise DataError("bad_file")
    return " ".join(value.split())


def _cell(fields: Mapping[str, Any]) -> Cell:
    return Cell(
        low=_number(fields, "low"),
        high=_number(fields, "high"),
        events=_count(fields, "events"),
        non_events=_count(fields, "non_events"),
        risk_sum=_number(fields, "risk_sum"),
    )


def _estimates(fields: Mapping[str, Any]) -> dict[str, ValueSe]:
    return {
        name: ValueSe(_number(estimate, "value"), _number(estimate, "se"))
        for name, estimate in fields.items()
    }


def aggregate_from(fields: Any) -> Aggregate:
    """An aggregate from what JSON held.

    Raises DataError("bad_file") if it is none, of another version, or contradicts itself: totals
    that are not those of the cells, cells with gaps or too few patients, sums that no risks and
    estimates that no patients of these cells can have.
    """
    try:
        written = fields["format"], fields["format_version"], fields["minimum_cell"]
        if written != (FORMAT, VERSION, MIN_CELL):
            raise DataError("bad_file")
        found = Aggregate(
            centre=_text(fields, "centre"),
            model=_text(fields, "model"),
            n=_count(fields, "n"),
            events=_count(fields, "events"),
            risk_sum=_number(fields, "risk_sum"),
            squared_error_sum=_number(fields, "squared_error_sum"),
            estimates=_estimates(fields["estimates"]),
            not_estimable={str(k): str(v) for k, v in fields["not_estimable"].items()},
            cells=tuple(_cell(cell) for cell in fields["cells"]),
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise DataError("bad_file") from error
    if not is_consistent(found):
        raise DataError("bad_file")
    return found


def pooled_as_dict(pooled: Pooled) -> dict[str, Any]:
    """``exact``: from counts and sums of all patients; ``pooled``: random effects."""
    return {
        "model": pooled.model,
        "centres": list(pooled.centres),
        "n": pooled.n,
        "events": pooled.events,
        "exact": {
            "observed_expected": pooled.observed_expected.value,
            "observed_expected_ci95": list(pooled.observed_expected.ci95),
            "brier": pooled.brier,
            "scaled_brier": pooled.scaled_brier,
            "auc_bounds": list(pooled.auc_bounds),
            "groups": [
                {
                    "low": group.low,
                    "high": group.high,
                    "n": group.observed.n,
                    "mean_risk": group.mean_risk,
                    "observed": group.observed.value,
                    "observed_ci95": list(group.observed.ci95),
                }
                for group in pooled.groups
            ],
            "net_benefit": [row._asdict() for row in pooled.net_benefit],
        },
        "method": METHOD,
        "prediction_method": PREDICTION,
        "pooled": {name: _pooled_estimate(one) for name, one in pooled.estimates.items()},
        "not_estimable": dict(pooled.not_estimable),
    }


def _pooled_estimate(one: PooledEstimate) -> dict[str, Any]:
    effects = one.effects
    return {
        "value": one.value,
        "ci95": list(one.ci95),
        "prediction95": one.prediction and list(one.prediction),
        "scale": one.scale,
        "tau2": effects.tau2,
        "i2": effects.i2,
        "q": effects.q,
        "q_df": len(one.centres) - 1,
        "q_p": effects.q_p,
        "centres": [
            {
                "centre": row.centre,
                "value": row.value,
                "ci95": list(row.ci95),
                "weight": row.weight,
            }
            for row in one.centres
        ],
        "left_out": dict(one.left_out),
    }
