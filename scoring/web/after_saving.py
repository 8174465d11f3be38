"""What follows after saving: the result, and with "Save and print" its report at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring.models import Assessment

_SESSION_KEY = "report_opens"


def leads_on(request: HttpRequest, made: Assessment) -> HttpResponse:
    """Say that it is saved and lead to the result."""
    messages.success(request, _("Saved as %(number)s.") % {"number": made.chain.report_number})
    return to_result(request, made)


def to_result(request: HttpRequest, made: Assessment) -> HttpResponse:
    """Lead to the result; "Save and print" is remembered until it is shown."""
    if request.POST.get("save") == "print":
        request.session[_SESSION_KEY] = str(made.pk)
    return redirect("assessment-result", pk=made.pk)


def open_report(request: HttpRequest, shown: Assessment, response: HttpResponse) -> HttpResponse:
    """Let the page of a result open the report, once, after "Save and print".

    A browser that saves a PDF instead of showing it stays on the page of the result.
    """
    if request.session.get(_SESSION_KEY) == str(shown.pk):
        del request.session[_SESSION_KEY]
        response["Refresh"] = f"0; url={reverse('assessment-report', args=[shown.pk])}"
    return response
