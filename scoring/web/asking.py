"""Questions on a page: what was ticked, and a line in the access log for everybody they show."""

from collections.abc import Iterator

from django.http import HttpRequest

from scoring.forms.questions import FIELD, Question, unanswered
from scoring.http.actor import log
from scoring.models import AuditEvent


def asked(request: HttpRequest, questions: Iterator[Question]) -> list[Question]:
    """The questions with the ticks that were sent; none at all if each has its tick."""
    found = unanswered(questions, request.POST.getlist(FIELD))
    for question in found:
        if question.patient is not None:
            log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=question.patient)
    return found
