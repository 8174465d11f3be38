"""Calculator: the live form without a patient. It saves nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from scoring.forms import CalculatorForm
from scoring.forms.links import error_links
from scoring.http.methods import get_or_post
from scoring.report.result_text import Calculated
from scoring.web.gate import for_everybody
from scoring.web.live import LivePoints
from scoring.web.ward import ward_of


class HtmxRequest(HttpRequest):
    """A request as django-htmx's middleware hands it on."""

    htmx: HtmxDetails


@get_or_post
@for_everybody
def calculator(request: HtmxRequest) -> HttpResponse:
    """Points and risk of what is entered, as one types or when "Calculate" is pressed."""
    is_live = bool(request.htmx)
    if request.method == "POST":
        form = CalculatorForm(request.POST, sent=not is_live or "sent" in request.POST)
        form.is_valid()
    else:
        form = CalculatorForm(initial=ward_of(request).scored_units)
    live = LivePoints(form)
    context = {
        "form": form,
        "live": live,
        "sheet": Calculated(live.result, live.answers) if live.result else None,
        "errors": [] if is_live else error_links(form),
    }
    template = "scoring/includes/calculator_live.html" if is_live else "scoring/calculator.html"
    status = 422 if context["errors"] else 200
    return render(request, template, context, status=status)
