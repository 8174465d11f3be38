"""The page "Table of patients": a file is checked and scored, and nothing of it is stored.

The file is sent with each step, and stays in memory while it is answered. ``cohort_import`` records
its rows.
"""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scoring import actions, queries
from scoring.files.errors import TableError
from scoring.files.headings import Choice
from scoring.files.scored import Scoring
from scoring.files.table import Table
from scoring.forms.cohort import CohortForm
from scoring.http.actor import actor, log, origin
from scoring.http.methods import get_or_post
from scoring.models import AuditEvent, Right
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web.calculator import HtmxRequest
from scoring.web.cohort_check import CheckedTable, too_large_text
from scoring.web.cohort_rows import ImportTable
from scoring.web.gate import needs
from scoring.web.searched_list import csv_response
from scoring.web.uploads import is_too_large

Action = AuditEvent.Action


@get_or_post
@needs(Right.ASSESS)
def cohort(request: HtmxRequest) -> HttpResponse:
    """Choose a file; see how it is understood before it is scored."""
    if request.method != "POST":
        return page(request, sent_form(request), None)
    form = sent_form(request)
    return page(request, form, checked_table(request, form))


@require_POST
@needs(Right.ASSESS)
def cohort_columns(request: HtmxRequest) -> HttpResponse:
    """Keep the columns as they are shown, under the name of a laboratory."""
    form = sent_form(request)
    checked = checked_table(request, form)
    if checked is not None and checked.headings is not None:
        checked.said = _kept(request, form)
    return page(request, form, checked)


def _kept(request: HttpRequest, form: CohortForm) -> str:
    """Keep the columns of a valid form; whether that was done, in words."""
    name = form.cleaned_data["name"]
    if not name:
        return _("Name the laboratory to keep its columns.")
    if not form.says_columns:
        return _("Another laboratory was chosen: look at its columns, then keep them.")
    choice = form.choice()
    actions.keep_columns(
        by=actor(request),
        name=name,
        headers=choice.headers,
        in_unit=choice.in_unit,
        one_is_yes=choice.one_is_yes,
        origin=origin(request),
    )
    return _("The columns are kept as those of %(name)s.") % {"name": name}


@require_POST
@needs(Right.ASSESS)
def cohort_results(request: HtmxRequest) -> HttpResponseBase:
    """The table with its results, as CSV."""
    return _file(request, "results", Scoring.result_lines)


@require_POST
@needs(Right.ASSESS)
def cohort_mend(request: HtmxRequest) -> HttpResponseBase:
    """The rows that can't be scored, as CSV, to be mended and sent again."""
    return _file(request, "to-mend", Scoring.lines_to_mend)


def _file(
    request: HtmxRequest, kind: str, lines: Callable[[Scoring], Iterator[str]]
) -> HttpResponseBase:
    form = sent_form(request)
    checked = checked_table(request, form)
    if checked is None or checked.scoring is None:
        return page(request, form, checked)
    scoring = Scoring(checked.table, RONG_2025)
    counts = checked.scoring.counts
    detail = {"rows": counts.rows, "refused": counts.refused, "of": kind}
    log(request, Action.TABLE_SCORED, detail=detail)
    name = f"rbp-{kind}-{timezone.localdate().isoformat()}.csv"
    return csv_response(name, _in_language(translation.get_language(), lines(scoring)))


def _in_language(language: str | None, lines: Iterator[str]) -> Iterator[str]:
    """Lines that are made after the request, each in the language of the page."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def sent_form(request: HttpRequest) -> CohortForm:
    """What was sent, and not judged yet."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return CohortForm(*sent, model=RONG_2025, laboratories=queries.laboratories())


def checked_table(request: HttpRequest, form: CohortForm) -> CheckedTable | None:
    """The file as it is understood, with a line in the access log; None if there is none."""
    if not is_sent(request, form):
        return None
    choice = chosen(form)
    try:
        table = Table(form.stream, RONG_2025, sheet=form.cleaned_data["sheet"], choice=choice)
        checked = CheckedTable.of(table, RONG_2025, choice)
    except TableError as error:
        checked = CheckedTable.refused(error, RONG_2025)
    log(request, Action.TABLE_CHECKED, detail={"rows": checked.rows})
    return checked


def is_sent(request: HttpRequest, form: CohortForm) -> bool:
    """Whether a file came that can be looked at; else the form says why not."""
    if not form.is_valid() and is_too_large(request):
        form.errors["table"] = form.error_class([too_large_text()])
    return form.is_valid()


def chosen(form: CohortForm) -> Choice:
    """What is said of the columns: as they were shown, else as they were kept."""
    if form.says_columns:
        return form.choice()
    return queries.columns_of(form.cleaned_data["laboratory"])


def page(
    request: HtmxRequest,
    form: CohortForm,
    checked: CheckedTable | None,
    importing: ImportTable | None = None,
) -> HttpResponse:
    """The whole page, or for htmx what stands under the file."""
    headers = [] if checked is None else checked.headers
    context = {"form": form, "checked": checked, "importing": importing, "headers": headers}
    template = "scoring/includes/cohort_check.html" if request.htmx else "scoring/cohort.html"
    status = 422 if form.is_bound and form.errors and not request.htmx else 200
    return render(request, template, context, status=status)
