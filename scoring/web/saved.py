"""What was saved from the board a moment ago: said there, with the next task of the same list."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring import queries
from scoring.entry.rules import UNDONE
from scoring.http.actor import actor
from scoring.models import Assessment, Outcome
from scoring.models.codes import Change
from scoring.models.patient import full_name
from scoring.queries import TaskList
from scoring.report import summary_text
from scoring.web.board import ListOfTasks
from scoring.web.rows import Row
from scoring.words.dates import day_text

_OF_RADIOGRAPHS = {Change.COMPLETE, Change.UNDO, Change.NO_RADIOGRAPH}


@dataclass(frozen=True)
class Saved:
    """What was saved, of whom, and the row to go on with."""

    record: Outcome | Assessment
    text: str
    patient: str
    address: str
    next_row: Row | None
    place: str


def saved_note(request: HttpRequest, lists: dict[str, ListOfTasks]) -> Saved | None:
    """What the address says was saved, where this user did so in the last ten minutes."""
    try:
        pk = UUID(request.GET.get("saved", ""))
    except ValueError:
        return None
    record = queries.saved_lately(actor(request), pk)
    if record is None:
        return None
    patient = queries.current_version(record.chain).patient
    if not queries.is_seen(patient):
        # Moved since, to another ward or another patient.
        return None
    next_row = _next_row(record, lists)
    if next_row is not None:
        next_row["is_next"] = True
    return Saved(
        record=record,
        text=saved_text(record),
        patient=full_name(patient.family_name, patient.given_name),
        address=reverse("assessment-result", args=[record.chain.current_id]),
        next_row=next_row,
        place=f"list={_list_of(record)}",
    )


def _list_of(record: Outcome | Assessment) -> TaskList:
    if isinstance(record, Outcome):
        return TaskList.of_vas(record.time_point)
    return TaskList.RADIOGRAPHS if record.change in _OF_RADIOGRAPHS else TaskList.PLANNED


def saved_text(record: Outcome | Assessment) -> str:
    """What was saved, in a sentence."""
    if record.reason == UNDONE:
        return _("Undone. What stood there before stands again.")
    if isinstance(record, Assessment):
        if record.change == Change.COMPLETE:
            risk = summary_text.risk_text(record.restored_risk, record.not_restored_risk)
            return _("Saved: final result, risk %(risk)s.") % {"risk": risk}
        if record.change == Change.AMEND:
            # The form of an amendment says it itself: here it is the operation that is postponed.
            return _("Saved: operation on %(day)s.") % {"day": day_text(record.operation_date)}
        return _("Saved: %(what)s.") % {"what": record.get_change_display()}
    values = {"day": record.get_time_point_display(), "vas": record.vas}
    if record.vas is None:
        values["why"] = record.get_not_evaluable_display()
        return _("Saved: no VAS of %(day)s, %(why)s.") % values
    return _("Saved: VAS %(vas)s of %(day)s.") % values


def _next_row(record: Outcome | Assessment, lists: dict[str, ListOfTasks]) -> Row | None:
    """The row that followed in the list, else the first of it, else the first of another list.

    After an undo it is the row that is open again.
    """
    chain, tasks = record.chain, _list_of(record)
    if tasks is TaskList.PLANNED:
        return None
    of_list = lists[tasks.name.lower()]
    due = [row for row in of_list.rows + of_list.open_older if row["is_due"]]
    here = (chain.operation_date, chain.pk)
    if record.reason == UNDONE:
        again = [row for row in of_list.rows + of_list.open_older if row["place"] == here]
        return next(iter(again), None)
    following = [row for row in due if row["place"] < here]  # type: ignore[operator]
    others = [
        row
        for name in ("radiographs", "day_3", "day_30")
        for row in lists[name].rows
        if row["is_due"]
    ]
    return next(iter([*following, *due, *others]), None)
