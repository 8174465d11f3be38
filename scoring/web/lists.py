"""Worklist and history."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from scoring import queries
from scoring.models import AuditEvent
from scoring.models.codes import TimePoint
from scoring.web.access import clinician, log

Action = AuditEvent.Action
PAGE_ROWS = (15, 50)
KEPT_SEARCHES = 20


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """Where the day starts: new assessment, find a patient, what was done lately."""
    log(request, Action.WORKLIST_VIEWED)
    context = {
        "now": timezone.now(),
        "shown_rows": queries.SHOWN_ROWS,
        "radiographs": queries.radiographs_awaited(),
        "day_3": queries.outcomes_due(TimePoint.DAY_3),
        "day_30": queries.outcomes_due(TimePoint.DAY_30),
        "mine": queries.recent_assessments(clinician(request)),
        "ward": queries.ward_assessments(),
    }
    return render(request, "scoring/worklist.html", context)


@require_http_methods(["GET", "POST"])
def history(request: HttpRequest) -> HttpResponse:
    """Every assessment on record, found by hospital number or name, page by page.

    What is searched for is patient data: it is posted and kept in the session, and the URL
    carries only a key to it.
    """
    if request.method == "POST":
        # PostgreSQL takes no null character, and no name holds one.
        key = _keep_search(request, request.POST.get("q", "").replace("\x00", "").strip())
        return redirect(f"{request.path}?search={key}" if key else request.path)
    text = request.session.get("searches", {}).get(request.GET.get("search", ""), "")
    rows = _rows(request)
    page = queries.page_of(
        queries.assessments().filter(queries.matching(text)),
        size=rows,
        before=queries.Cursor.parse(request.GET.get("before", "")),
        after=queries.Cursor.parse(request.GET.get("after", "")),
    )
    log(request, Action.HISTORY_SEARCHED, detail={"text": text, "found": len(page.rows)})
    context = {"page": page, "text": text, "rows": rows, "row_choices": PAGE_ROWS}
    return render(request, "scoring/history.html", context)


def _rows(request: HttpRequest) -> int:
    asked = request.GET.get("rows", "")
    return int(asked) if asked in {str(rows) for rows in PAGE_ROWS} else PAGE_ROWS[0]


def _keep_search(request: HttpRequest, text: str) -> str:
    """Keep the text under a new key in the session, and only the latest of them."""
    if not text:
        return ""
    key = uuid4().hex
    kept = {**request.session.get("searches", {}), key: text}
    request.session["searches"] = dict(list(kept.items())[-KEPT_SEARCHES:])
    return key
