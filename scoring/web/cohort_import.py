"""Rows of a table of patients recorded as assessments: checked, confirmed, recorded.

Nothing is kept between the steps: the file is sent with each. A row is recorded once, however
often it is sent (``scoring.importing``). Where each row is recorded by itself, htmx asks for some
seconds' work at a time, and shows how far it is.
"""

import time
from collections.abc import Iterator
from contextlib import closing

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from scoring.forms.cohort import CohortForm, Extent
from scoring.http.actor import actor, log, origin
from scoring.importing.judging import Outcome, RowResult
from scoring.importing.recording import Import
from scoring.models import AuditEvent, Right
from scoring.web.calculator import HtmxRequest
from scoring.web.cohort import checked_table, chosen, is_sent, page, sent_form
from scoring.web.cohort_rows import ImportTable
from scoring.web.gate import needs
from scoring.web.searched_list import csv_response
from scoring.words.marks import labelled

# The page hears of rows that were recorded as often as this.
SECONDS_AT_ONCE = 3
_DONE = (Outcome.RECORDED, Outcome.ALREADY_RECORDED, Outcome.REFUSED)


@require_POST
@needs(Right.ASSESS)
def cohort_import_check(request: HtmxRequest) -> HttpResponse:
    """How the rows are understood, and what would become of each."""
    form = sent_form(request)
    return _answer(request, form, _checked(request, form))


@require_POST
@needs(Right.ASSESS)
def cohort_import(request: HtmxRequest) -> HttpResponse:
    """Record the rows as they were checked."""
    form = sent_form(request)
    importing = _opened(request, form)
    if not importing.problems and form.fingerprint != form.cleaned_data["seen"]:
        importing = _checked(request, form)
        importing.notice = _("Something was changed after the check. Nothing was recorded yet.")
        return _answer(request, form, importing)
    if not importing.problems:
        _record(request, form, importing)
    return _answer(request, form, importing)


@require_POST
@needs(Right.ASSESS)
def cohort_import_mend(request: HtmxRequest) -> HttpResponseBase:
    """The rows that can't be recorded, as CSV, to be mended and imported again."""
    form = sent_form(request)
    importing = _checked(request, form)
    if importing.problems:
        return _answer(request, form, importing)
    name = f"rbp-to-mend-{timezone.localdate().isoformat()}.csv"
    return csv_response(name, list(importing.lines_to_mend()))


def _opened(request: HtmxRequest, form: CohortForm) -> ImportTable:
    if not is_sent(request, form):
        errors = [(field.label, str(error)) for field in form for error in field.errors]
        return ImportTable([labelled(*error) for error in errors])
    return ImportTable.of(form, chosen(form))


def _checked(request: HtmxRequest, form: CohortForm) -> ImportTable:
    importing = _opened(request, form)
    if not importing.problems:
        importing.results = _import(request, form, importing).checked(importing.rows)
    log(request, AuditEvent.Action.TABLE_CHECKED, detail={"rows": len(importing.rows)})
    return importing


def _import(request: HtmxRequest, form: CohortForm, importing: ImportTable) -> Import:
    advice = _("If that is right in the whole table, tick so above and check again.")
    return Import(
        by=actor(request),
        columns=importing.columns,
        origin=origin(request),
        past_is_right=form.cleaned_data["past_operations"],
        how_to_say_so=advice,
    )


def _record(request: HtmxRequest, form: CohortForm, importing: ImportTable) -> None:
    begun = form.cleaned_data["done"] or 0
    recording, rows = _import(request, form, importing), importing.rows[begun:]
    importing.is_recorded = True
    if form.cleaned_data["extent"] == Extent.GOOD_ROWS:
        importing.before = {one: form.cleaned_data[f"done_{one}"] or 0 for one in _DONE}
        limit = SECONDS_AT_ONCE if request.htmx else float("inf")
        with closing(recording.good_rows(rows)) as results:
            importing.results = list(_for_seconds(results, limit))
    else:
        importing.results = recording.all_or_nothing(rows)
    importing.done = begun + len(importing.results)


def _for_seconds(results: Iterator[RowResult], seconds: float) -> Iterator[RowResult]:
    """At least one, and no other once so much time has passed."""
    end = time.monotonic() + seconds
    for result in results:
        yield result
        if time.monotonic() >= end:
            return


def _answer(request: HtmxRequest, form: CohortForm, importing: ImportTable) -> HttpResponse:
    if not request.htmx:
        return page(request, form, checked_table(request, form), importing)
    is_more = importing.is_recorded and form.cleaned_data["done"]
    name = "cohort_import_more" if is_more else "cohort_importing"
    context = {"form": form, "importing": importing, "headers": importing.headers}
    response = render(request, f"scoring/includes/{name}.html", context)
    # What can't go on stands in place of all that was recorded so far.
    return response if is_more else reswap(retarget(response, "#importing"), "innerHTML")
