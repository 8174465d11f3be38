"""The ward's board: its lists with one next step a row, and the way back to it after saving."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from scoring import queries
from scoring.forms.life import OutcomeForm
from scoring.forms.questions import Question
from scoring.models import Assessment, AssessmentChain, Draft, Outcome
from scoring.queries import BoardCounts, Cursor, DuePage, TaskList
from scoring.web.rows import Row, due_rows

# Rows of a list on one page, each VAS with a form; more of them for a printed round list.
SHOWN_ROWS = 10
PRINTED_ROWS = 100
_IN_ROW, _FRACTURE = ("vas", "measured_on"), "new_vertebral_fracture"
# What a form that was opened on the board carries, so that saving leads back to that place of it.
FIELD = "board"


@dataclass(frozen=True)
class Place:
    """Where on the board somebody works: a list, one of its pages, how many rows are shown."""

    tasks: TaskList | None = None
    ends: dict[str, Cursor] = field(default_factory=dict)
    size: int = SHOWN_ROWS

    @classmethod
    def read(cls, asked: QueryDict) -> "Place":
        """From an address; what can't be read is the beginning of the board."""
        size = PRINTED_ROWS if asked.get("rows") == str(PRINTED_ROWS) else SHOWN_ROWS
        try:
            tasks = TaskList(asked.get("list", ""))
        except ValueError:
            return cls(size=size)
        found = {
            name: Cursor.parse_day(asked.get(name, ""), AssessmentChain)
            for name in ("before", "after")
        }
        return cls(tasks, {name: cursor for name, cursor in found.items() if cursor}, size)

    def query(self, tasks: TaskList, **changes: str) -> str:
        """The same place as part of an address, with a list and what differs."""
        parts = {"list": tasks.value, **changes}
        if self.size != SHOWN_ROWS:
            parts["rows"] = str(self.size)
        asked = QueryDict(mutable=True)
        asked.update(parts)
        return asked.urlencode()

    def here(self, tasks: TaskList) -> str:
        """The query of this page of a list."""
        ends = self.ends if tasks is self.tasks else {}
        return self.query(tasks, **{name: str(cursor) for name, cursor in ends.items()})


@dataclass(frozen=True)
class RowForm:
    """A form of one row that was sent and not saved: its errors, and what must be confirmed."""

    form: OutcomeForm
    questions: list[Question]
    # Where it was sent: it goes there again, so that a question whose patient it is is asked again.
    address: str

    def put_into(self, found: dict[str, "ListOfTasks"]) -> bool:
        """Show it in its row; False where that row is not on the board any more."""
        of_list = found[TaskList.of_vas(self.form.time_point).name.lower()]
        for row in of_list.rows + of_list.older:
            if row["pk"] == self.form.assessment.pk:
                row |= {
                    "step_address": self.address,
                    "form": self.form,
                    "fracture": self.form.data.get(_FRACTURE),
                    "token": self.form["form_token"].value(),
                    "questions": self.questions,
                }
                return True
        return False


def show_typed(found: dict[str, "ListOfTasks"], drafts: Iterable[Draft]) -> set[UUID]:
    """Show in their rows what was typed there and is not saved; the tokens of these drafts.

    A row that was sent just now shows what was sent.
    """
    rows = {
        row["step_address"]: row
        for of_list in found.values()
        if of_list.is_vas
        for row in of_list.rows + of_list.older
    }
    shown = set()
    for draft in drafts:
        row = rows.get(draft.address)
        if row is None or "in_row" not in draft.fields or row["typed"]:
            continue
        if not row["form"]:
            row["typed"] = {name: draft.fields.get(name, [""])[0] for name in _IN_ROW}
            row |= {"token": draft.token, "fracture": draft.fields.get(_FRACTURE, [""])[0]}
            shown.add(draft.token)
        elif str(row["token"]) == str(draft.token):
            shown.add(draft.token)
    return shown


@dataclass(frozen=True)
class ListOfTasks:
    """One list of the board, as its template shows it."""

    tasks: TaskList
    rows: list[Row]
    older: list[Row]
    older_count: str
    here: str
    older_query: str
    previous_query: str
    following_query: str
    all_query: str
    is_open: bool

    @property
    def open_older(self) -> list[Row]:
        """The older rows, where they are not folded."""
        return self.older if self.is_open else []

    @property
    def is_shown(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.rows or self.older or self.older_count or self.previous_query)

    @property
    def is_planned(self) -> bool:
        """Whether its operations lie ahead."""
        return self.tasks is TaskList.PLANNED

    @property
    def is_vas(self) -> bool:
        """Whether its rows have the form of a VAS."""
        return self.tasks in {TaskList.DAY_3, TaskList.DAY_30}

    @property
    def has_day_3(self) -> bool:
        """Whether its rows tell the VAS of day 3, and ask for a new fracture since."""
        return self.tasks is TaskList.DAY_30

    @property
    def heading(self) -> str:
        """The id of its heading."""
        return f"h-{self.tasks}"


def lists(place: Place, counts: BoardCounts) -> dict[str, ListOfTasks]:
    """All lists, by their names in templates."""
    pages = queries.first_pages(size=place.size)
    if place.tasks and place.ends:
        pages[place.tasks] = queries.due_page(place.tasks, size=place.size, **place.ends)
    return {tasks.name.lower(): _list(tasks, page, place, counts) for tasks, page in pages.items()}


def _list(tasks: TaskList, page: DuePage, place: Place, counts: BoardCounts) -> ListOfTasks:
    older = [task for task in page.tasks if task.is_older]
    rows = due_rows(page.tasks, tasks)
    count = counts.older_text(tasks)
    begins = str(queries.older_cursor(tasks, timezone.localdate()))
    return ListOfTasks(
        tasks=tasks,
        rows=rows[: len(rows) - len(older)],
        older=rows[len(rows) - len(older) :],
        older_count=count,
        here=place.here(tasks),
        older_query=place.query(tasks, before=begins) if count and not older else "",
        previous_query=place.query(tasks, **page.previous) if page.previous else "",
        following_query=place.query(tasks, **page.following) if page.following else "",
        all_query=_all_query(place) if page.following else "",
        is_open=bool(place.ends) and tasks is place.tasks,
    )


def _all_query(place: Place) -> str:
    return f"rows={PRINTED_ROWS}" if place.size == SHOWN_ROWS else ""


def is_from(request: HttpRequest) -> bool:
    """Whether a form was opened on the board."""
    return bool(request.POST.get(FIELD))


def is_row(request: HttpRequest) -> bool:
    """Whether it is the form in a row of the board itself."""
    return is_from(request) and "in_row" in request.POST


def back(request: HttpRequest, saved: Outcome | Assessment) -> HttpResponse:
    """Lead back to the place on the board where the form was opened, and say what is saved."""
    asked = QueryDict(request.POST.get(FIELD, ""))
    place = Place.read(asked)
    query = f"{place.here(place.tasks)}&" if place.tasks else ""
    return redirect(f"{reverse('worklist')}?{query}saved={saved.pk}")
