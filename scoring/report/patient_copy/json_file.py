"""A patient's copy as JSON: every column of the patient's rows under its own name.

Columns are named with their unit, and so are the keys. Codes are those of the CSV export, numbers
are JSON numbers, risks lie from 0 to 1. Days are ISO 8601, moments too, in the ward's time with
its offset from UTC. A key never changes its meaning; one that is removed or renamed raises
``FORMAT_VERSION``.
"""

import json
from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Model

from scoring.models import (
    Assessment,
    AssessmentChain,
    AuditEvent,
    Draft,
    IndexAssessment,
    KeptReport,
    LaboratorySource,
    Outcome,
    Patient,
    PatientCorrection,
    RecalibratedRisk,
    User,
    Ward,
)
from scoring.models.record_digest import RECORD
from scoring.report import csv_file
from scoring.report.patient_copy.content import CopiedAssessment, PatientCopy

FORMAT = "rbp-risk-patient-copy"
FORMAT_VERSION = 1

_SEARCH = "made from the name, for the search"
_FORM = "a random number against saving a form twice"
_WHOSE = "the patient whose copy it is"
_WITHIN = "what the row stands within"
_COPIED = "copied from the version or outcome, which the copy has"
_MADE = "a report made from what the copy has, for the next print"
# What the copy leaves out, column by column, and why. All other columns are in it.
LEFT_OUT: dict[type[Model], dict[str, str]] = {
    Patient: {
        "search_name": _SEARCH,
        "search_characters": _SEARCH,
        "salt": "a random number for the digest in the access log, nothing about the patient",
    },
    PatientCorrection: {
        "id": "a serial number; the revision names the correction",
        "patient": _WHOSE,
        "old_search_name": _SEARCH,
        "old_search_characters": _SEARCH,
        "form_token": _FORM,
    },
    AssessmentChain: {
        "id": "a random number; the report number names the assessment",
        "report_year": "in report_number",
        "report_serial": "in report_number",
        "current": "is_current of the version",
        "rbp": "residual_back_pain",
        "synthetic": "synthetic of the patient",
        "vas_known_at": "created_at of the first outcome with a VAS",
        "follow_up_ended": "not_evaluable of the outcomes says so",
        "patient_died": "not_evaluable of the outcomes says so",
        **dict.fromkeys(("state", "operation_date", "day_3", "day_30"), _COPIED),
        **dict.fromkeys(("vas_day_3", "vas_day_3_on", "vas_day_30", "vas_day_30_on"), _COPIED),
    },
    Assessment: {
        "chain": _WITHIN,
        "patient": _WHOSE,
        "form_token": _FORM,
        "risk_min": "the smaller of the two risks",
        "risk_max": "the larger of the two risks",
    },
    RecalibratedRisk: {"assessment": _WITHIN},
    LaboratorySource: {
        "id": "counts the rows",
        "assessment": _WITHIN,
        "result": "what it said and the names of its message stand beside it",
    },
    IndexAssessment: {field.name: _COPIED for field in IndexAssessment._meta.concrete_fields},
    KeptReport: {field.name: _MADE for field in KeptReport._meta.concrete_fields},
    Outcome: {"chain": _WITHIN, "form_token": _FORM},
    Draft: {
        "token": _FORM,
        "patient": _WHOSE,
        "fields": "not saved yet; only its user may read it, and can save or discard it",
    },
    AuditEvent: {
        "patient_id": _WHOSE,
        "address": "says where a member of staff was, nothing about the patient",
        "digest": "guards the line in the access log, with what is left out here",
    },
}


def copy_as_json(copy: PatientCopy) -> str:
    """The file, with a line break at its end; docs/operations.md documents its keys."""
    return json.dumps(_content(copy), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _content(copy: PatientCopy) -> dict[str, object]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "made_at": _plain(copy.made_at),
        "made_by": copy.made_by.username,
        "made_by_name": str(copy.made_by),
        "site_version": settings.VERSION,
        "ward": copy.ward,
        "patient": columns(copy.patient),
        "corrections": [columns(correction) for correction in copy.corrections],
        "assessments": [_assessment(assessment) for assessment in copy.assessments],
        "unfinished_forms": [columns(draft) for draft in copy.unfinished_forms],
        "access_log": [_line(event) for event in copy.events],
    }


def _assessment(copied: CopiedAssessment) -> dict[str, object]:
    chain = copied.chain
    rbp = None if copied.was_moved else csv_file.outcome(chain.rbp, chain.state)
    return {
        "report_number": chain.report_number,
        "moved_to_another_patient": copied.was_moved,
        "residual_back_pain": rbp,
        "versions": [version_columns(version) for version in copied.versions],
        "outcomes": [columns(outcome) for outcome in copied.outcomes],
    }


def version_columns(version: Assessment, *, but: Collection[str] = ()) -> dict[str, object]:
    """The columns of a version except ``but``, with its adjusted risks where it has some."""
    # Where there is none the reverse one-to-one raises an AttributeError.
    kept: RecalibratedRisk | None = getattr(version, "recalibrated", None)
    adjusted = kept and columns(kept) | {"recalibration": kept.recalibration.number}
    return columns(version, but=but) | {
        "is_current": version.is_current,
        "recalibrated": adjusted,
        "laboratory": [_source(taken) for taken in version.sources_by_predictor.values()],
    }


def _source(taken: LaboratorySource) -> dict[str, object]:
    """A value that was taken from another system: what it said, and where that stands there."""
    result, message = taken.result, taken.result.message
    return columns(taken) | {
        "kind": message.kind,
        "value_text": result.value_text,
        "unit": result.unit,
        "taken_on": _plain(result.taken_on),
        "taken_at": _plain(result.taken_at),
        "device": result.device,
        "status": result.status,
        "sender": message.sender,
        "facility": message.facility,
        "control_id": message.control_id,
        "received_at": _plain(message.received_at),
    }


def _line(event: AuditEvent) -> dict[str, object]:
    """A line of the access log without the digests of the rows it wrote, which guard these."""
    detail = {name: value for name, value in event.detail.items() if name != RECORD}
    return columns(event) | {"detail": detail}


# Rows that stand as their name.
_NAMED = (User, Ward)


def columns(row: Model, *, but: Collection[str] = ()) -> dict[str, object]:
    """The columns of a row that the copy has, by name, except ``but``.

    Users and wards stand as their names.
    """
    left_out = LEFT_OUT[type(row)]
    return {
        field.name: _plain(
            getattr(row, field.name if field.related_model in _NAMED else field.attname)
        )
        for field in row._meta.concrete_fields
        if field.name not in left_out and field.name not in but
    }


def _plain(value: object) -> object:
    match value:
        case User():
            return value.username
        case Ward():
            return value.name
        case Decimal():
            return float(value)
        case UUID():
            return str(value)
        case datetime():
            return csv_file.moment(value)
        case date() | time():
            return value.isoformat()
        case _:
            return value
