"""Pages without a patient: about the model, help."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from scoring.display import no_break_spaces, per_cent
from scoring.entry import windows
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web.evidence import evidence
from scoring.web.gate import for_everybody
from scoring.words.definitions import definitions
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.risk import one_decimal_percent


@require_safe
@for_everybody
def about(request: HttpRequest) -> HttpResponse:
    """Intended use, evidence, how the risk axis was reconstructed, slips of the paper."""
    return render(request, "scoring/about.html", evidence())


@require_safe
@for_everybody
def help(request: HttpRequest) -> HttpResponse:
    """What the risk means, who it is for, what is entered, what to do when something is wrong."""
    answers = RONG_2025.eligibility.items()
    context = {
        "outcome": RONG_2025.outcome,
        "rate": no_break_spaces(per_cent(one_decimal_percent(RONG_2025.outcome.rate))),
        "cutoff": no_break_spaces(per_cent(one_decimal_percent(RONG_2025.cutoff))),
        "yes": [CRITERION_NAMES[criterion] for criterion, a in answers if a is Answer.YES],
        "no": [CRITERION_NAMES[criterion] for criterion, a in answers if a is Answer.NO],
        "definitions": definitions(),
        "windows": list(windows.VAS.values()),
        "idle_minutes": settings.IDLE_SECONDS // 60,
    }
    return render(request, "scoring/help.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read. Django's own page would try to read it again."""
    context = {
        "is_unknown_host": isinstance(exception, DisallowedHost),
        "site_version": settings.VERSION,
        "model": RONG_2025,
    }
    return HttpResponseBadRequest(render_to_string("400.html", context))


class NotAllowedMiddleware:
    """A page for whoever opens the address of a form by itself; Django's answer is empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with words where it has none."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            response.content = render_to_string("405.html", request=request)
        return response
