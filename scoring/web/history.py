"""The history: every assessment on record, narrowed down, page by page, and as a file."""

from collections.abc import Iterator

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST

from scoring import queries
from scoring.models import AuditEvent, Right
from scoring.report import csv_file
from scoring.web import searches
from scoring.web.access import log
from scoring.web.forms.history import HistoryForm
from scoring.web.gate import needs
from scoring.web.rows import list_rows

Action = AuditEvent.Action
PAGE_ROWS = (15, 50)


class Asked:
    """What a request asks for: the filters of its address, and the text its key stands for."""

    def __init__(self, request: HttpRequest) -> None:
        text = searches.kept(request)
        # An address with a text nobody knows any more must not pass for one without a text.
        self.is_forgotten = text is None
        data = request.GET.copy()
        data["q"] = text or ""
        self.form = HistoryForm(data)
        self.is_valid = self.form.is_valid() and not self.is_forgotten

    @property
    def detail(self) -> dict[str, object]:
        """What the access log keeps of it."""
        return {"text": self.form.data["q"], **self.form.typed}


@require_http_methods(["GET", "POST"])
@needs(Right.SEE_PATIENTS)
def history(request: HttpRequest) -> HttpResponse:
    """Every assessment on record, newest first.

    What is searched for is patient data: it is posted and kept in the session, and the address
    carries only a key to it. The filters stand in the address, to be bookmarked.
    """
    rows = _rows(request)
    context: dict[str, object] = {"rows": rows, "row_choices": PAGE_ROWS}
    if request.method == "POST":
        form = HistoryForm(searches.posted_form(request))
        if form.is_valid():
            return redirect(_address(request))
        # A name typed into the wrong field stands in no address either.
        return render(request, "scoring/history.html", context | {"form": form}, status=422)
    asked = Asked(request)
    context |= {"form": asked.form, "is_forgotten": asked.is_forgotten}
    context["text"] = asked.form.data["q"]
    if not asked.is_valid:
        status = 200 if asked.form.is_valid() else 422
        return render(request, "scoring/history.html", context, status=status)
    chosen = asked.form.filter()
    page = chosen.page(
        size=rows,
        before=queries.Cursor.parse(request.GET.get("before", "")),
        after=queries.Cursor.parse(request.GET.get("after", "")),
    )
    hits = chosen.hits()
    log(request, Action.HISTORY_SEARCHED, detail=asked.detail | {"found": hits.count})
    context |= {"page": page, "listed": list_rows(page.rows)}
    context |= {"hits": hits, "is_filtered": bool(asked.form.typed)}
    return render(request, "scoring/history.html", context)


@require_POST
@needs(Right.EXPORT_RECORDS)
def history_export(request: HttpRequest) -> HttpResponseBase:
    """What is filtered, as CSV; posted, because it leaves a line in the access log."""
    asked = Asked(request)
    if not asked.is_valid:
        return redirect(f"{reverse('history')}?{request.GET.urlencode()}")
    identified = request.POST.get("identifiers") == "with"
    layout = csv_file.IDENTIFIED if identified else csv_file.DE_IDENTIFIED
    kind = "with" if identified else "without"
    log(request, Action.HISTORY_EXPORTED, detail=asked.detail | {"identifiers": kind})
    found = asked.form.filter().found()
    if not identified:
        # In the order of random ids: the order of dates would tell dates.
        found = found.order_by("chain_id", "version")
    response = StreamingHttpResponse(
        _encoded(layout, found), content_type="text/csv; charset=utf-8"
    )
    name = f"rbp-history-{timezone.localdate():%Y-%m-%d}-{kind}-identifiers.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _encoded(layout: csv_file.Layout, found: queries.Found) -> Iterator[bytes]:
    for text in layout.lines(queries.streamed(found, layout.sources)):
        yield text.encode()


def _rows(request: HttpRequest) -> int:
    asked = request.GET.get("rows", "")
    return int(asked) if asked in {str(rows) for rows in PAGE_ROWS} else PAGE_ROWS[0]


def _address(request: HttpRequest) -> str:
    """Where the filters that were posted can be looked at again."""
    query = QueryDict(mutable=True)
    if text := searches.posted(request):
        query["search"] = searches.keep(request, text)
    for name in HistoryForm.shared_names():
        if typed := request.POST.get(name, "").strip():
            query[name] = typed
    if request.GET.get("rows"):
        query["rows"] = str(_rows(request))
    return f"{request.path}?{query.urlencode()}" if query else request.path
