"""The local validation for reviewers: does the model hold for the hospital's own patients?"""

import json
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scoring import actions, queries
from scoring.evaluation.local import LocalValidation, aggregate_of, judge_cohort
from scoring.evaluation.wording import reason_text
from scoring.forms.models import code_of
from scoring.forms.print_choice import PrintForm
from scoring.forms.validation import CentreForm, ValidationForm
from scoring.http.actor import actor, log
from scoring.http.printing import pdf_response
from scoring.models import AuditEvent, Right
from scoring.queries import CohortFilter
from scoring.report.validation import page_context
from scoring.report.validation.pdf import validation_html
from scoring.statistics import DataError, NotEstimableError
from scoring.statistics.plain import as_plain, from_plain
from scoring.statistics.pooling import aggregate_as_dict
from scoring.web.gate import needs
from scoring.web.heavy import reads_much
from scoring.web.ward import ward_of

Action = AuditEvent.Action


def local_validation(narrowed: CohortFilter) -> LocalValidation:
    """Computed once and kept until a version or an outcome is added."""
    # The mark first: what is added meanwhile makes what is kept newer than it says, never older.
    stamp = queries.record_stamp()
    key = queries.validation_key(narrowed, stamp)
    kept = queries.cached_validation(key)
    if kept is not None:
        return from_plain(LocalValidation, json.loads(kept))
    found = judge_cohort(queries.validation_cohort(narrowed))
    content = json.dumps(as_plain(found), allow_nan=False)
    actions.keep_validation(key=key, stamp=stamp, content=content)
    return found


@require_safe
@needs(Right.VIEW_VALIDATION)
@reads_much(may_lag=True)
def validation(request: HttpRequest) -> HttpResponse:
    """Everything on one page, beside what was published."""
    form = ValidationForm(request.GET)
    context: dict[str, object] = {"form": form}
    if not form.is_valid():
        return render(request, "scoring/validation.html", context, status=422)
    found = local_validation(form.filter())
    log(request, Action.VALIDATION_VIEWED, detail=form.typed | {"found": found.counts.analysed})
    context |= page_context(found, form.chosen())
    if not found.counts.analysed and form.asks_for_latest:
        context["earlier_models"] = [
            (version, code_of((identifier, version)))
            for identifier, version in queries.earlier_models_on_record()
        ]
    ward = ward_of(request)
    context["centre_form"] = CentreForm(initial={"centre": ward.hospital_name or ward.ward_name})
    return render(request, "scoring/validation.html", context)


@require_safe
@needs(Right.VIEW_VALIDATION)
@reads_much()
def validation_report(request: HttpRequest) -> HttpResponse:
    """The same on paper: in the language and on the paper of the address, else the usual ones."""
    form, choice = ValidationForm(request.GET), PrintForm(request.GET)
    if not form.is_valid():
        return redirect(_address(request))
    if not choice.is_valid():
        messages.error(request, choice.refusal())
        return redirect(_address(request))
    found = local_validation(form.filter())
    log(request, Action.VALIDATION_PRINTED, detail=form.typed | {"found": found.counts.analysed})
    ward = ward_of(request)
    document = partial(
        validation_html,
        found,
        form.chosen(),
        printed_by=str(actor(request)),
        ward=ward.heading,
        paper=choice.size(ward),
    )
    with translation.override(choice.language_code):
        return pdf_response(document, name=f"rbp-validation-{timezone.localdate():%Y-%m-%d}")


@require_POST
@needs(Right.VIEW_VALIDATION)
@reads_much()
def validation_export(request: HttpRequest) -> HttpResponse:
    """The aggregate for pooling with other hospitals; posted, because it leaves a line."""
    form, centre_form = ValidationForm(request.GET), CentreForm(request.POST)
    if not form.is_valid() or not centre_form.is_valid():
        messages.error(request, _("Nothing was exported: enter the name of the hospital."))
        return redirect(_address(request))
    narrowed, centre = form.filter(), centre_form.cleaned_data["centre"]
    try:
        shared = aggregate_of(
            queries.validation_cohort(narrowed),
            centre=centre,
            model=narrowed.judged,
            synthetic=narrowed.synthetic,
        )
    except (DataError, NotEstimableError) as error:
        reason = reason_text(error.code)
        messages.error(request, _("Nothing can be shared: %(reason)s.") % {"reason": reason})
        return redirect(_address(request))
    log(request, Action.VALIDATION_EXPORTED, detail=form.typed | {"centre": centre})
    name = f"rbp-aggregate-{timezone.localdate():%Y-%m-%d}.json"
    return HttpResponse(
        json.dumps(aggregate_as_dict(shared), allow_nan=False, indent=1) + "\n",
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _address(request: HttpRequest) -> str:
    """The page with the same choice."""
    query = request.GET.urlencode()
    return f"{reverse('validation')}?{query}" if query else reverse("validation")
