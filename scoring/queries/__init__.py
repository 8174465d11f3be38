"""What pages read: worklist, history, patients, outcomes. Nothing here writes."""

from scoring.queries.history import Cursor, Page, matching, page_of
from scoring.queries.record import (
    ChainOfVersions,
    assessment_of_form,
    assessments,
    current_outcome,
    outcome_by_id,
    outcome_versions,
    outcomes_of,
    patient_assessments,
    patient_by_number,
    patient_chains,
    recent_assessments,
    ward_assessments,
)

__all__ = [
    "ChainOfVersions",
    "Cursor",
    "Page",
    "assessment_of_form",
    "assessments",
    "current_outcome",
    "matching",
    "outcome_by_id",
    "outcome_versions",
    "outcomes_of",
    "page_of",
    "patient_assessments",
    "patient_by_number",
    "patient_chains",
    "recent_assessments",
    "ward_assessments",
]
