"""Find a patient: by number, name, date of birth or report number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from scoring import queries
from scoring.forms.fields import day_in
from scoring.http.actor import log
from scoring.http.methods import get_or_post
from scoring.models import Assessment, AuditEvent, Right
from scoring.web import search_session
from scoring.web.gate import needs

# Longer than any name or address that a code on a report holds.
_LONGEST_TEXT = 300


@get_or_post
@needs(Right.SEE_PATIENTS)
def patients(request: HttpRequest) -> HttpResponse:
    """The patients that a text finds; one alone, or a whole number, is opened at once.

    The text is patient data: it is posted, and the address carries only a key to it.
    """
    if request.method == "POST":
        return _led_to(request, search_session.posted(request)[:_LONGEST_TEXT])
    text = search_session.kept(request)
    context: dict[str, object] = {"text": text or "", "is_forgotten": text is None}
    if text:
        found = queries.found_patients(text, day_in(text))
        detail = {"text": text, "found": len(found.patients)}
        log(request, AuditEvent.Action.PATIENTS_SEARCHED, detail=detail)
        context["found"] = found
    return render(request, "scoring/patients.html", context)


def _led_to(request: HttpRequest, text: str) -> HttpResponse:
    """Where a text leads to; what is found there is in the access log by itself."""
    if not text:
        return redirect("patients")
    hit = queries.exact_hit(text)
    if isinstance(hit, Assessment):
        return redirect("assessment-result", pk=hit.pk)
    if hit is None:
        found = queries.found_patients(text, day_in(text)).patients
        hit = found[0] if len(found) == 1 else None
    if hit is not None:
        return redirect("patient-detail", pk=hit.pk)
    return redirect(f"{reverse('patients')}?search={search_session.keep(request, text)}")
