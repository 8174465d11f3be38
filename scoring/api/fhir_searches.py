"""The searches of the FHIR server: page by page, with GET, or with POST where no address tells."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from scoring import queries
from scoring.api import fhir_search
from scoring.api.authentication import authenticated
from scoring.api.fhir_views import site_of
from scoring.fhir.bundle import searchset
from scoring.fhir.capability import SEARCHES
from scoring.fhir.document_reference import document_resource
from scoring.fhir.identity import patient_resource
from scoring.fhir.observation import known_predictors, observation_resource
from scoring.fhir.outcome_observation import outcome_observation
from scoring.fhir.provenance import provenance_resource
from scoring.fhir.resource import Resource
from scoring.fhir.risk_assessment import stored_risk_assessment
from scoring.http.actor import log
from scoring.http.outcomes import resource_response
from scoring.http.printing import kept_paper
from scoring.models import Assessment, AuditEvent, Outcome, PaperKind, Right
from scoring.models.codes import PaperSize, TimePoint
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries.keyset import Hits, ListPage

Action = AuditEvent.Action
# Of one assessment.
_MOST_VALUES = len(RONG_2025.predictors) + len(TimePoint)
Row = TypeVar("Row", Assessment, Assessment | Outcome)


def _for_searchers(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """For applications whose role may see patients; POST has an address of its own."""

    def searching(request: HttpRequest, *, by_post: bool = False) -> HttpResponse:
        method = "POST" if by_post else "GET"
        if request.method != method:
            return HttpResponseNotAllowed([method])
        authenticated(request, Right.SEE_PATIENTS)
        if by_post:
            fhir_search.take_form(request)
        return view(request)

    return searching


@_for_searchers
def risks(request: HttpRequest) -> HttpResponse:
    """A search for assessments."""
    site = site_of(request)
    return _searched(request, "RiskAssessment", lambda one: [stored_risk_assessment(one, site)])


@_for_searchers
def observations(request: HttpRequest) -> HttpResponse:
    """A search for values: those of each assessment stand on one page."""
    asked = fhir_search.search(request, site_of(request), "Observation", SEARCHES["Observation"])
    size = max(1, asked.size // _MOST_VALUES)
    found, counted = queries.exchanged_values(asked.asked, size=size, before=asked.before)
    earlier = queries.earlier_outcomes(found.rows)

    def made(row: Assessment | Outcome) -> list[Resource]:
        if isinstance(row, Outcome):
            return [outcome_observation(row, row.chain.current)]
        values = [observation_resource(row, of) for of in known_predictors(row)]
        return values + [outcome_observation(one, row) for one in earlier.get(row.pk, [])]

    return _page(request, "Observation", asked, found, counted, made, is_counted=False)


@_for_searchers
def provenances(request: HttpRequest) -> HttpResponse:
    """A search for who made versions, also replaced ones."""
    return _searched(
        request, "Provenance", lambda one: [provenance_resource(one)], prepare=queries.with_makers
    )


@_for_searchers
def documents(request: HttpRequest) -> HttpResponse:
    """A search for reports, also of replaced versions."""
    site, ward = site_of(request), queries.ward_settings()

    def made(one: Assessment) -> list[Resource]:
        pdf = kept_paper(PaperKind.REPORT, one, ward=ward, size=PaperSize(ward.paper))
        return [document_resource(one, site, pdf)]

    return _searched(request, "DocumentReference", made)


@_for_searchers
def patients(request: HttpRequest) -> HttpResponse:
    """A search for patients by hospital number or id."""
    site = site_of(request)
    pks, numbers = fhir_search.patients(request, site, SEARCHES["Patient"])
    found = queries.exchanged_patients(pks=pks, numbers=numbers)
    shown, links = fhir_search.page_of_patients(request, f"{site.base}/Patient", found)
    _log_search(request, Action.PATIENTS_SEARCHED, "Patient", len(found))
    for one in shown:
        log(request, Action.PATIENT_VIEWED, patient=one, detail={"fhir": "Patient"})
    resources = [patient_resource(one, site) for one in shown]
    return resource_response(searchset(resources, site, links=links, total=len(found)))


def _searched(
    request: HttpRequest,
    kind: str,
    made: Callable[[Assessment], Iterable[Resource]],
    *,
    prepare: Callable[[Sequence[Assessment]], object] = list,
) -> HttpResponse:
    """A page of resources, one of each version; ``prepare`` reads what all of them need."""
    asked = fhir_search.search(request, site_of(request), kind, SEARCHES[kind])
    found = queries.exchanged(asked.asked, size=asked.size, before=asked.before)
    prepare(found.rows)
    counted = queries.count_exchanged(asked.asked)
    return _page(request, kind, asked, found, counted, made)


def _page(
    request: HttpRequest,
    kind: str,
    asked: fhir_search.Search,
    found: ListPage[Row],
    counted: Hits,
    made: Callable[[Row], Iterable[Resource]],
    *,
    is_counted: bool = True,
) -> HttpResponse:
    """``is_counted``: there are as many resources as rows."""
    site = site_of(request)
    _log_search(request, Action.HISTORY_SEARCHED, kind, counted.count)
    resources: list[Resource] = []
    for one in found.rows:
        of = one.chain.current if isinstance(one, Outcome) else one
        log(request, Action.ASSESSMENT_VIEWED, assessment=of, detail={"fhir": kind})
        resources += made(one)
    end = asked.skip + asked.size
    left = end if end < len(resources) else 0
    links = fhir_search.pages(request, f"{site.base}/{kind}", found.older, skip=left)
    total = counted.count if is_counted and not counted.is_more else None
    shown = resources[asked.skip : end]
    return resource_response(searchset(shown, site, links=links, total=total))


def _log_search(request: HttpRequest, action: AuditEvent.Action, kind: str, found: int) -> None:
    """A line for the search itself: also one that finds nobody tells who was looked for."""
    detail = {"fhir": kind, **fhir_search.sought(request), "found": found}
    log(request, action, detail=detail)
