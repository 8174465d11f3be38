"""What is due: radiographs awaited, VAS of day 3 and day 30."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from scoring.models import Assessment, AssessmentChain
from scoring.models.codes import Answered, State, TimePoint
from scoring.queries.listed import ListedVersion, listed

# A list shows the first rows of what is due, the navigation counts no further than this.
SHOWN_ROWS = 20
COUNT_LIMIT = 100
# An outcome is listed from this many days before it is due.
EARLY_DAYS = 1
# What has been overdue for longer is left to the history: nobody will ask for that VAS any more.
FORGOTTEN_DAYS = 90


@dataclass(frozen=True)
class Due:
    """One task of the worklist: current version, the day it was due."""

    version: ListedVersion
    due: date

    @property
    def days_late(self) -> int:
        """Days since it was due; negative while it lies ahead."""
        return (timezone.localdate() - self.due).days


def _rows(chains: QuerySet[AssessmentChain], days_after_operation: int) -> list[Due]:
    """The most overdue first."""
    shown = chains.order_by("operation_date", "id")[:SHOWN_ROWS]
    current = Assessment.objects.filter(current_of__in=shown.values("id"))
    after = timedelta(days=days_after_operation)
    return [
        Due(version, version.operation_date + after)
        for version in listed(current.order_by("current_of__operation_date", "current_of__id"))
    ]


def _radiographs(today: date) -> QuerySet[AssessmentChain]:
    return AssessmentChain.objects.filter(
        state=State.PROVISIONAL, operation_date__lte=today - timedelta(days=1)
    )


def _outcomes(time_point: TimePoint, today: date) -> QuerySet[AssessmentChain]:
    is_open = {f"day_{time_point.value}": Answered.OPEN}
    return AssessmentChain.objects.filter(
        ~Q(state=State.VOIDED),
        **is_open,
        operation_date__lte=today - timedelta(days=time_point - EARLY_DAYS),
        operation_date__gte=today - timedelta(days=time_point + FORGOTTEN_DAYS),
    )


def radiographs_awaited() -> list[Due]:
    """Provisional assessments a day or more after the operation."""
    return _rows(_radiographs(timezone.localdate()), 1)


def outcomes_due(time_point: TimePoint) -> list[Due]:
    """Assessments whose pain of a time point is not known yet, from the day before it is due."""
    return _rows(_outcomes(time_point, timezone.localdate()), time_point)


@dataclass(frozen=True)
class DueCounts:
    """How much is due, counted no further than a hundred."""

    radiographs: int
    day_3: int
    day_30: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.radiographs + self.day_3 + self.day_30

    @property
    def is_more(self) -> bool:
        """Whether any of them stopped counting."""
        return max(self.radiographs, self.day_3, self.day_30) >= COUNT_LIMIT


def due_counts() -> DueCounts:
    """The counts in the navigation and above the lists."""
    statement, parameters = _counting(timezone.localdate(), COUNT_LIMIT)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return DueCounts(*cursor.fetchone())


@lru_cache(maxsize=1)
def _counting(today: date, limit: int) -> tuple[str, tuple[Any, ...]]:
    """One statement for the three counts, and its parameters.

    Every page asks it, and putting it together takes several times as long as its answer: so it
    is put together once a day.
    """
    parts = (
        _radiographs(today),
        _outcomes(TimePoint.DAY_3, today),
        _outcomes(TimePoint.DAY_30, today),
    )
    compiled = [part.values("id")[:limit].query.sql_with_params() for part in parts]
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) part)" for sql, _values in compiled)  # noqa: S608
    # Nothing but what Django itself put together.
    return f"SELECT {counts}", tuple(value for _sql, values in compiled for value in values)
