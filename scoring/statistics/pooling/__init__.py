"""Pooling hospitals without moving patients: aggregates, and what several of them say."""

from scoring.statistics.pooling.aggregate import (
    MIN_CELL,
    SYNTHETIC,
    Aggregate,
    Cell,
    ValueSe,
    aggregate,
)
from scoring.statistics.pooling.exchange import (
    aggregate_as_dict,
    aggregate_from,
    pooled_as_dict,
)
from scoring.statistics.pooling.pool import Pooled, PooledEstimate, pool
from scoring.statistics.pooling.random_effects import METHOD, RandomEffects, random_effects

__all__ = [
    "METHOD",
    "MIN_CELL",
    "SYNTHETIC",
    "Aggregate",
    "Cell",
    "Pooled",
    "PooledEstimate",
    "RandomEffects",
    "ValueSe",
    "aggregate",
    "aggregate_as_dict",
    "aggregate_from",
    "pool",
    "pooled_as_dict",
    "random_effects",
]
