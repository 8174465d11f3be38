"""The addresses of the FHIR server, below /fhir/, and of CDS Hooks, below /cds-services."""

from django.urls import path

from scoring.api import cds_hooks
from scoring.api import fhir_views as views

_DEFINITIONS = ("Questionnaire", "CodeSystem", "OperationDefinition")

urlpatterns = [
    path("fhir/metadata", views.metadata),
    *(path(f"fhir/{one}/<str:name>", views.definition, {"kind": one}) for one in _DEFINITIONS),
    path("fhir/RiskAssessment", views.risks),
    path("fhir/RiskAssessment/$score", views.score_values),
    path("fhir/RiskAssessment/<uuid:pk>", views.risk),
    path("fhir/RiskAssessment/<uuid:pk>/_history/<int:version>", views.risk),
    path("fhir/Observation", views.observations),
    path("fhir/Observation/<uuid:pk>.<slug:name>", views.observation),
    path("fhir/Observation/<uuid:pk>.<slug:name>/_history/<int:version>", views.observation),
    path("fhir/Patient", views.patients),
    path("fhir/Patient/<uuid:pk>", views.patient),
    path("fhir/DocumentReference", views.documents),
    path("fhir/DocumentReference/<uuid:pk>", views.document),
    path("fhir/Binary/<uuid:pk>", views.binary),
    path("cds-services", cds_hooks.discovery),
    path("cds-services/<str:name>", cds_hooks.service),
    path("cds-services/<str:name>/feedback", cds_hooks.feedback),
]
