"""Pages without a patient: about the model, help."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
