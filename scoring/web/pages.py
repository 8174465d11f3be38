"""Pages without a patient: about the model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from scoring.web.evidence import evidence


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Intended use, evidence, how the risk axis was reconstructed, slips of the paper."""
    return render(request, "scoring/about.html", evidence())
