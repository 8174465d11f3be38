"""What the OpenAPI document says of records: every column that the answers have."""

from collections.abc import Collection

from django.db import models
from django.db.models import Model

from scoring.api.conditions import KEY_PARAMETER, MATCH_PARAMETER
from scoring.api.described import Schema, a_list, an_object, answers, or_null
from scoring.models import (
    Assessment,
    LaboratorySource,
    MessageKind,
    Outcome,
    Patient,
    PatientCorrection,
    RecalibratedRisk,
    User,
    Ward,
)
from scoring.report.assessment_json import LEFT_OUT
from scoring.report.patient_copy import json_file

_TEXT: Schema = {"type": "string"}
_KINDS: dict[type[models.Field], Schema] = {  # type: ignore[type-arg]
    models.BooleanField: {"type": "boolean"},
    models.DateTimeField: {"type": "string", "format": "date-time"},
    models.DateField: {"type": "string", "format": "date"},
    models.IntegerField: {"type": "integer"},
    models.FloatField: {"type": "number"},
    models.DecimalField: {"type": "number"},
    models.UUIDField: {"type": "string", "format": "uuid"},
    models.JSONField: {"type": "array", "items": {"type": "object"}},
}


def _columns(model: type[Model], *, but: Collection[str] = ()) -> Schema:
    """The columns that ``json_file.columns`` gives."""
    left_out = {*json_file.LEFT_OUT[model], *but}
    return {
        field.name: _schema_of(field)
        for field in model._meta.concrete_fields
        if field.name not in left_out
    }


def _schema_of(field: models.Field) -> Schema:  # type: ignore[type-arg]
    if isinstance(field, models.ForeignKey):
        is_named = field.related_model in {User, Ward}
        schema = _TEXT if is_named else {"type": "string", "format": "uuid"}
    else:
        kinds = (schema for kind, schema in _KINDS.items() if isinstance(field, kind))
        schema = next(kinds, _TEXT)
    return or_null(schema) if field.null else schema


# A value that was taken from another system: of a laboratory's message, or a FHIR server.
_TAKEN = an_object(
    _columns(LaboratorySource)
    | {
        "kind": {"enum": MessageKind.values},
        "value_text": _TEXT,
        "unit": _TEXT,
        "taken_on": or_null({"type": "string", "format": "date"}),
        "taken_at": or_null({"type": "string", "format": "date-time"}),
        "device": _TEXT,
        "status": _TEXT,
        "sender": _TEXT,
        "facility": _TEXT,
        "control_id": _TEXT,
        "received_at": {"type": "string", "format": "date-time"},
    }
)
_RECALIBRATED = an_object(_columns(RecalibratedRisk) | {"recalibration": {"type": "integer"}})
ASSESSMENT = an_object(
    {
        "format": _TEXT,
        "format_version": {"type": "integer"},
        "ward": _TEXT,
        "report_number": _TEXT,
        "patient": an_object(_columns(Patient, but=LEFT_OUT)),
        "version": an_object(
            _columns(Assessment, but=LEFT_OUT)
            | {
                "is_current": {"type": "boolean"},
                "recalibrated": or_null(_RECALIBRATED),
                "laboratory": a_list(_TAKEN),
            }
        ),
        "current_id": {"type": "string", "format": "uuid"},
    }
)
OUTCOME = an_object(_columns(Outcome, but=LEFT_OUT))
OUTCOMES = an_object({"outcomes": a_list(OUTCOME)})
FOUND = an_object(
    {
        "assessments": a_list(ASSESSMENT),
        "found": {"type": "integer"},
        "is_more": {"type": "boolean"},
        "older": or_null(_TEXT),
    }
)
PATIENT = an_object(
    {
        "patient": an_object(_columns(Patient, but=LEFT_OUT)),
        "corrections": a_list(an_object(_columns(PatientCorrection, but=LEFT_OUT))),
    }
)
WARD = an_object({"ward": or_null(_TEXT)})

# What can be asked next about the version that was made, and about its patient.
_OF_VERSION = (
    *("readAssessment", "printReport", "printPatientSheet", "amendAssessment"),
    *("completeAssessment", "postponeOperation", "recordNoRadiograph", "cancelOperation"),
    *("resumeAssessment", "voidAssessment", "reinstateAssessment", "undoChange"),
    *("readOutcomes", "recordOutcomeDay3", "recordOutcomeDay30"),
)
_OF_PATIENT = ("readPatient", "correctPatient")
_NEXT = {
    operation: {"operationId": operation, "parameters": {"id": f"$response.body#/{whose}/id"}}
    for whose, operations in (("version", _OF_VERSION), ("patient", _OF_PATIENT))
    for operation in operations
}


def makes_version(*, matches: bool = True, has_body: bool = True) -> Schema:
    """What an operation takes and answers that adds a version."""
    statuses = [400, 409, 422, *((404, 412, 428) if matches else ())]
    parameters = [KEY_PARAMETER, *([MATCH_PARAMETER] if matches else [])]
    made = answers(201, ASSESSMENT, *statuses, has_body=has_body, links=_NEXT)
    return made | {"parameters": parameters}
