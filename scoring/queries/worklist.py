"""The ward's board: operations planned, radiographs and VAS due, page by page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.utils import timezone

from scoring.models import Assessment, AssessmentChain
from scoring.models.chain import vas_due
from scoring.models.codes import State, TimePoint
from scoring.queries import keyset
from scoring.queries.keyset import Cursor
from scoring.queries.need_to_know import Limit, current_limit, seen
from scoring.queries.record import PATIENT_IN_LISTS

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


# What the board shows of a version, its chain and its patient, read from the chain.
_SHOWN = (
    *("current", "operation_date", "vas_day_3"),
    *("current__chain", "current__operation_date", "current__operation_time"),
    *("current__operation_status", "current__fracture_level", "current__age_years"),
    *("current__restored_risk", "current__not_restored_risk", "current__created_by_name"),
    *(f"current__{name}" for name in PATIENT_IN_LISTS),
)


# A statement and its values. Those of the board are compiled once and cached: they are the same all
# day, and Django takes longer to compile them than PostgreSQL to answer. They ask for the patients
# that are seen, so that they are others by need-to-know.
Statement = tuple[str, tuple[Any, ...]]


def _radiographs(today: date) -> QuerySet[AssessmentChain]:
    return AssessmentChain.objects.filter(
        state=State.PROVISIONAL,
        patient_died=False,
        operation_date__lte=today - timedelta(days=1),
    )


def _outcomes(time_point: TimePoint, today: date) -> QuerySet[AssessmentChain]:
    return AssessmentChain.objects.filter(
        vas_due(time_point),
        operation_date__lte=today - timedelta(days=time_point - EARLY_DAYS),
        operation_date__gte=today - timedelta(days=time_point + FORGOTTEN_DAYS),
    )


def _planned(today: date) -> QuerySet[AssessmentChain]:
    """Provisional assessments whose radiograph is not due yet."""
    return AssessmentChain.objects.filter(
        state=State.PROVISIONAL, patient_died=False, operation_date__gte=today
    )


def chains_of(tasks: TaskList, today: date) -> QuerySet[AssessmentChain]:
    """The assessments in a list whose patients are seen."""
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
    """A page of a list beside a cursor, or its first one; planned ones in the order of their days.

    The next page follows the last row of this one.
    """
    if before is None and after is None:
        return first_pages(size=size)[tasks]
    today = timezone.localdate()
    found = chains_of(tasks, today).select_related("current__patient").only(*_SHOWN)
    page = keyset.page(found, moment="operation_date", size=size, before=before, after=after)
    dues = [_due(chain, tasks, today) for chain in page.rows]
    older = {} if page.older is None else {"before": str(page.older)}
    newer = {} if page.newer is None else {"after": str(page.newer)}
    if tasks is TaskList.PLANNED:
        return DuePage(dues[::-1], older, newer)
    return DuePage(dues, newer, older)


def first_pages(*, size: int) -> dict[TaskList, DuePage]:
    """The first page of every list, in two statements.

    What is due today comes first, then the newly overdue. What is due tomorrow fills the end of
    the page, after what is not folded; where it finds no room, it is the page before. Planned
    operations are in the order of their days.
    """
    today = timezone.localdate()
    keys = asked(_first_rows(today, size, current_limit()))
    shown = AssessmentChain.objects.select_related("current__patient").only(*_SHOWN)
    chains = shown.filter(seen("current__patient__")).in_bulk([key for _, key in keys])
    found: dict[str, list[AssessmentChain]] = defaultdict(list)
    for name, key in keys:
        if key in chains:
            found[name].append(chains[key])
    return {
        tasks: _first_page(tasks, found[tasks.value], found[_tomorrow(tasks)], today, size)
        for tasks in TaskList
    }


def _tomorrow(tasks: TaskList) -> str:
    return f"{tasks.value}, tomorrow"


@lru_cache(maxsize=64)
def _first_rows(today: date, size: int, _of: Limit | None) -> Statement:
    """The statement that gives list and key of each task on a first page, and of one more."""
    parts = []
    for tasks in TaskList:
        chains = chains_of(tasks, today)
        due = today - timedelta(days=tasks.due_after_days)
        if tasks is TaskList.PLANNED:
            parts.append((tasks.value, chains.order_by("operation_date", "pk")))
            continue
        by_today, later = Q(operation_date__lte=due), Q(operation_date__gt=due)
        parts.append((tasks.value, chains.filter(by_today).order_by("-operation_date", "-pk")))
        if tasks is not TaskList.RADIOGRAPHS:
            parts.append((_tomorrow(tasks), chains.filter(later).order_by("operation_date", "pk")))
    return together(chains.values_list(Value(name), "pk")[: size + 1] for name, chains in parts)


def _first_page(
    tasks: TaskList,
    due: list[AssessmentChain],
    tomorrow: list[AssessmentChain],
    today: date,
    size: int,
) -> DuePage:
    is_planned = tasks is TaskList.PLANNED
    # The parts of a statement come in no certain order.
    due.sort(key=_place, reverse=not is_planned)
    tomorrow.sort(key=_place)
    side, rows = "after" if is_planned else "before", due[:size]
    following = {side: str(Cursor(*_place(rows[-1])))} if len(due) > size else {}
    room = size - len(rows)
    dues = [_due(chain, tasks, today) for chain in rows + tomorrow[:room]]
    by_today = Cursor(today - timedelta(days=tasks.due_after_days - 1), UUID(int=0))
    previous = {"after": str(by_today)} if len(tomorrow) > room else {}
    return DuePage(sorted(dues, key=lambda task: task.is_older), previous, following)


def _place(chain: AssessmentChain) -> tuple[date, UUID]:
    if chain.operation_date is None:
        raise ValueError("a chain without a version")  # the database's triggers prevent it
    return chain.operation_date, chain.pk


def _due(chain: AssessmentChain, tasks: TaskList, today: date) -> Due:
    version, (operated_on, _) = chain.current, _place(chain)
    if version is None:
        raise ValueError("a chain without a version")  # the database's triggers prevent it
    version.chain = chain
    due = operated_on + timedelta(days=tasks.due_after_days)
    return Due(version, due, (today - due).days)


def together(parts: Iterable[QuerySet[Any, Any]]) -> Statement:
    """What gives the rows of all parts, in no certain order."""
    first, *others = parts
    return first.union(*others, all=True).query.sql_with_params()


def asked(statement: Statement) -> list[tuple[Any, ...]]:
    """The rows that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return list(cursor)
