"""The FHIR server: what can be read, searched and asked for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from scoring import queries
from scoring.api.authentication import authenticated
from scoring.api.fhir_formats import names_fhir
from scoring.api.public import public_address
from scoring.fhir.capability import capability_statement, score_operation
from scoring.fhir.codes import vas_code
from scoring.fhir.document_reference import binary_resource, document_resource
from scoring.fhir.identity import Site, patient_resource
from scoring.fhir.observation import known_predictors, observation_resource
from scoring.fhir.outcome_observation import outcome_observation
from scoring.fhir.provenance import provenance_resource
from scoring.fhir.questionnaire import code_system, questionnaire
from scoring.fhir.resource import MEDIA_TYPE, Resource, read
from scoring.fhir.risk_assessment import stored_risk_assessment
from scoring.fhir.score import RefusedError, score
from scoring.http.actor import log
from scoring.http.outcomes import resource_response
from scoring.http.printing import paper_without_foot
from scoring.http.problems import Problem
from scoring.models import Assessment, AuditEvent, PaperKind, Right
from scoring.models.codes import PaperSize, TimePoint
from scoring.models.readback import STORED_MODELS
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.strict_json import NotJsonError

Action = AuditEvent.Action
_TAKEN = {MEDIA_TYPE, "application/json"}
_TIME_POINTS = {vas_code(one): one for one in TimePoint}


def site_of(request: HttpRequest) -> Site:
    """The site as the request names it, or as the settings do."""
    return Site(public_address(request, "/fhir"))


def _for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For applications whose role may see patients."""

    @require_GET
    def reading(request: HttpRequest, **named: Any) -> HttpResponse:
        authenticated(request, Right.SEE_PATIENTS)
        return view(request, **named)

    return reading


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """What the site can do; public, as it tells nothing about patients."""
    return resource_response(capability_statement(site_of(request).base))


@require_GET
def definition(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """The form, our codes, the operation; public, too."""
    base = site_of(request).base
    made = {
        "Questionnaire": lambda: questionnaire(RONG_2025, base),
        "CodeSystem": lambda: code_system(STORED_MODELS),
        "OperationDefinition": lambda: score_operation(base),
    }[kind]()
    if made["id"] != name:
        raise Http404
    return resource_response(made)


@_for_readers
def risk(request: HttpRequest, pk: UUID, version: int | None = None) -> HttpResponse:
    """An assessment: the current version, or the one that is named."""
    found = _version(request, pk, version)
    return _read(stored_risk_assessment(found, site_of(request)))


@_for_readers
def observation(
    request: HttpRequest, pk: UUID, name: str, version: int | None = None
) -> HttpResponse:
    """What a version says of one predictor, or what became of the patient."""
    if version is None and name in _TIME_POINTS:
        return _outcome(request, pk, name, None)
    found = _version(request, pk, version)
    for predictor in known_predictors(found):
        made = observation_resource(found, predictor)
        if made["id"] == f"{pk}.{name}":
            return _read(made)
    raise Http404


@_for_readers
def outcome_version(
    request: HttpRequest, pk: UUID, name: str, version: int, of: int
) -> HttpResponse:
    """What became of the patient, as it stood beside a version of the assessment."""
    if name not in _TIME_POINTS:
        raise Http404
    return _outcome(request, pk, name, (version, of))


def _outcome(
    request: HttpRequest, pk: UUID, name: str, versions: tuple[int, int] | None
) -> HttpResponse:
    found = queries.exchanged_outcome(pk, _TIME_POINTS[name], versions)
    if found is None:
        raise Http404
    outcome, of = found
    log(request, Action.ASSESSMENT_VIEWED, assessment=of, detail={"fhir": "read"})
    return _read(outcome_observation(outcome, of))


@_for_readers
def provenance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who made a version, when, and from what."""
    found = _report(request, pk, Action.ASSESSMENT_VIEWED)
    return _read(provenance_resource(found))


@_for_readers
def patient(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A patient."""
    found = queries.exchanged_patients(pks=frozenset({pk}))
    if not found:
        raise Http404
    log(request, Action.PATIENT_VIEWED, patient=found[0], detail={"fhir": "Patient"})
    return _read(patient_resource(found[0], site_of(request)))


@_for_readers
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report of a version; its PDF is made where it is not kept, to tell size and hash."""
    found = _report(request, pk, Action.ASSESSMENT_VIEWED)
    pdf = _pdf(found) if found.is_current else None
    return resource_response(document_resource(found, site_of(request), pdf))


@_for_readers
def binary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report of a version as PDF, without the foot that a print gets."""
    found = _report(request, pk, Action.REPORT_PRINTED)
    pdf = _pdf(found)
    if names_fhir(request):
        return resource_response(binary_resource(found, pdf))
    return HttpResponse(pdf, content_type="application/pdf")


@require_POST
def score_values(request: HttpRequest) -> HttpResponse:
    """$score: for every application; nothing is kept, and nothing of the record is shown."""
    authenticated(request)
    queries.ward_settings().activate_time_zone()
    if request.content_type not in _TAKEN:
        said = _("Send FHIR R4 as JSON, with “Content-Type: application/fhir+json”.")
        raise Problem(415, "content_type", said, headers={"Accept-Post": MEDIA_TYPE})
    try:
        return resource_response(score(read(request.body), timezone.localtime()))
    except NotJsonError as error:
        raise Problem(400, "not_json", _("The request is not JSON, or has a key twice.")) from error
    except RefusedError as refused:
        return resource_response(refused.outcome, status=422 if refused.is_sound else 400)


def _version(request: HttpRequest, chain: UUID, version: int | None) -> Assessment:
    found = queries.exchanged_version(chain, version)
    if found is None:
        raise Http404
    log(request, Action.ASSESSMENT_VIEWED, assessment=found, detail={"fhir": "read"})
    return found


def _report(request: HttpRequest, pk: UUID, action: AuditEvent.Action) -> Assessment:
    found = queries.exchanged_report(pk)
    if found is None:
        raise Http404
    log(request, action, assessment=found, detail={"fhir": "read"})
    return found


def _pdf(assessment: Assessment) -> bytes:
    ward = queries.ward_settings()
    return paper_without_foot(PaperKind.REPORT, assessment, ward=ward, size=PaperSize(ward.paper))


def _read(resource: Resource) -> HttpResponse:
    """A resource that has versions."""
    meta = resource["meta"]
    changed_at = datetime.fromisoformat(meta["lastUpdated"])
    return resource_response(
        resource,
        ETag=f'W/"{meta["versionId"]}"',
        Last_Modified=http_date(changed_at.timestamp()),
    )
