"""What the site can do, for programs: CapabilityStatement and OperationDefinition."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from scoring.fhir.resource import MEDIA_TYPE, Resource, without_empty

# Of each type: what can be done, and what can be searched by, with the kind of the parameter.
SEARCHES: Mapping[str, Mapping[str, str]] = {
    "RiskAssessment": {
        "_id": "token",
        "_lastUpdated": "date",
        "identifier": "token",
        "patient": "reference",
        "subject": "reference",
    },
    "Patient": {"_id": "token", "identifier": "token"},
    "Observation": {"_lastUpdated": "date", "patient": "reference", "subject": "reference"},
    "DocumentReference": {
        "_id": "token",
        "_lastUpdated": "date",
        "identifier": "token",
        "patient": "reference",
        "subject": "reference",
    },
    "Provenance": {"_id": "token", "_lastUpdated": "date", "target": "reference"},
}
# Old versions can be read; of DocumentReference none are told apart.
_VERSIONED = ("RiskAssessment", "Observation")
_UNVERSIONED = ("DocumentReference",)
_READ_ALONE = ("Questionnaire", "CodeSystem", "OperationDefinition", "Binary")
# The day of the latest change to what is offered.
_CHANGED_ON = "2026-12-01"


def capability_statement(base: str) -> Resource:
    """What can be read, searched and asked for."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base}/metadata",
        "version": settings.VERSION,
        "name": "RbpRisk",
        "title": _("Risk of residual back pain after PKP"),
        "status": "active",
        "date": _CHANGED_ON,
        "kind": "instance",
        "software": {"name": "RBP risk", "version": settings.VERSION},
        "implementation": {"description": "RBP risk", "url": base},
        "fhirVersion": "4.0.1",
        "format": [MEDIA_TYPE],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "cors": False,
                    "description": _("A token of an application, as bearer token."),
                },
                "resource": [
                    *(_searched(kind, names, base) for kind, names in SEARCHES.items()),
                    *({"type": kind, "interaction": [{"code": "read"}]} for kind in _READ_ALONE),
                ],
            }
        ],
    }


def _searched(kind: str, names: Mapping[str, str], base: str) -> Resource:
    can = ["read", *(["vread"] if kind in _VERSIONED else []), "search-type"]
    operation = {"name": "score", "definition": f"{base}/OperationDefinition/score"}
    return without_empty(
        {
            "type": kind,
            "interaction": [{"code": code} for code in can],
            "versioning": "no-version" if kind in _UNVERSIONED else "versioned",
            # What is read is logged and made anew each time: a 304 would save its transfer alone.
            "conditionalRead": "not-supported",
            "searchParam": [{"name": name, "type": of} for name, of in names.items()],
            "operation": [operation] if kind == "RiskAssessment" else [],
        }
    )


def score_operation(base: str) -> Resource:
    """The operation $score."""
    return {
        "resourceType": "OperationDefinition",
        "id": "score",
        "url": f"{base}/OperationDefinition/score",
        "version": settings.VERSION,
        "name": "Score",
        "title": _("Risk of residual back pain after PKP"),
        "status": "active",
        "kind": "operation",
        "date": _CHANGED_ON,
        "affectsState": False,
        "code": "score",
        "resource": ["RiskAssessment"],
        "system": False,
        "type": True,
        "instance": False,
        "parameter": [
            {
                "name": "inputs",
                "use": "in",
                "min": 1,
                "max": "1",
                "documentation": _(
                    "The Patient with a date of birth, and an Observation of each predictor. "
                    "Without the operation's date, the Bundle may be sent alone."
                ),
                "type": "Bundle",
            },
            {
                "name": "operationDate",
                "use": "in",
                "min": 0,
                "max": "1",
                "documentation": _("The day of the operation; without it today stands for it."),
                "type": "date",
            },
            {
                "name": "return",
                "use": "out",
                "min": 1,
                "max": "1",
                "documentation": _("The risk. It is not kept, so that it has no id."),
                "type": "RiskAssessment",
            },
        ],
    }
