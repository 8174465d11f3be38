"""How much is due: the counts in the navigation and above the lists of the board."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

from django.db.models import Q, Value
from django.utils import timezone

from scoring.queries.need_to_know import Limit, current_limit
from scoring.queries.worklist import Statement, TaskList, asked, chains_of, together

# The navigation counts no further than this.
COUNT_LIMIT = 100


@dataclass(frozen=True)
class DueCounts:
    """How much is due today or newly overdue; each up to a hundred."""

    radiographs: int
    day_3: int
    day_30: int

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

    @property
    def is_more(self) -> bool:
        """Whether what is due stopped being counted."""
        return max(self.radiographs, self.day_3, self.day_30) >= COUNT_LIMIT


@dataclass(frozen=True)
class BoardCounts(DueCounts):
    """The same, and how much is folded; each up to a hundred."""

    older_radiographs: int
    older_day_3: int
    older_day_30: int

    def older_text(self, tasks: TaskList) -> str:
        """How many of a list are folded; "" for none."""
        name = f"older_{tasks.value.replace('-', '_')}"
        return self.texts[name] if getattr(self, name, 0) else ""


Counts = TypeVar("Counts", bound=DueCounts)


def due_counts() -> DueCounts:
    """The counts in the navigation, which is on every page."""
    return _counts(DueCounts)


def board_counts() -> BoardCounts:
    """The counts above the lists of the board. PostgreSQL plans them for twice as long."""
    return _counts(BoardCounts)


def _counts(kind: type[Counts]) -> Counts:
    names = tuple(field.name for field in fields(kind))
    counting = _counting(names, timezone.localdate(), COUNT_LIMIT, current_limit())
    counted = Counter(name for (name,) in asked(counting))
    return kind(**{name: counted[name] for name in names})


@lru_cache(maxsize=64)
def _counting(names: tuple[str, ...], today: date, limit: int, _of: Limit | None) -> Statement:
    """The statement that gives the name of each task, so many times as it is due."""
    parts = {}
    for tasks in (TaskList.RADIOGRAPHS, TaskList.DAY_3, TaskList.DAY_30):
        name, chains = tasks.value.replace("-", "_"), chains_of(tasks, today)
        last_older = tasks.older_operations(today)
        last_due = today - timedelta(days=tasks.due_after_days)
        parts[name] = Q(operation_date__gt=last_older, operation_date__lte=last_due), chains
        parts[f"older_{name}"] = Q(operation_date__lte=last_older), chains
    found = ((name, *parts[name]) for name in names)
    return together(chains.filter(q).values_list(Value(name))[:limit] for name, q, chains in found)
