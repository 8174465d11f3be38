"""The record: one class a file, guarded by constraints and triggers of the database."""

from scoring.models.application_token import ApplicationToken
from scoring.models.assessment import Assessment
from scoring.models.audit import AuditEvent
from scoring.models.audit_seal import AuditSeal, AuditShipment, AuditWaiting
from scoring.models.cached_validation import CachedValidation
from scoring.models.cds_state import CdsState
from scoring.models.chain import AssessmentChain, ReportCounter
from scoring.models.draft import Draft
from scoring.models.ehr_reading import EhrReading
from scoring.models.index_assessment import IndexAssessment
from scoring.models.kept_report import KeptReport, PaperKind
from scoring.models.laboratory import (
    LaboratoryMessage,
    LaboratoryResult,
    LaboratorySource,
    MessageKind,
    MessageState,
)
from scoring.models.laboratory_columns import LaboratoryColumns
from scoring.models.number_merge import NumberMerge
from scoring.models.outcome import Outcome
from scoring.models.passkey import Passkey
from scoring.models.patient import Patient
from scoring.models.patient_correction import PatientCorrection
from scoring.models.recalibration import (
    RecalibratedRisk,
    Recalibration,
    RecalibrationDecision,
)
from scoring.models.roles import RIGHTS_OF, Right, Role
from scoring.models.seen_token import SeenToken
from scoring.models.user import User
from scoring.models.ward import Ward
from scoring.models.ward_settings import WardSettings

__all__ = [
    "RIGHTS_OF",
    "ApplicationToken",
    "Assessment",
    "AssessmentChain",
    "AuditEvent",
    "AuditSeal",
    "AuditShipment",
    "AuditWaiting",
    "CachedValidation",
    "CdsState",
    "Draft",
    "EhrReading",
    "IndexAssessment",
    "KeptReport",
    "LaboratoryColumns",
    "LaboratoryMessage",
    "LaboratoryResult",
    "LaboratorySource",
    "MessageKind",
    "MessageState",
    "NumberMerge",
    "Outcome",
    "PaperKind",
    "Passkey",
    "Patient",
    "PatientCorrection",
    "RecalibratedRisk",
    "Recalibration",
    "RecalibrationDecision",
    "ReportCounter",
    "Right",
    "Role",
    "SeenToken",
    "User",
    "Ward",
    "WardSettings",
]
