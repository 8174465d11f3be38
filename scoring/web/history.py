"""The history: every assessment on record, narrowed down, page by page, and as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from scoring import queries
from scoring.forms.history import HistoryForm
from scoring.http.actor import log
from scoring.http.methods import get_or_post
from scoring.models import Assessment, AuditEvent, Right
from scoring.report import csv_file
from scoring.web import search_session
from scoring.web.gate import needs
from scoring.web.heavy import reads_much
from scoring.web.rows import list_rows
from scoring.web.searched_list import SearchedList, csv_response

Action = AuditEvent.Action
HISTORY = SearchedList("scoring/history.html", HistoryForm, Assessment, row_choices=(15, 50))


class HistoryRequest:
    """What a request asks for: the filters of its address, and the text its key stands for."""

    def __init__(self, request: HttpRequest) -> None:
        text = search_session.kept(request)
        # An address with a text nobody knows any more must not pass for one without a text.
        self.is_forgotten = text is None
        self.form = HISTORY.asked_form(request, text or "")
        self.is_valid = self.form.is_valid() and not self.is_forgotten

    @property
    def detail(self) -> dict[str, object]:
        """What the access log keeps of it."""
        return {"text": self.form.data["q"], **self.form.typed}


@get_or_post
@needs(Right.SEE_PATIENTS)
def history(request: HttpRequest) -> HttpResponse:
    """Every assessment on record, newest first."""
    if request.method == "POST":
        return HISTORY.search(request)
    asked = HistoryRequest(request)
    context = {"is_forgotten": asked.is_forgotten, "text": asked.form.data["q"]}
    if not asked.is_valid:
        return HISTORY.render(request, asked.form, **context)
    chosen = asked.form.filter()
    page, hits = HISTORY.page(request, chosen), chosen.hits()
    log(request, Action.HISTORY_SEARCHED, detail=asked.detail | {"found": hits.count})
    context |= {"page": page, "listed": list_rows(page.rows), "hits": hits}
    # A whole number, as it is or was: its patient may have no assessment here any more.
    hit = queries.exact_hit(chosen.text) if chosen.text else None
    patient = hit.patient if isinstance(hit, Assessment) else hit
    is_seen = patient is None or queries.is_seen(patient)
    context["patient" if is_seen else "patient_elsewhere"] = patient
    context |= {"is_filtered": bool(asked.form.typed)}
    # Told in each row only where rows may differ in it.
    context["has_earlier_models"] = bool(queries.earlier_models_on_record())
    return HISTORY.render(request, asked.form, **context)


@require_POST
@needs(Right.EXPORT_RECORDS)
@reads_much()
def history_export(request: HttpRequest) -> HttpResponseBase:
    """What is filtered, as CSV; posted, because it leaves a line in the access log."""
    asked = HistoryRequest(request)
    if not asked.is_valid:
        return redirect(f"{reverse('history')}?{request.GET.urlencode()}")
    identified = request.POST.get("identifiers") == "with"
    layout = csv_file.IDENTIFIED if identified else csv_file.DE_IDENTIFIED
    kind = "with" if identified else "without"
    log(request, Action.HISTORY_EXPORTED, detail=asked.detail | {"identifiers": kind})
    chosen = asked.form.filter()
    rows = chosen.streamed(layout.sources) if identified else chosen.shuffled(layout.sources)
    day = timezone.localdate().isoformat()
    return csv_response(f"rbp-history-{day}-{kind}-identifiers.csv", layout.lines(rows))
