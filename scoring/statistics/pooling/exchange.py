"""Aggregates as plain dictionaries for JSON, and back with every check."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from scoring.statistics.errors import DataError
from scoring.statistics.pooling.aggregate import MIN_CELL, Aggregate, Cell, ValueSe

FORMAT = "rbp-risk-aggregate"
VERSION = 1
_ESTIMATES = {"auc", "in_the_large", "intercept", "slope"}
# Sums of doubles written in full and added in another order.
_SUM_TOLERANCE = 1e-9


def aggregate_as_dict(aggregate: Aggregate) -> dict[str, Any]:
    """Everything, at full precision."""
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
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DataError("bad_file")
    return float(value)


def _count(fields: Mapping[str, Any], name: str) -> int:
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise DataError("bad_file")
    return value


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value.strip():
        raise DataError("bad_file")
    return value


def _cell(fields: Mapping[str, Any]) -> Cell:
    return Cell(
        low=_number(fields, "low"),
        high=_number(fields, "high"),
        events=_count(fields, "events"),
        non_events=_count(fields, "non_events"),
        risk_sum=_number(fields, "risk_sum"),
    )


def _estimates(fields: Mapping[str, Any]) -> dict[str, ValueSe]:
    if not _ESTIMATES.issuperset(fields):
        raise DataError("bad_file")
    found = {
        name: ValueSe(_number(estimate, "value"), _number(estimate, "se"))
        for name, estimate in fields.items()
    }
    if any(estimate.se <= 0.0 for estimate in found.values()):
        raise DataError("bad_file")
    return found


def aggregate_from(fields: Any) -> Aggregate:
    """An aggregate from what JSON held.

    Raises DataError("bad_file") if it is none, of another version, or contradicts itself: totals
    that are not those of the cells, cells with gaps, sums that no risks can have.
    """
    try:
        if fields["format"] != FORMAT or fields["format_version"] != VERSION:
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
    if not _consistent(found):
        raise DataError("bad_file")
    return found


def _consistent(aggregate: Aggregate) -> bool:
    cells = aggregate.cells
    if not cells:
        return False
    edges = [(0.0, 0.0), *((cell.low, cell.high) for cell in cells), (1.0, 1.0)]
    slack = _SUM_TOLERANCE * aggregate.n
    return (
        all(before[1] == after[0] for before, after in pairwise(edges))
        and all(cell.low < cell.high for cell in cells)
        and min(min(cell.events, cell.non_events) for cell in cells) >= 1
        and sum(cell.events for cell in cells) == aggregate.events
        and sum(cell.non_events for cell in cells) == aggregate.non_events
        and all(
            cell.low * (cell.events + cell.non_events) - slack
            <= cell.risk_sum
            <= cell.high * (cell.events + cell.non_events) + slack
            for cell in cells
        )
        and abs(sum(cell.risk_sum for cell in cells) - aggregate.risk_sum) <= slack
        and 0.0 <= aggregate.squared_error_sum <= aggregate.n
        and set(aggregate.estimates).isdisjoint(aggregate.not_estimable)
    )
