"""What is due: radiographs awaited, VAS of day 3 and day 30."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone

from scoring.models import Assessment, AssessmentChain
from scoring.models.codes import Answered, State, TimePoint
from scoring.queries.listed import ListedVersion, listed_by, listing
from scoring.queries.prepared import Statement

# A list shows the first rows of what is due, the navigation counts no further than this.
SHOWN_ROWS = 20
COUNT_LIMIT = 100
# An outcome is listed from this many days before it is due.
EARLY_DAYS = 1
# What has been overdue for longer is left to the history: nobody will ask for that VAS any more.
FORGOTTEN_DAYS = 90


@dataclass(frozen=True)
class Due:
    """One task of the worklist: current version, the day it was due, and days since then.

    ``days_late`` is negative while that day lies ahead.
    """

    version: ListedVersion
    due: date
    days_late: int


def _rows(listing: Statement, today: date, days_after_operation: int) -> list[Due]:
    after = timedelta(days=days_after_operation)
    dues = ((version, version.operation_date + after) for version in listed_by(listing))
    return [Due(version, due, (today - due).days) for version, due in dues]


def _listing(chains: QuerySet[AssessmentChain]) -> Statement:
    """The current versions of the most overdue chains, these first."""
    shown = chains.order_by("operation_date", "id")[:SHOWN_ROWS]
    current = Assessment.objects.filter(current_of__in=shown.values("id"))
    return listing(current.order_by("current_of__operation_date", "current_of__id"))


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


# Statements about today: put together once a day.


@lru_cache(maxsize=1)
def _radiographs_listed(today: date) -> Statement:
    return _listing(_radiographs(today))


@lru_cache(maxsize=len(TimePoint))
def _outcomes_listed(time_point: TimePoint, today: date) -> Statement:
    return _listing(_outcomes(time_point, today))


@lru_cache(maxsize=1)
def _counted(today: date, limit: int) -> Statement:
    """One statement for the three counts."""
    parts = [
        Statement.of(chains.values("id")[:limit])
        for chains in (
            _radiographs(today),
            _outcomes(TimePoint.DAY_3, today),
            _outcomes(TimePoint.DAY_30, today),
        )
    ]
    # Nothing but what Django itself put together.
    counts = ", ".join(f"(SELECT count(*) FROM ({part.sql}) part)" for part in parts)  # noqa: S608
    return Statement(f"SELECT {counts}", tuple(value for part in parts for value in part.values))


def radiographs_awaited() -> list[Due]:
    """Provisional assessments a day or more after the operation."""
    today = timezone.localdate()
    return _rows(_radiographs_listed(today), today, 1)


def outcomes_due(time_point: TimePoint) -> list[Due]:
    """Assessments whose pain of a time point is not known yet, from the day before it is due."""
    today = timezone.localdate()
    return _rows(_outcomes_listed(time_point, today), today, time_point)


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
    def texts(self) -> dict[str, str]:
        """The three of them as pages say them: "37", or "100+" where counting stopped."""
        return {
            name: f"{count}+" if count >= COUNT_LIMIT else str(count)
            for name, count in vars(self).items()
        }

    @property
    def is_more(self) -> bool:
        """Whether any of them stopped counting."""
        return max(self.radiographs, self.day_3, self.day_30) >= COUNT_LIMIT


def due_counts() -> DueCounts:
    """The counts in the navigation and above the lists."""
    (counts,) = _counted(timezone.localdate(), COUNT_LIMIT).rows()
    return DueCounts(*counts)
