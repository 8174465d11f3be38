"""The page "Month by month": does the model keep holding for the hospital's own patients?"""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from scoring import queries
from scoring.forms.validation import ValidationForm
from scoring.http.actor import log
from scoring.models import AuditEvent, Right
from scoring.report.drift_csv import months_lines
from scoring.report.validation import by_user_context, drift_context
from scoring.web.gate import needs
from scoring.web.heavy import reads_much
from scoring.web.searched_list import csv_response
from scoring.web.validation import local_validation
from scoring.web.ward import ward_of

Action = AuditEvent.Action


@require_safe
@needs(Right.VIEW_VALIDATION)
@reads_much(may_lag=True)
def validation_drift(request: HttpRequest) -> HttpResponse:
    """Observed and expected by month, the CUSUM, and by user where the ward switched it on."""
    form = ValidationForm(request.GET)
    context: dict[str, object] = {"form": form}
    if not form.is_valid():
        return render(request, "scoring/validation_drift.html", context, status=422)
    found = local_validation(form.filter())
    log(request, Action.DRIFT_VIEWED, detail=form.typed | {"found": found.counts.analysed})
    context |= drift_context(found.drift)
    context |= {"chosen": form.chosen(), "counts": found.counts}
    if ward_of(request).shows_users_funnel:
        users = queries.validation_by_user(form.filter())
        context["by_user"] = by_user_context([(one.name, one.figures) for one in users])
    return render(request, "scoring/validation_drift.html", context)


@require_POST
@needs(Right.VIEW_VALIDATION)
@reads_much()
def drift_export(request: HttpRequest) -> HttpResponseBase:
    """The figures by month as CSV; posted, because it leaves a line."""
    form = ValidationForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('validation-drift')}?{request.GET.urlencode()}")
    found = local_validation(form.filter())
    log(request, Action.DRIFT_EXPORTED, detail=form.typed | {"found": found.counts.analysed})
    name = f"rbp-months-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, months_lines(found.drift.months))
