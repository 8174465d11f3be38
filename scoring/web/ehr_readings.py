"""Where a reading of a FHIR server is kept until its form is saved: in the database, for its user.

Not in the session: a form that was left is opened again in a later one.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from scoring import actions, queries
from scoring.entry.ids import uuid_in
from scoring.entry.read_result import ResultOfServer
from scoring.fhir.chart_kept import as_json, from_json
from scoring.forms import AssessmentForm
from scoring.http.actor import actor, log
from scoring.models import AuditEvent, Patient, Right
from scoring.web.ehr import FIELD, Reading
from scoring.web.gate import needs


def keep(request: HttpRequest, reading: Reading) -> str:
    """Keep it; the token that the form carries."""
    return actions.keep_reading(owner=actor(request), content=as_json(reading)).hex


def log_reading(
    request: HttpRequest,
    reading: Reading,
    patient: Patient | None,
    *,
    launch: str,
    answer: str = "",
) -> None:
    """A line for what was read and offered; ``launch``: "ehr", "standalone", or "card".

    ``answer`` is what the server said where results could not be read.
    """
    detail: dict[str, object] = {
        "server": reading.server,
        "launch": launch,
        "hospital_number": "" if patient else reading.identity.number,
        "offered": [one.field for one in reading.results],
        "not_offered": [one.predictor.field for one in reading.problems if one.predictor],
        "trouble": reading.trouble,
        **({"answer": answer} if answer else {}),
    }
    log(request, AuditEvent.Action.SMART_READ, patient=patient, detail=detail)


def forget(request: HttpRequest) -> None:
    """The form of a reading was saved."""
    token = uuid_in(request.POST.get(FIELD, ""))
    if token is not None:
        actions.forget_reading(owner=actor(request), token=token)


def reading_of(request: HttpRequest, typed: QueryDict | None = None) -> Reading | None:
    """The reading that the form of this request belongs to; ``typed`` is a form that was kept."""
    if typed is not None:
        request.ehr_token = typed.get(FIELD, "")  # type: ignore[attr-defined]
    named = request.POST.get(FIELD, request.GET.get(FIELD, ""))
    name = getattr(request, "ehr_token", named)
    known: dict[str, Reading | None] = request.__dict__.setdefault("ehr_readings", {})
    if name not in known:
        known[name] = _found(request, name)
    return known[name]


def _found(request: HttpRequest, name: str) -> Reading | None:
    token = uuid_in(name)
    kept = None if token is None else queries.reading(actor(request), token)
    return None if kept is None else Reading.of(from_json(kept.content), kept.token.hex)


def taken(request: HttpRequest, form: AssessmentForm) -> dict[str, int | ResultOfServer]:
    """What the values of a form were taken from: results of laboratories, or of the reading."""
    reading = reading_of(request)
    read = reading.taken(form.taken_from_ehr) if reading else {}
    return {**form.taken, **read}


def warn_if_lost(request: HttpRequest) -> None:
    """Say where the address names a reading that is not kept any more, or not for this user."""
    if request.GET.get(FIELD) and reading_of(request) is None:
        text = _("What was read from the FHIR server is no longer kept. Read it again.")
        messages.warning(request, text)


@require_GET
@needs(Right.ASSESS)
def ehr_card(request: HttpRequest, token: UUID) -> HttpResponse:
    """The form with what a card of CDS Hooks offers; from now on it is this user's."""
    kept = actions.open_reading(by=actor(request), token=token)
    if kept is not None:
        reading = Reading.of(from_json(kept.content))
        log_reading(request, reading, reading.on_record, launch="card")
    return redirect(f"{reverse('assessment-new')}?{urlencode({FIELD: token.hex})}")
