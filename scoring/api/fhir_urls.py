"""The addresses of the FHIR server, below /fhir/, and of CDS Hooks, below /cds-services."""

from django.urls import path

from scoring.api import cds_hooks, fhir_searches
from scoring.api import fhir_views as views

_DEFINITIONS = ("Questionnaire", "CodeSystem", "OperationDefinition")

_SEARCHES = {
    "RiskAssessment": fhir_searches.risks,
    "Observation": fhir_searches.observations,
    "Patient": fhir_searches.patients,
    "DocumentReference": fhir_searches.documents,
    "Provenance": fhir_searches.provenances,
}

urlpatterns = [
    path("fhir/metadata", views.metadata),
    *(path(f"fhir/{one}/<str:name>", views.definition, {"kind": one}) for one in _DEFINITIONS),
    *(path(f"fhir/{kind}", view) for kind, view in _SEARCHES.items()),
    *(path(f"fhir/{kind}/_search", view, {"by_post": True}) for kind, view in _SEARCHES.items()),
    path("fhir/RiskAssessment/$score", views.score_values),
    path("fhir/RiskAssessment/<uuid:pk>", views.risk),
    path("fhir/RiskAssessment/<uuid:pk>/_history/<int:version>", views.risk),
    path("fhir/Observation/<uuid:pk>.<slug:name>", views.observation),
    path("fhir/Observation/<uuid:pk>.<slug:name>/_history/<int:version>", views.observation),
    path(
        "fhir/Observation/<uuid:pk>.<slug:name>/_history/<int:version>.<int:of>",
        views.outcome_version,
    ),
    path("fhir/Patient/<uuid:pk>", views.patient),
    path("fhir/DocumentReference/<uuid:pk>", views.document),
    path("fhir/Provenance/<uuid:pk>", views.provenance),
    path("fhir/Binary/<uuid:pk>", views.binary),
    path("cds-services", cds_hooks.discovery),
    path("cds-services/<str:name>", cds_hooks.service),
    path("cds-services/<str:name>/feedback", cds_hooks.feedback),
]
