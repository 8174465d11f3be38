"""What a patient's copy holds, put together for both formats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from scoring.models import (
    Assessment,
    AssessmentChain,
    AuditEvent,
    Draft,
    Outcome,
    Patient,
    PatientCorrection,
    User,
)


@dataclass(frozen=True)
class CopiedAssessment:
    """One assessment with those of its versions and outcomes that are this patient's.

    ``was_moved``: its current version belongs to another patient, and so do its outcomes.
    """

    chain: AssessmentChain
    was_moved: bool
    versions: Sequence[Assessment]
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, kw_only=True)
class PatientCopy:
    """Everything held about one patient; rows in the order in which the copy lists them."""

    patient: Patient
    corrections: Sequence[PatientCorrection]
    versions: Sequence[Assessment]
    outcomes: Sequence[Outcome]
    unfinished_forms: Sequence[Draft]
    events: Sequence[AuditEvent]
    made_by: User
    made_at: datetime
    ward: str

    @cached_property
    def assessments(self) -> list[CopiedAssessment]:
        """Versions and outcomes by assessment, in the order of the versions."""
        versions: dict[UUID, list[Assessment]] = {}
        for version in self.versions:
            versions.setdefault(version.chain_id, []).append(version)
        outcomes: dict[UUID, list[Outcome]] = {}
        for outcome in self.outcomes:
            outcomes.setdefault(outcome.chain_id, []).append(outcome)
        return [
            CopiedAssessment(
                chain := found[0].chain,
                chain.was_moved_from(self.patient),
                found,
                outcomes.get(pk, []),
            )
            for pk, found in versions.items()
        ]

    @cached_property
    def versions_by_id(self) -> Mapping[str, Assessment]:
        """The versions by their id as text, as lines of the access log name them."""
        return {str(version.pk): version for version in self.versions}
