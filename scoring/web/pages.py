"""Pages without a patient: about the model."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from scoring.web.evidence import evidence
from scoring.web.gate import for_everybody


@require_GET
@for_everybody
def about(request: HttpRequest) -> HttpResponse:
    """Intended use, evidence, how the risk axis was reconstructed, slips of the paper."""
    return render(request, "scoring/about.html", evidence())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read. Django's own page would try to read it again."""
    return HttpResponseBadRequest(render_to_string("400.html"))
