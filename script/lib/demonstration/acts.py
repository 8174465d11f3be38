"""What the ward of the demonstration did: for each assessment who did what, and when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from scoring.models.codes import Change


@dataclass(frozen=True, kw_only=True)
class VersionAct:
    """A version of the assessment; ``entry`` is everything that the version holds."""

    at: datetime
    by: str  # the username
    token: UUID
    change: Change
    entry: AssessmentEntry
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OutcomeAct:
    """An outcome, or the correction of one; a correction has a reason."""

    at: datetime
    by: str
    token: UUID
    entry: OutcomeEntry
    reason: str = ""


Act = VersionAct | OutcomeAct


@dataclass(frozen=True, kw_only=True)
class Course:
    """One assessment of one patient; two courses of a patient share the hospital number."""

    patient: PatientEntry
    acts: tuple[Act, ...]
