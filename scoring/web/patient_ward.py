"""Whose patient somebody is: opened from another ward with a reason, and moved between wards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.forms.links import error_links
from scoring.forms.patient_ward import MoveForm, OpenForm
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import AuditEvent, Patient, Right
from scoring.web.access import next_page, of_patient
from scoring.web.gate import needs
from scoring.web.need_to_know import OPEN_FOR, open_for_session


@get_or_post
@needs(Right.SEE_PATIENTS)
def patient_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why a patient of another ward is opened; the page itself tells nothing of the patient."""
    patient = get_object_or_404(Patient, pk=pk)
    after = next_page(request, reverse("patient-detail", args=[pk]))
    if queries.is_seen(patient):
        return HttpResponseRedirect(after)
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.open_patient(
            by=actor(request),
            patient=patient,
            reason=form.cleaned_data["reason"],
            origin=origin(request),
        )
        open_for_session(request, patient)
        return HttpResponseRedirect(after)
    hours = OPEN_FOR.total_seconds() / 3600
    context = {"form": form, "errors": error_links(form), "hours": round(hours), "next": after}
    status = 422 if form.errors else 200
    return render(request, "scoring/patient_open.html", context, status=status)


@get_or_post
@of_patient(Right.ASSESS, AuditEvent.Action.PATIENT_VIEWED)
def patient_ward(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Move a patient to another ward, with a reason."""
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(sent, initial={"ward": patient.ward_id})
    if form.is_valid():
        moved = actions.move_patient(
            by=actor(request), patient=patient, origin=origin(request), **form.cleaned_data
        )
        messages.success(request, _("Saved."))
        if queries.is_seen(moved):
            return redirect("patient-detail", pk=patient.pk)
        return redirect("worklist")
    context = {
        "form": form,
        "errors": error_links(form),
        "patient": patient,
        "age_years": patient.age_on(timezone.localdate()),
    }
    status = 422 if form.errors else 200
    return render(request, "scoring/patient_ward.html", context, status=status)
