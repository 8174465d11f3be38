"""What the record should say, in plain Python: the rules of the life of an assessment once more.

Nothing here asks the database. A test does the same thing to the record and to this, and compares.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from scoring import actions
from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from scoring.entry.folding import normalised_hospital_number

COMPLETABLE = {"provisional", "no_radiograph"}
AMENDABLE = COMPLETABLE | {"final"}
UNCOUNTED = {"voided", "cancelled"}


@dataclass
class Version:
    """One version of an assessment."""

    pk: UUID
    chain: "Chain"
    number: int
    patient: UUID
    entry: AssessmentEntry
    birth_date: date | None
    age_years: int
    state: str
    change: str
    reason: str
    by: str


@dataclass
class KeptOutcome:
    """One version of an outcome."""

    pk: UUID
    entry: OutcomeEntry
    reason: str
    by: str
    # Undone, with nothing before it: the time point is open again.
    withdrawn: bool = False


@dataclass
class Chain:
    """All versions of an assessment, the current one last, and its outcomes."""

    serial: int
    versions: list[Version] = field(default_factory=list)
    outcomes: dict[int, list[KeptOutcome]] = field(default_factory=lambda: {3: [], 30: []})

    @property
    def current(self) -> Version:
        """The tail of the list."""
        return self.versions[-1]

    @property
    def operated_on(self) -> date:
        """The operation date that stands."""
        return self.current.entry.operation_date

    def vas(self, time_point: int) -> int | None:
        """The VAS that stands."""
        kept = self.outcomes[time_point]
        return kept[-1].entry.vas if kept else None

    def answered(self, time_point: int) -> str:
        """Whether a time point is open, measured or not evaluable."""
        kept = self.outcomes[time_point]
        if not kept or kept[-1].withdrawn:
            return "open"
        return "not_evaluable" if kept[-1].entry.vas is None else "measured"

    def reasons(self) -> set[str]:
        """Why there is no VAS, of the time points where that stands."""
        return {kept[-1].entry.not_evaluable for kept in self.outcomes.values() if kept} - {""}

    @property
    def rbp(self) -> str:
        """Section 2.1: VAS 4 or more at both time points."""
        answers = {self.answered(3), self.answered(30)}
        if "not_evaluable" in answers:
            return "not_evaluable"
        first, second = self.vas(3), self.vas(30)
        if first is None or second is None:
            return "pending"
        return "yes" if min(first, second) >= 4 else "no"


@dataclass
class Person:
    """A patient, and how often the identity was corrected."""

    pk: UUID
    identity: PatientEntry
    revision: int = 0


@dataclass
class Ward:
    """Everything on record."""

    chains: list[Chain] = field(default_factory=list)
    people: dict[UUID, Person] = field(default_factory=dict)
    corrections: int = 0
    done: Counter[str] = field(default_factory=Counter)

    def whose(self, number: str) -> Person | None:
        """The patient with this hospital number."""
        wanted = normalised_hospital_number(number)
        found = [p for p in self.people.values() if p.identity.hospital_number == wanted]
        return found[0] if found else None

    def due(self) -> dict[str, set[int]]:
        """Serial numbers of what is due, if all is long enough after the operation."""
        counted = [chain for chain in self.chains if chain.current.state not in UNCOUNTED]
        dead = {
            chain.current.patient
            for chain in self.chains
            if chain.current.state != "voided" and "died" in chain.reasons()
        }
        alive = [chain for chain in counted if chain.current.patient not in dead]
        followed = [chain for chain in alive if chain.reasons() <= {"not_asked"}]
        return {
            "radiographs": {c.serial for c in alive if c.current.state == "provisional"},
            "day_3": {c.serial for c in followed if c.answered(3) == "open"},
            "day_30": {c.serial for c in followed if c.answered(30) == "open"},
        }

    def refuses_version(
        self, of: Version, allowed: set[str], reason: str | None
    ) -> type[ValueError] | None:
        """Why there can be no next version after this one; None where there can."""
        if reason is not None and not reason.strip():
            return actions.ReasonMissingError
        if of is not of.chain.current:
            return actions.StaleVersionError
        return None if of.state in allowed else actions.NotAllowedInStateError

    def refuses_cancellation(self, of: Version) -> type[ValueError] | None:
        """The same for the cancellation of an operation."""
        refused = self.refuses_version(of, COMPLETABLE, None)
        if refused is None and (of.chain.vas(3) is not None or of.chain.vas(30) is not None):
            return actions.OperatedError
        return refused

    def refuses_amendment(
        self, of: Version, entry: AssessmentEntry, patient: UUID | PatientEntry, reason: str
    ) -> type[ValueError] | None:
        """The same for an amendment."""
        refused = self.refuses_version(of, AMENDABLE, reason)
        if refused is not None:
            return refused
        if isinstance(patient, PatientEntry) and self.whose(patient.hospital_number):
            return actions.HospitalNumberTakenError
        standing = [kept[-1].entry.measured_on for kept in of.chain.outcomes.values() if kept]
        if any(day is not None and day <= entry.operation_date for day in standing):
            return actions.OutcomeBeforeOperationError
        return None

    def refuses_outcome(
        self, of: Version, entry: OutcomeEntry, expected: UUID | None, reason: str
    ) -> type[ValueError] | None:
        """Why an outcome cannot be recorded."""
        kept = of.chain.outcomes[entry.time_point]
        seen = next((one for one in kept if one.pk == expected), None)
        if seen is not None and not seen.withdrawn and not reason.strip():
            return actions.ReasonMissingError
        if of.chain.current.state in UNCOUNTED:
            return actions.NotAllowedInStateError
        if kept and kept[-1] != seen and not (seen is None and kept[-1].withdrawn):
            return actions.StaleOutcomeError
        return self._refuses_day(of, entry)

    def refuses_undo(self, of: Version, by: str) -> type[ValueError] | None:
        """Why a version can't be undone; all of this happens within ten minutes."""
        if of.by != by or of.change not in {"complete", "void"}:
            return actions.UndoRefusedError
        return None if of is of.chain.current else actions.StaleVersionError

    def refuses_undo_of_outcome(
        self, of: Version, kept: KeptOutcome, before: KeptOutcome | None, by: str
    ) -> type[ValueError] | None:
        """Why an outcome can't be undone, by the version it followed."""
        if kept.by != by or kept.reason == "undone_within_ten_minutes":
            return actions.UndoRefusedError
        if of.chain.current.state in UNCOUNTED:
            return actions.NotAllowedInStateError
        if of.chain.outcomes[kept.entry.time_point][-1] is not kept:
            return actions.StaleOutcomeError
        return None if before is None else self._refuses_day(of, before.entry)

    def _refuses_day(self, of: Version, entry: OutcomeEntry) -> type[ValueError] | None:
        if entry.measured_on is not None and entry.measured_on <= of.chain.operated_on:
            return actions.OutcomeTooEarlyError
        if not self._in_order(of.chain, entry):
            return actions.OutcomeOrderError
        return None

    @staticmethod
    def _in_order(chain: Chain, entry: OutcomeEntry) -> bool:
        """The VAS of day 3 before that of day 30, as far as both are there."""
        days = {point: kept[-1].entry.measured_on for point, kept in chain.outcomes.items() if kept}
        days[entry.time_point] = entry.measured_on
        first, last = days.get(3), days.get(30)
        return first is None or last is None or first < last

    def refuses_correction(
        self, of: Person, seen_revision: int, identity: PatientEntry, reason: str
    ) -> type[ValueError] | None:
        """Why an identity cannot be corrected so."""
        if not reason.strip():
            return actions.ReasonMissingError
        if seen_revision != of.revision:
            return actions.StalePatientError
        if self.whose(identity.hospital_number) not in (None, of):
            return actions.HospitalNumberTakenError
        return actions.NothingCorrectedError if identity == of.identity else None
