"""Worklist: the ward's board."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scoring import queries
from scoring.http.actor import actor, log
from scoring.models import AuditEvent, Right
from scoring.web import board
from scoring.web.first_steps import first_steps
from scoring.web.gate import needs
from scoring.web.model_notice import model_notice
from scoring.web.rows import list_rows
from scoring.web.saved import Saved, saved_note
from scoring.web.unfinished import in_words
from scoring.words.dates import day_text

Action = AuditEvent.Action


@require_safe
@needs(Right.SEE_PATIENTS, leads_home=True)
def worklist(request: HttpRequest) -> HttpResponse:
    """Where the day starts: new assessment, find a patient, what is due, what was done lately."""
    place, counts = board.Place.read(request.GET), queries.board_counts()
    found = board.lists(place, counts)
    return _page(request, found, counts, saved_note(request, found))


def with_row_form(request: HttpRequest, row_form: board.RowForm) -> HttpResponse | None:
    """The board with a form that was sent from one of its rows; None where that row is gone."""
    place = board.Place.read(QueryDict(request.POST.get(board.FIELD, "")))
    counts = queries.board_counts()
    found = board.lists(place, counts)
    if not row_form.put_into(found):
        return None
    return _page(request, found, counts, status=422)


def _page(
    request: HttpRequest,
    found: dict[str, board.ListOfTasks],
    counts: queries.BoardCounts,
    saved: Saved | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    log(request, Action.WORKLIST_VIEWED)
    left = list(queries.drafts_of(actor(request)))
    in_rows = board.show_typed(found, left) if actor(request).has_perm(Right.ASSESS) else set()
    context = {
        # Counted once, for the navigation too.
        "due": counts,
        "saved": saved,
        "first_steps": first_steps(request),
        "model_notice": model_notice(request),
        "now": timezone.now(),
        "today": day_text(timezone.localdate()),
        "board": found,
        "drafts": [in_words(draft) for draft in left if draft.token not in in_rows],
        "changed_by_laboratory": queries.changed_sources(),
        "numbers_to_correct": queries.patients_to_correct(),
        "ward": list_rows(queries.ward_assessments()),
    }
    return render(request, "scoring/worklist.html", context, status=status)
