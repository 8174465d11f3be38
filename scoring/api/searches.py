"""The history for programs: every version on record, narrowed down."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from scoring import queries
from scoring.api import described, record_described
from scoring.api.assessments import shown
from scoring.api.authentication import Token
from scoring.api.filling import errors_in, typed
from scoring.api.requests import MOST_ROWS, Search
from scoring.api.writing import json_response
from scoring.forms.history import HistoryForm
from scoring.http.actor import log
from scoring.http.problems import FieldError, Problem
from scoring.models import Assessment, AuditEvent, Right
from scoring.queries import Cursor

router = Router(tags=["assessments"])
_ROWS = 15


@router.post(
    "/assessments/search",
    auth=Token(Right.SEE_PATIENTS),
    operation_id="searchAssessments",
    summary="Search the assessments on record",
    openapi_extra=described.answers(200, record_described.FOUND),
)
def search(request: HttpRequest, body: Search) -> HttpResponse:
    """The newest versions that fit; ``older`` leads on, sent as ``before``.

    Sent as a body: what is searched for is patient data, and addresses stand in logs.
    """
    data = typed(body)
    data["q"] = data.pop("text", "")
    form = HistoryForm(data)
    errors = list(errors_in(form, "", {"q": "text"}))
    before = Cursor.parse(data.get("before", ""), Assessment)
    if data.get("before") and before is None:
        said = _("send what “older” said.")
        errors.append(FieldError("/before", "invalid", said))
    rows = _rows(body, errors)
    if errors:
        said = _("Not searched: correct the values that “errors” names.")
        raise Problem(422, "refused", said, errors=errors)
    # Whole versions are handed out, not the rows of a list.
    chosen = replace(form.filter(), also=queries.opens())
    page, hits = chosen.page(size=rows, before=before), chosen.hits()
    detail: dict[str, object] = {"text": data["q"], **form.typed, "found": hits.count}
    log(request, AuditEvent.Action.HISTORY_SEARCHED, detail=detail)
    whole = queries.whole_assessments().in_bulk([row.pk for row in page.rows])
    for row in page.rows:
        log(request, AuditEvent.Action.ASSESSMENT_VIEWED, assessment=whole[row.pk])
    content: dict[str, Any] = {
        "assessments": [shown(whole[row.pk]) for row in page.rows],
        "found": hits.count,
        "is_more": hits.is_more,
        "older": None if page.older is None else str(page.older),
    }
    return json_response(content)


def _rows(body: Search, errors: list[FieldError]) -> int:
    if body.rows is None:
        return _ROWS
    if body.rows not in range(1, MOST_ROWS + 1):
        said = _("allowed is a whole number from 1 to %(most)s.") % {"most": MOST_ROWS}
        errors.append(FieldError("/rows", "out_of_range", said))
        return _ROWS
    return int(body.rows)
