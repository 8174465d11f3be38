"""What is due: radiographs awaited, VAS of day 3 and day 30."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from scoring.models import Assessment, AssessmentChain, Outcome
from scoring.models.codes import ENDS_FOLLOW_UP, Answered, State, TimePoint
from scoring.queries.record import died_outcomes, listed_assessments

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

    version: Assessment
    due: date
    days_late: int


def _due(chains: QuerySet[AssessmentChain], today: date, days_after_operation: int) -> list[Due]:
    """The current versions of the most overdue chains, these first."""
    shown = chains.order_by("operation_date", "id")[:SHOWN_ROWS]
    current = listed_assessments().filter(current_of__in=shown.values("id"))
    after = timedelta(days=days_after_operation)
    dues = [
        (version, version.operation_date + after)
        for version in current.order_by("current_of__operation_date", "current_of__id")
    ]
    return [Due(version, due, (today - due).days) for version, due in dues]


def _radiographs(today: date) -> QuerySet[AssessmentChain]:
    return AssessmentChain.objects.filter(
        ~_has_died(), state=State.PROVISIONAL, operation_date__lte=today - timedelta(days=1)
    )


def _has_died() -> Exists:
    """Whether the patient of a chain died, as any of the patient's assessments says."""
    died = died_outcomes().filter(chain__current__patient=OuterRef("current__patient"))
    return Exists(died)


def _is_ended() -> Exists:
    """Whether residual back pain of a chain is not evaluable, whatever is still asked."""
    ends = Outcome.objects.filter(superseded_by=None, not_evaluable__in=ENDS_FOLLOW_UP)
    return Exists(ends.filter(chain=OuterRef("pk")))


def _outcomes(time_point: TimePoint, today: date) -> QuerySet[AssessmentChain]:
    is_open = {f"day_{time_point.value}": Answered.OPEN}
    return AssessmentChain.objects.filter(
        ~Q(state=State.VOIDED),
        ~_is_ended(),
        ~_has_died(),
        **is_open,
        operation_date__lte=today - timedelta(days=time_point - EARLY_DAYS),
        operation_date__gte=today - timedelta(days=time_point + FORGOTTEN_DAYS),
    )


def radiographs_awaited() -> list[Due]:
    """Provisional assessments a day or more after the operation."""
    today = timezone.localdate()
    return _due(_radiographs(today), today, 1)


def outcomes_due(time_point: TimePoint) -> list[Due]:
    """Assessments whose pain of a time point is not known yet, from the day before it is due."""
    today = timezone.localdate()
    return _due(_outcomes(time_point, today), today, time_point)


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
    today = timezone.localdate()
    tasks = {
        "radiographs": _radiographs(today),
        "day_3": _outcomes(TimePoint.DAY_3, today),
        "day_30": _outcomes(TimePoint.DAY_30, today),
    }
    # One statement, since every page asks: the name of each task, so many times as it is due.
    first, *others = (
        chains.values_list(Value(name), flat=True)[:COUNT_LIMIT] for name, chains in tasks.items()
    )
    counted = Counter(first.union(*others, all=True))
    return DueCounts(**{name: counted[name] for name in tasks})
