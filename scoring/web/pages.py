"""Pages and papers without a patient: about the model, help, the nomogram for use by hand."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from scoring.display import no_break_spaces, per_cent
from scoring.entry import windows
from scoring.http.printing import pdf_answer, printed
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report import help_papers
from scoring.report.blank_nomogram import SIZES, blank_nomogram_html
from scoring.web.evidence import evidence
from scoring.web.gate import for_everybody, public
from scoring.words.definitions import definition_of, definitions
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


@require_safe
@for_everybody
def help_predictor(request: HttpRequest, field: str) -> HttpResponse:
    """The definition of one predictor, to be shown beside its field."""
    if field not in RONG_2025.by_field:
        raise Http404
    context = {"definition": definition_of(field)}
    return render(request, "scoring/includes/definition.html", context)


@require_safe
@public
def help_guide(request: HttpRequest) -> HttpResponse:
    """Two pages to be printed and put beside the computer."""
    return _paper("rbp-risk-guide", help_papers.guide_html)


@require_safe
@public
def help_quick_card(request: HttpRequest) -> HttpResponse:
    """The same on one page, in short."""
    return _paper("rbp-risk-quick-card", help_papers.quick_card_html)


@require_safe
@for_everybody
def blank_nomogram(request: HttpRequest) -> HttpResponse:
    """The nomogram without a patient as PDF, true to scale. Raises as ``printed``."""
    size = request.GET.get("paper", SIZES[0])
    if size not in SIZES:
        raise BadRequest("no size of paper")
    return _paper(f"rbp-risk-nomogram-{size}", partial(blank_nomogram_html, size=size))


# Made once a process and language: everybody may ask for them, also who is not signed in.
_papers: dict[tuple[str, str], bytes] = {}


def _paper(name: str, document: Callable[[], str]) -> HttpResponse:
    kind = name, get_language()
    if kind not in _papers:
        _papers[kind] = printed(document)
    return pdf_answer(_papers[kind], name=name)
