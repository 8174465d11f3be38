"""Worklist."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from scoring import queries
from scoring.models import AuditEvent, Right
from scoring.models.codes import TimePoint
from scoring.web.access import log, signed_in_user
from scoring.web.first_steps import first_steps
from scoring.web.gate import needs
from scoring.web.rows import due_rows, list_rows
from scoring.web.unfinished import unfinished

Action = AuditEvent.Action


@require_GET
@needs(Right.SEE_PATIENTS, leads_home=True)
def worklist(request: HttpRequest) -> HttpResponse:
    """Where the day starts: new assessment, find a patient, what was done lately."""
    log(request, Action.WORKLIST_VIEWED)
    context = {
        "first_steps": first_steps(request),
        "now": timezone.now(),
        "shown_rows": queries.SHOWN_ROWS,
        "radiographs": due_rows(queries.radiographs_awaited(), "assessment-complete"),
        "day_3": due_rows(queries.outcomes_due(TimePoint.DAY_3), "outcome-day-3"),
        "day_30": due_rows(queries.outcomes_due(TimePoint.DAY_30), "outcome-day-30"),
        "drafts": unfinished(request),
        "mine": list_rows(queries.recent_assessments(signed_in_user(request))),
        "ward": list_rows(queries.ward_assessments()),
    }
    return render(request, "scoring/worklist.html", context)
