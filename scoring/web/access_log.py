"""The access log for reviewers: who looked at a record, what a user did, what a day brought."""

from collections.abc import Iterator
from uuid import UUID

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
from scoring.models import AuditEvent, Patient, Right
from scoring.report import log_csv
from scoring.web import searches
from scoring.web.access import log
from scoring.web.forms.access_log import AccessLogForm
from scoring.web.gate import needs

Action = AuditEvent.Action
PAGE_ROWS = (50, 200)


class Asked:
    """What a request asks for: filters of its address, and the number its key stands for.

    ``patient`` is whose record it is about, where that is one patient. A patient's page leads
    here with the patient's id instead of a number.
    """

    def __init__(self, request: HttpRequest) -> None:
        number = searches.kept(request)
        self.is_forgotten = number is None
        linked = request.GET.get("patient", "")
        self.patient = queries.patient_by_id(linked) if linked and not number else None
        data = request.GET.copy()
        data["q"] = self.patient.hospital_number if self.patient else number or ""
        self.form = AccessLogForm(data)
        self.is_valid = self.form.is_valid() and not self.is_forgotten
        self._patient_ids = self._whose(linked)

    def _whose(self, linked: str) -> frozenset[UUID] | None:
        if self.patient is not None:
            return frozenset([self.patient.pk])
        number = self.form.data["q"]
        if not number:
            # A link to nobody's record finds nothing instead of everything.
            return frozenset() if linked else None
        found = queries.patients_of_number(number)
        if len(found) == 1:
            self.patient = Patient.objects.get(pk__in=found)
        return found

    @property
    def is_nobody(self) -> bool:
        """Whether a patient was asked for and there is none."""
        return self._patient_ids is not None and not self._patient_ids

    @property
    def is_filtered(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.form.typed) or self._patient_ids is not None

    @property
    def detail(self) -> dict[str, object]:
        """What the access log itself keeps of it."""
        number = self.form.data["q"]
        return ({"hospital_number": number} if number else {}) | self.form.typed

    def filter(self) -> queries.LogFilter:
        """As the query takes it; only where it ``is_valid``."""
        cleaned = self.form.cleaned_data
        return queries.LogFilter(
            first_day=cleaned["first_day"],
            last_day=cleaned["last_day"],
            patient_ids=self._patient_ids,
            username=cleaned["user"],
            action=cleaned["action"],
        )


@require_http_methods(["GET", "POST"])
@needs(Right.VIEW_ACCESS_LOG)
def access_log(request: HttpRequest) -> HttpResponse:
    """Lines of the log, newest first; looking at them is a line, too.

    The hospital number is posted and kept in the session, as the history does it.
    """
    rows = _rows(request)
    context: dict[str, object] = {"rows": rows, "row_choices": PAGE_ROWS}
    context["time_zone"] = timezone.get_current_timezone_name()
    if request.method == "POST":
        form = AccessLogForm(searches.posted_form(request))
        if form.is_valid():
            return redirect(_address(request))
        # A number typed into the wrong field stands in no address either.
        return render(request, "scoring/access_log.html", context | {"form": form}, status=422)
    asked = Asked(request)
    context |= {"form": asked.form, "asked": asked}
    if not asked.is_valid:
        status = 200 if asked.form.is_valid() else 422
        return render(request, "scoring/access_log.html", context, status=status)
    narrowed = asked.filter()
    # Before the line about this very look.
    page = queries.log_page(
        narrowed,
        size=rows,
        before=queries.LogCursor.parse(request.GET.get("before", "")),
        after=queries.LogCursor.parse(request.GET.get("after", "")),
    )
    hits = queries.log_hits(narrowed)
    detail = asked.detail | {"found": hits.count}
    log(request, Action.ACCESS_LOG_VIEWED, patient=asked.patient, detail=detail)
    return render(request, "scoring/access_log.html", context | {"page": page, "hits": hits})


@require_POST
@needs(Right.VIEW_ACCESS_LOG)
def access_log_export(request: HttpRequest) -> HttpResponseBase:
    """What is filtered, as CSV with identifiers; posted, because it leaves a line in the log."""
    asked = Asked(request)
    if not asked.is_valid:
        return redirect(f"{reverse('access-log')}?{request.GET.urlencode()}")
    log(request, Action.ACCESS_LOG_EXPORTED, patient=asked.patient, detail=asked.detail)
    response = StreamingHttpResponse(
        _encoded(asked.filter()), content_type="text/csv; charset=utf-8"
    )
    name = f"rbp-access-log-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _encoded(narrowed: queries.LogFilter) -> Iterator[bytes]:
    for text in log_csv.LOG.lines(queries.streamed_log(narrowed, log_csv.LOG.sources)):
        yield text.encode()


def _rows(request: HttpRequest) -> int:
    asked = request.GET.get("rows", "")
    return int(asked) if asked in {str(rows) for rows in PAGE_ROWS} else PAGE_ROWS[0]


def _address(request: HttpRequest) -> str:
    """Where the filters that were posted can be looked at again."""
    query = QueryDict(mutable=True)
    if number := searches.posted(request):
        query["search"] = searches.keep(request, number)
    for name in AccessLogForm.shared_names():
        if typed := request.POST.get(name, "").strip():
            query[name] = typed
    if request.GET.get("rows"):
        query["rows"] = str(_rows(request))
    return f"{request.path}?{query.urlencode()}" if query else request.path
