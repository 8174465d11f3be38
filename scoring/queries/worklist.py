"""What is due: radiographs awaited, VAS of day 3 and day 30."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from scoring.models import Assessment, AssessmentChain
from scoring.models.codes import Answered, State, TimePoint

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

    assessment: Assessment
    due: date

    @property
    def days_late(self) -> int:
        """Days since it was due; negative while it lies ahead."""
        return (timezone.localdate() - self.due).days


def _rows(chains: QuerySet[AssessmentChain], days_after_operation: int) -> list[Due]:
    """The most overdue first."""
    found = chains.select_related("current__patient").order_by("operation_date", "id")[:SHOWN_ROWS]
    return [
        Due(chain.current, chain.operation_date + timedelta(days=days_after_operation))
        for chain in found
        if chain.current is not None and chain.operation_date is not None
    ]


def _radiographs() -> QuerySet[AssessmentChain]:
    day_before = timezone.localdate() - timedelta(days=1)
    return AssessmentChain.objects.filter(state=State.PROVISIONAL, operation_date__lte=day_before)


def _outcomes(time_point: TimePoint) -> QuerySet[AssessmentChain]:
    today = timezone.localdate()
    is_open = {f"day_{time_point.value}": Answered.OPEN}
    return AssessmentChain.objects.filter(
        ~Q(state=State.VOIDED),
        **is_open,
        operation_date__lte=today - timedelta(days=time_point - EARLY_DAYS),
        operation_date__gte=today - timedelta(days=time_point + FORGOTTEN_DAYS),
    )


def radiographs_awaited() -> list[Due]:
    """Provisional assessments a day or more after the operation."""
    return _rows(_radiographs(), 1)


def outcomes_due(time_point: TimePoint) -> list[Due]:
    """Assessments whose pain of a time point is not known yet, from the day before it is due."""
    return _rows(_outcomes(time_point), time_point)


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
    parts = (_radiographs(), _outcomes(TimePoint.DAY_3), _outcomes(TimePoint.DAY_30))
    return DueCounts(*(part.order_by()[:COUNT_LIMIT].count() for part in parts))
