"""Where a card of CDS Hooks leads: to the form with the values offered, as far as that can be done.

No address holds a hospital number or a value.
"""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from scoring import actions, queries
from scoring.api.cds_calls import Call
from scoring.api.cds_tokens import CdsClient
from scoring.api.public import public_address
from scoring.fhir.cards import Link
from scoring.fhir.chart import chart_reading
from scoring.fhir.chart_kept import as_json
from scoring.fhir.resource import Resource
from scoring.fhir.sent_patient import sent_identity
from scoring.http.actor import origin
from scoring.models import AuditEvent
from scoring.smart.addresses import is_safe
from scoring.smart.authorization import app_context


def card_link(
    request: HttpRequest,
    client: CdsClient,
    asked: Call,
    patient: Resource,
    results: list[Resource],
) -> Link:
    """A launch where the client's server is one of SMART; else what was fetched, to be offered.

    Where the client says neither hospital numbers nor a server, the form without values.
    """
    if asked.server in {one.issuer for one in settings.SMART_SERVERS}:
        url = public_address(request, reverse("smart-launch"))
        return Link(url, app_context(asked.patient))
    kept = _kept(client, asked, patient, results)
    return Link(public_address(request, kept) if kept else _form(request, client, patient))


def _kept(client: CdsClient, asked: Call, patient: Resource, results: list[Resource]) -> str:
    """The address at which one user opens what is offered, once; "" where nothing can be."""
    base = asked.server or client.issuer
    if not client.hospital_numbers or not is_safe(base):
        return ""
    read = chart_reading(
        client.name,
        base,
        client.hospital_numbers,
        patient | {"id": asked.patient},
        results,
        today=timezone.localdate(),
    )
    if not read.identity.number or not read.results:
        return ""
    return reverse("ehr-card", args=[actions.keep_reading(owner=None, content=as_json(read))])


def _form(request: HttpRequest, client: CdsClient, patient: Resource) -> str:
    """The form for a new assessment, of this patient where the number is on record."""
    address = public_address(request, reverse("assessment-new"))
    system = client.hospital_numbers
    number = sent_identity(patient, system).number if system else ""
    found = queries.patient_by_number(number)
    if found is None:
        return address
    actions.log_event(
        by=None,
        action=AuditEvent.Action.PATIENT_LOOKED_UP,
        origin=origin(request),
        patient=found,
        detail={"issuer": client.issuer},
    )
    return f"{address}?patient={found.pk}"
