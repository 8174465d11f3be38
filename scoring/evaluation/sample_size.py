"""How precise a validation of the published model can be, and when there are enough patients."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from scoring.evaluation.drift import DAY_ZERO, Drift
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstruction
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import Validation
from scoring.statistics.sample_size import Expected, Need, mixture_logits, needs

# A pace is told from so many assessments over so many days on.
_FEWEST, _SHORTEST_DAYS = 20, 60
# Nobody plans further ahead.
_LONGEST_DAYS = 20 * 365


@dataclass(frozen=True)
class Precision:
    """One statistic: what it needs, what there is, and about when there will be enough.

    ``width`` is that of the present 95 % interval, None without one. ``enough_on`` is None if
    there are enough, or if the pace is not known or too slow.
    """

    need: Need
    n: int
    events: int
    width: float | None
    enough_on: date | None

    @property
    def reached(self) -> bool:
        """Whether there are as many assessments, and as many with the outcome."""
        return self.n >= self.need.n and self.events >= self.need.events


@cache
def study_needs() -> tuple[Need, ...]:
    """What the model needs if it performs as in the study's rebuilt cohort, 117 of 569 events."""
    line = RONG_2025.line
    parts = []
    for group in (paper.PAIN_FREE, paper.PAIN):
        mixture = reconstruction.points_mixture(group)
        parts.append(
            mixture_logits(
                mixture.weight * group.n / paper.STUDY_N,
                line.logit(mixture.mean),
                mixture.sd / line.k_points_per_logit,
            )
        )
    logits, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    at_cutoff = reconstruction.performance(line)
    return needs(
        Expected(
            event_rate=RONG_2025.outcome.rate,
            auc=reconstruction.auc(),
            logits=logits,
            weights=weights,
            sensitivity=at_cutoff.sensitivity,
            specificity=at_cutoff.specificity,
            threshold=RONG_2025.cutoff,
        )
    )


def precision_of(
    judged: Validation, *, drift: Drift | None = None, today: date | None = None
) -> tuple[Precision, ...]:
    """Each statistic's needs beside what there is; with ``drift`` and ``today`` also when."""
    return tuple(
        Precision(
            need=need,
            n=judged.n,
            events=judged.events,
            width=_width(judged, need.statistic),
            enough_on=None if drift is None or today is None else _when(judged, need, drift, today),
        )
        for need in study_needs()
    )


def precision_as_list(judged: Validation) -> list[dict[str, Any]]:
    """The same for JSON."""
    return [
        {
            "statistic": one.need.statistic,
            "target_width": one.need.width,
            "width": one.width,
            "needs_n": one.need.n,
            "needs_events": one.need.events,
            "n": one.n,
            "events": one.events,
            "reached": one.reached,
        }
        for one in precision_of(judged)
    ]


def _width(judged: Validation, statistic: str) -> float | None:
    if statistic == "net_benefit":
        # Standardized, it has no interval: the event rate varies with it.
        return None
    if statistic == "auc":
        interval = judged.auc_ci95
    else:
        estimate = getattr(judged, statistic)
        interval = estimate and estimate.ci95
    return None if interval is None else interval.high - interval.low


def _when(judged: Validation, need: Need, drift: Drift, today: date) -> date | None:
    """At the pace from the first to the last operation; outcomes come a month later, as now."""
    if judged.n < _FEWEST or not len(drift.days) or not judged.events:
        return None
    first, last = int(drift.days[0]), int(drift.days[-1])
    missing = max(
        need.n - judged.n, math.ceil((need.events - judged.events) * judged.n / judged.events)
    )
    if missing <= 0 or last - first < _SHORTEST_DAYS:
        return None
    days = missing * (last - first) / (judged.n - 1)
    if days > _LONGEST_DAYS:
        return None
    known = max(today, DAY_ZERO + timedelta(days=last))
    return known + timedelta(days=math.ceil(days))
