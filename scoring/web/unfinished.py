"""The list of what a user has left unfinished: to go on with, or to discard."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from scoring import actions, queries
from scoring.forms.fields import day_in
from scoring.http.actor import actor, log, origin
from scoring.models import AuditEvent, Draft, Right
from scoring.models.patient import full_name
from scoring.report.rows import identity_text
from scoring.web import drafts
from scoring.web.gate import needs
from scoring.words.dates import born_text, clock_text, moment_text
from scoring.words.marks import parts

_TITLES = {
    "assessment-new": gettext_lazy("New assessment"),
    "assessment-amend": gettext_lazy("Correction of an assessment"),
    "assessment-complete": gettext_lazy("Completion after the radiograph"),
    "assessment-void": gettext_lazy("Void"),
    "assessment-reinstate": gettext_lazy("Undoing a void"),
    "assessment-no-radiograph": gettext_lazy("No radiograph"),
    "assessment-postpone": gettext_lazy("Operation postponed"),
    "assessment-cancel": gettext_lazy("Cancelled operation"),
    "assessment-resume": gettext_lazy("Back on the worklist"),
    "outcome-day-3": gettext_lazy("VAS of day 3"),
    "outcome-day-30": gettext_lazy("VAS of day 30"),
    "patient-correct": gettext_lazy("Correction of an identity"),
    "recalibration-detail": gettext_lazy("Recalibration"),
}


@dataclass(frozen=True)
class Unfinished:
    """One draft in words."""

    token: UUID
    address: str
    title: str
    # Hospital number and name, as far as they are typed or known; "" where it is about nobody.
    who: str
    when: str


def unfinished(request: HttpRequest) -> list[Unfinished]:
    """What the user has left unfinished in the form of this page, but for the one opened."""
    opened = request.GET.get("draft", "")
    found = queries.drafts_of(actor(request), request.path)
    offered = [draft for draft in found if draft.token.hex != opened]
    for patient in {draft.patient for draft in offered if draft.patient is not None}:
        # The page of an assessment has its line; that of a new one is about nobody yet.
        if request.path == reverse("assessment-new"):
            log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=patient)
    return [in_words(draft) for draft in offered]


def in_words(draft: Draft) -> Unfinished:
    """A draft for a list."""
    return Unfinished(
        draft.token,
        drafts.address_of(draft.address, draft.token),
        _title(draft),
        _who(draft),
        _when(draft.updated_at),
    )


def _title(draft: Draft) -> str:
    try:
        name = resolve(draft.address).url_name
    except Resolver404:
        name = None
    return str(_TITLES.get(name or "", _("Form")))


def _who(draft: Draft) -> str:
    patient = draft.patient
    if patient is not None:
        who = identity_text(patient.family_name, patient.given_name, patient.birth_date)
        return parts(patient.hospital_number, who)
    if draft.address != reverse("assessment-new"):
        return ""
    number, family, given, born = (
        " ".join(draft.fields.get(name, [""])[0].split())
        for name in ("hospital_number", "family_name", "given_name", "birth_date")
    )
    day = day_in(born)
    # What is not typed yet is left out: it is not "not known".
    named = full_name(family, given) if family or given else ""
    told = [number, named, born_text(day) if day else ""]
    return parts(*told) or _("patient not entered yet")


def _when(moment: datetime) -> str:
    """The time of day, of today; otherwise with its date."""
    is_today = timezone.localdate(moment) == timezone.localdate()
    return clock_text(moment) if is_today else moment_text(moment)


@require_POST
@needs(Right.ASSESS)
def draft_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one of the user's own drafts."""
    user = actor(request)
    draft = queries.draft(user, pk)
    if draft is None:
        raise Http404
    actions.discard_draft(by=user, draft=draft, origin=origin(request))
    messages.success(request, _("The unfinished form was discarded."))
    return redirect("worklist")
