"""Patients: looked up by hospital number, and their page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from scoring import queries
from scoring.models import AuditEvent, Patient
from scoring.web.access import log, of_patient
from scoring.web.forms import PatientForm

Action = AuditEvent.Action


@require_POST
def patient_lookup(request: HttpRequest) -> HttpResponse:
    """Who a hospital number belongs to, in full, before anything else is entered."""
    patient = queries.patient_by_number(request.POST.get("hospital_number", ""))
    if patient is not None:
        log(request, Action.PATIENT_LOOKED_UP, patient=patient)
    typed = {name: request.POST.get(name) for name in PatientForm.base_fields}
    context = {"patient": patient, "patient_form": PatientForm(initial=typed)}
    response = render(request, "scoring/patient_identity.html", context)
    return trigger_client_event(response, "identity-changed", after="settle")


@require_GET
@of_patient(Action.PATIENT_VIEWED)
def patient_detail(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Every assessment of one patient, newest first, versions under the current one."""
    context = {"patient": patient, "chains": queries.patient_chains(patient)}
    return render(request, "scoring/patient_detail.html", context)
