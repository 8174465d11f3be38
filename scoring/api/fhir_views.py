"""The FHIR server: what can be read, searched and asked for."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from scoring import queries
from scoring.api import fhir_search
from scoring.api.authentication import authenticated
from scoring.api.public import public_address
from scoring.fhir.bundle import searchset
from scoring.fhir.capability import SEARCHES, capability_statement, score_operation
from scoring.fhir.document_reference import document_resource
from scoring.fhir.identity import Site, patient_resource
from scoring.fhir.observation import known_predictors, observation_resource
from scoring.fhir.questionnaire import code_system, questionnaire
from scoring.fhir.resource import MEDIA_TYPE, Resource, read
from scoring.fhir.risk_assessment import stored_risk_assessment
from scoring.fhir.score import RefusedError, score
from scoring.http.actor import log
from scoring.http.outcomes import resource_response
from scoring.http.printing import kept_paper, paper_without_foot
from scoring.http.problems import Problem
from scoring.models import Assessment, AuditEvent, PaperKind, Right
from scoring.models.codes import PaperSize
from scoring.models.readback import STORED_MODELS
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.strict_json import NotJsonError

Action = AuditEvent.Action
_TAKEN = {MEDIA_TYPE, "application/json"}


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
    return _read(stored_risk_assessment(found, site_of(request)), found)


@_for_readers
def observation(
    request: HttpRequest, pk: UUID, name: str, version: int | None = None
) -> HttpResponse:
    """What a version says of one predictor."""
    found = _version(request, pk, version)
    for predictor in known_predictors(found):
        made = observation_resource(found, predictor)
        if made["id"] == f"{pk}.{name}":
            return _read(made, found)
    raise Http404


@_for_readers
def patient(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A patient."""
    found = queries.exchanged_patients(pks=frozenset({pk}))
    if not found:
        raise Http404
    log(request, Action.PATIENT_VIEWED, patient=found[0], detail={"fhir": "Patient"})
    return resource_response(patient_resource(found[0], site_of(request)))


@_for_readers
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report of a version; its PDF is made where it is not kept, to tell size and hash."""
    found = _report(request, pk, Action.ASSESSMENT_VIEWED)
    pdf = _pdf(found) if found.is_current else None
    return _read(document_resource(found, site_of(request), pdf), found)


@_for_readers
def binary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report of a version as PDF, without the foot that a print gets."""
    found = _report(request, pk, Action.REPORT_PRINTED)
    return HttpResponse(_pdf(found), content_type="application/pdf")


@_for_readers
def risks(request: HttpRequest) -> HttpResponse:
    """A search for assessments."""
    site = site_of(request)
    return _searched(request, "RiskAssessment", lambda one: [stored_risk_assessment(one, site)])


@_for_readers
def observations(request: HttpRequest) -> HttpResponse:
    """A search for values: those of each assessment stand on one page."""
    return _searched(
        request,
        "Observation",
        lambda one: [observation_resource(one, of) for of in known_predictors(one)],
        each=len(RONG_2025.predictors),
    )


@_for_readers
def documents(request: HttpRequest) -> HttpResponse:
    """A search for reports, also of replaced versions."""
    site, ward = site_of(request), queries.ward_settings()

    def made(one: Assessment) -> list[Resource]:
        pdf = kept_paper(PaperKind.REPORT, one, ward=ward, size=PaperSize(ward.paper))
        return [document_resource(one, site, pdf)]

    return _searched(request, "DocumentReference", made)


@_for_readers
def patients(request: HttpRequest) -> HttpResponse:
    """A search for patients by hospital number or id."""
    site, names = site_of(request), SEARCHES["Patient"]
    fhir_search.check_names(request, names)
    numbers = fhir_search.identifiers(request, "identifier", site.hospital_numbers)
    pks = fhir_search.ids(fhir_search.identifiers(request, "_id", ""))
    if numbers is None and pks is None:
        raise Problem(400, "parameter", _("Search for patients by identifier or _id."))
    found = queries.exchanged_patients(pks=pks, numbers=fhir_search.hospital_numbers(numbers))
    _log_search(request, Action.PATIENTS_SEARCHED, "Patient", len(found))
    for one in found:
        log(request, Action.PATIENT_VIEWED, patient=one, detail={"fhir": "Patient"})
    links = fhir_search.pages(request, f"{site.base}/Patient", None)
    resources = [patient_resource(one, site) for one in found]
    return resource_response(searchset(resources, site, links=links, total=len(found)))


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


def _searched(
    request: HttpRequest,
    kind: str,
    made: Callable[[Assessment], Iterable[Resource]],
    *,
    each: int = 1,
) -> HttpResponse:
    """A page of resources, ``each`` of one version at most."""
    site = site_of(request)
    asked = fhir_search.search(request, site, kind, SEARCHES[kind])
    found = queries.exchanged(asked.asked, size=max(1, asked.size // each), before=asked.before)
    counted = queries.count_exchanged(asked.asked)
    _log_search(request, Action.HISTORY_SEARCHED, kind, counted.count)
    resources: list[Resource] = []
    for one in found.rows:
        log(request, Action.ASSESSMENT_VIEWED, assessment=one, detail={"fhir": kind})
        resources += made(one)
    links = fhir_search.pages(request, f"{site.base}/{kind}", found.older)
    # Of a version there are as many resources as it has values.
    total = None if counted.is_more or each > 1 else counted.count
    return resource_response(searchset(resources, site, links=links, total=total))


def _log_search(request: HttpRequest, action: AuditEvent.Action, kind: str, found: int) -> None:
    """A line for the search itself: also one that finds nobody tells who was looked for."""
    detail = {"fhir": kind, **fhir_search.sought(request), "found": found}
    log(request, action, detail=detail)


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


def _read(resource: Resource, of: Assessment) -> HttpResponse:
    return resource_response(
        resource,
        ETag=f'W/"{resource["meta"]["versionId"]}"',
        Last_Modified=http_date(of.created_at.timestamp()),
    )
