"""The resources of everything on record, of the site itself, and of answers of $score."""

from collections.abc import Iterator

from django.utils import timezone, translation

from scoring import queries
from scoring.fhir.bundle import searchset, version_bundle
from scoring.fhir.capability import capability_statement, score_operation
from scoring.fhir.document_reference import document_resource
from scoring.fhir.identity import Site, patient_resource
from scoring.fhir.observation import known_predictors, observation_resource
from scoring.fhir.outcome_observation import outcome_observation
from scoring.fhir.provenance import provenance_resource
from scoring.fhir.questionnaire import code_system, questionnaire
from scoring.fhir.resource import Resource
from scoring.fhir.risk_assessment import stored_risk_assessment
from scoring.fhir.score import RefusedError, score
from scoring.models import Assessment
from scoring.models.readback import STORED_MODELS
from scoring.nomogram.rong2025.model import RONG_2025

_SITE = Site("https://rbp.hospital.example/fhir")


def resources() -> Iterator[Resource]:
    """In both languages what describes the site; of each version everything about it."""
    for language in ("en", "zh-hans"):
        with translation.override(language):
            yield questionnaire(RONG_2025, _SITE.base)
            yield code_system(STORED_MODELS)
            yield capability_statement(_SITE.base)
            yield score_operation(_SITE.base)
    for place, version in enumerate(queries.whole_assessments().order_by("created_at", "id")):
        with translation.override(("en", "zh-hans")[place % 2]):
            yield from _of_version(version)
            yield _scored(version)


def _of_version(version: Assessment) -> Iterator[Resource]:
    risk = stored_risk_assessment(version, _SITE)
    yield risk
    yield patient_resource(version.patient, _SITE)
    yield document_resource(version, _SITE, b"%PDF-1.7")
    for predictor in known_predictors(version):
        yield observation_resource(version, predictor)
    yield provenance_resource(version)
    for outcome in version.chain.outcomes.order_by("time_point", "version"):
        yield outcome_observation(outcome, outcome.chain.current)
    yield version_bundle(version, _SITE)
    yield searchset([risk], _SITE, links={"self": f"{_SITE.base}/RiskAssessment"}, total=1)


def _scored(version: Assessment) -> Resource:
    """What $score answers to the resources of the version: a risk, or why there is none."""
    known = [observation_resource(version, one) for one in known_predictors(version)]
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "inputs",
                "resource": {
                    "resourceType": "Bundle",
                    "type": "collection",
                    "entry": [
                        {"fullUrl": _SITE.address(one), "resource": one}
                        for one in (patient_resource(version.patient, _SITE), *known)
                    ],
                },
            },
            {"name": "operationDate", "valueDate": version.operation_date.isoformat()},
        ],
    }
    try:
        return score(parameters, timezone.localtime())
    except RefusedError as refused:
        return refused.outcome
