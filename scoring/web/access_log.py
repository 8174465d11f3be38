"""The access log for reviewers: who looked at a record, what a user did, what a day brought."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from scoring import queries
from scoring.forms.access_log import AccessLogForm
from scoring.http.actor import log
from scoring.http.methods import get_or_post
from scoring.models import AuditEvent, Patient, Right
from scoring.report import log_csv
from scoring.web import search_session
from scoring.web.gate import needs
from scoring.web.heavy import reads_much
from scoring.web.searched_list import SearchedList, csv_response

Action = AuditEvent.Action
ACCESS_LOG = SearchedList(
    "scoring/access_log.html", AccessLogForm, AuditEvent, row_choices=(50, 200)
)


class AccessLogRequest:
    """What a request asks for: filters of its address, and the number its key stands for.

    ``patient`` is whose record it is about, where that is one patient. A patient's page leads
    here with the patient's id instead of a number.
    """

    def __init__(self, request: HttpRequest) -> None:
        number = search_session.kept(request)
        self.is_forgotten = number is None
        linked = request.GET.get("patient", "")
        self.patient = queries.patient_by_id(linked) if linked and not number else None
        number = self.patient.hospital_number if self.patient else number or ""
        self.form = ACCESS_LOG.asked_form(request, number)
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


@get_or_post
@needs(Right.VIEW_ACCESS_LOG)
def access_log(request: HttpRequest) -> HttpResponse:
    """Lines of the log, newest first; looking at them is a line, too."""
    context: dict[str, object] = {"time_zone": timezone.get_current_timezone_name()}
    if request.method == "POST":
        return ACCESS_LOG.search(request, **context)
    asked = AccessLogRequest(request)
    context["asked"] = asked
    if not asked.is_valid:
        return ACCESS_LOG.render(request, asked.form, **context)
    narrowed = asked.filter()
    # Before the line about this very look.
    page, hits = ACCESS_LOG.page(request, narrowed), narrowed.hits()
    detail = asked.detail | {"found": hits.count}
    log(request, Action.ACCESS_LOG_VIEWED, patient=asked.patient, detail=detail)
    context |= {"page": page, "lines": queries.log_lines(page.rows), "hits": hits}
    return ACCESS_LOG.render(request, asked.form, **context)


@require_POST
@needs(Right.VIEW_ACCESS_LOG)
@reads_much()
def access_log_export(request: HttpRequest) -> HttpResponseBase:
    """What is filtered, as CSV with identifiers; posted, because it leaves a line in the log."""
    asked = AccessLogRequest(request)
    if not asked.is_valid:
        return redirect(f"{reverse('access-log')}?{request.GET.urlencode()}")
    log(request, Action.ACCESS_LOG_EXPORTED, patient=asked.patient, detail=asked.detail)
    rows = asked.filter().streamed(log_csv.LOG.sources)
    day = timezone.localdate().isoformat()
    return csv_response(f"rbp-access-log-{day}.csv", log_csv.LOG.lines(rows))
