"""The ward's board: operations planned, radiographs and VAS due, page by page."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from scoring.models import Assessment, AssessmentChain, Outcome
from scoring.models.codes import ENDS_FOLLOW_UP, Answered, State, TimePoint
from scoring.queries import keyset
from scoring.queries.keyset import Cursor
from scoring.queries.need_to_know import Limit, current_limit, seen
from scoring.queries.record import IN_LISTS, died_outcomes

# The navigation counts no further than this.
COUNT_LIMIT = 100
# An outcome is listed from this many days before it is due.
EARLY_DAYS = 1
# What has been overdue for longer is folded and not counted in the navigation.
OVERDUE_DAYS = 30
# What has been overdue for longer is left to the history: nobody will ask for that VAS any more.
FORGOTTEN_DAYS = 90


class TaskList(StrEnum):
    """The lists of the board, by the word that stands in addresses."""

    PLANNED = "planned"
    RADIOGRAPHS = "radiographs"
    DAY_3 = "day-3"
    DAY_30 = "day-30"

    @classmethod
    def of_vas(cls, time_point: int) -> "TaskList":
        """The list of a time point."""
        return cls.DAY_3 if time_point == TimePoint.DAY_3 else cls.DAY_30

    @property
    def due_after_days(self) -> int:
        """Days from the operation to the day it is due."""
        return {TaskList.PLANNED: 0, TaskList.RADIOGRAPHS: 1, TaskList.DAY_3: 3}.get(self, 30)

    def older_operations(self, today: date) -> date:
        """The last day of operation whose task has been overdue for too long."""
        return today - timedelta(days=self.due_after_days + OVERDUE_DAYS + 1)


@dataclass(frozen=True)
class Due:
    """One task of the board: current version, the day it is due, and days since then.

    ``days_late`` is negative while that day lies ahead.
    """

    version: Assessment
    due: date
    days_late: int

    @property
    def is_older(self) -> bool:
        """Whether it has been overdue for so long that the board folds it."""
        return self.days_late > OVERDUE_DAYS


@dataclass(frozen=True)
class DuePage:
    """Some tasks of a list in the order of the board.

    ``previous`` and ``following`` are the keyword of ``due_page``, and its cursor as text, for the
    pages beside it; empty where there is none.
    """

    tasks: list[Due]
    previous: dict[str, str]
    following: dict[str, str]


# What lists show of a version and its chain, read from the chain.
_SHOWN = (
    *("operation_date", "state", "vas_day_3", "vas_day_30", "rbp"),
    *(f"current__{name}" for name in IN_LISTS if not name.startswith("chain__")),
    *("current__operation_status", "current__operation_time"),
)


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
        ~Q(state=State.CANCELLED),
        ~_is_ended(),
        ~_has_died(),
        **is_open,
        operation_date__lte=today - timedelta(days=time_point - EARLY_DAYS),
        operation_date__gte=today - timedelta(days=time_point + FORGOTTEN_DAYS),
    )


def _planned(today: date) -> QuerySet[AssessmentChain]:
    """Provisional assessments whose radiograph is not due yet."""
    return AssessmentChain.objects.filter(
        ~_has_died(), state=State.PROVISIONAL, operation_date__gte=today
    )


def _chains(tasks: TaskList, today: date) -> QuerySet[AssessmentChain]:
    return _of_all_wards(tasks, today).filter(seen("current__patient__"))


def _of_all_wards(tasks: TaskList, today: date) -> QuerySet[AssessmentChain]:
    if tasks is TaskList.PLANNED:
        return _planned(today)
    if tasks is TaskList.RADIOGRAPHS:
        return _radiographs(today)
    return _outcomes(TimePoint(tasks.due_after_days), today)


def older_cursor(tasks: TaskList, today: date) -> Cursor:
    """The place in a list before the first task that is folded."""
    return Cursor(tasks.older_operations(today) + timedelta(days=1), UUID(int=0))


def due_page(
    tasks: TaskList, *, size: int, before: Cursor | None = None, after: Cursor | None = None
) -> DuePage:
    """A page of a list. What is due today comes first, then the newly overdue.

    What is due tomorrow fills the end of the first page, after what is not folded; where it finds
    no room, it is the page before. Planned operations are in the order of their days. The next
    page follows the last row of this one.
    """
    today = timezone.localdate()
    found = _chains(tasks, today).select_related("current__patient").only(*_SHOWN)
    if before is None and after is None:
        return _first_page(tasks, found, today, size)
    page = keyset.page(found, moment="operation_date", size=size, before=before, after=after)
    dues = [_due(chain, tasks, today) for chain in page.rows]
    older = {} if page.older is None else {"before": str(page.older)}
    newer = {} if page.newer is None else {"after": str(page.newer)}
    if tasks is TaskList.PLANNED:
        return DuePage(dues[::-1], older, newer)
    return DuePage(dues, newer, older)


def _first_page(
    tasks: TaskList, found: QuerySet[AssessmentChain], today: date, size: int
) -> DuePage:
    if tasks is TaskList.PLANNED:
        yesterday = Cursor(today - timedelta(days=1), UUID(int=0))
        page = due_page(tasks, size=size, after=yesterday)
        return DuePage(page.tasks, {}, page.following)
    # The place between what is due by today and what is due tomorrow.
    by_today = Cursor(today - timedelta(days=tasks.due_after_days - 1), UUID(int=0))
    page = due_page(tasks, size=size, before=by_today)
    early = found.filter(operation_date__gte=by_today.moment).order_by("operation_date", "pk")
    room = size - len(page.tasks)
    tomorrow = [_due(chain, tasks, today) for chain in early[: room + 1]]
    previous = {"after": str(by_today)} if len(tomorrow) > room else {}
    dues = sorted(page.tasks + tomorrow[:room], key=lambda task: task.is_older)
    return DuePage(dues, previous, page.following)


def _due(chain: AssessmentChain, tasks: TaskList, today: date) -> Due:
    version = chain.current
    if version is None or chain.operation_date is None:
        raise ValueError("a chain without a version")  # the database's triggers prevent it
    version.chain = chain
    due = chain.operation_date + timedelta(days=tasks.due_after_days)
    return Due(version, due, (today - due).days)


@dataclass(frozen=True)
class DueCounts:
    """How much is due today or newly overdue, and how much is folded; each up to a hundred."""

    radiographs: int
    day_3: int
    day_30: int
    older_radiographs: int
    older_day_3: int
    older_day_30: int

    @property
    def total(self) -> int:
        """What is due today or newly overdue."""
        return self.radiographs + self.day_3 + self.day_30

    @property
    def texts(self) -> dict[str, str]:
        """Each as pages say it: "37", or "100+" where counting stopped."""
        return {
            name: f"{count}+" if count >= COUNT_LIMIT else str(count)
            for name, count in vars(self).items()
        }

    def older_text(self, tasks: TaskList) -> str:
        """How many of a list are folded; "" for none."""
        name = f"older_{tasks.value.replace('-', '_')}"
        return self.texts[name] if getattr(self, name, 0) else ""

    @property
    def is_more(self) -> bool:
        """Whether what is due stopped being counted."""
        return max(self.radiographs, self.day_3, self.day_30) >= COUNT_LIMIT


def due_counts() -> DueCounts:
    """The counts in the navigation and above the lists."""
    statement, parameters = _counting(timezone.localdate(), COUNT_LIMIT, current_limit())
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        counted = Counter(name for (name,) in cursor)
    return DueCounts(**{field.name: counted[field.name] for field in fields(DueCounts)})


@lru_cache(maxsize=64)
def _counting(today: date, limit: int, _of: Limit | None) -> tuple[str, tuple[Any, ...]]:
    """The statement that gives the name of each task, so many times as it is due.

    Every page asks it, and the same all day: putting it together took longer than its answer. It
    asks for the patients that are seen, so that it is another one by need-to-know.
    """
    parts = []
    for tasks in (TaskList.RADIOGRAPHS, TaskList.DAY_3, TaskList.DAY_30):
        name, chains = tasks.value.replace("-", "_"), _chains(tasks, today)
        older = Q(operation_date__lte=tasks.older_operations(today))
        is_due = Q(operation_date__lte=today - timedelta(days=tasks.due_after_days))
        parts += [
            (name, chains.filter(is_due & ~older)),
            (f"older_{name}", chains.filter(older)),
        ]
    first, *others = (chains.values_list(Value(name), flat=True)[:limit] for name, chains in parts)
    return first.union(*others, all=True).query.sql_with_params()
