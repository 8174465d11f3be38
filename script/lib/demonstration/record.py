"""Rows of what a ward did, as the actions would have made them at the time, written in bulk.

Running some thousands of actions takes too long. The database's triggers and constraints stay in
force: they keep chains, index assessments and the digests of the access log.
"""

import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from random import Random
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from scoring.actions.patients import unsaved_patient
from scoring.actions.scored import scored_version, stamp
from scoring.entry import PatientEntry
from scoring.models import (
    Assessment,
    AssessmentChain,
    AuditEvent,
    Outcome,
    Patient,
    ReportCounter,
    User,
)
from scoring.models.codes import Change, State
from scoring.models.outcome import window_cautions
from scoring.models.record_digest import RECORD
from scoring.queries.record_entries import record_entries
from script.lib.demonstration.acts import Act, Course, OutcomeAct, VersionAct

Action = AuditEvent.Action
_ACTIONS = {
    Change.NEW: Action.ASSESSMENT_RECORDED,
    Change.COMPLETE: Action.ASSESSMENT_COMPLETED,
    Change.AMEND: Action.ASSESSMENT_AMENDED,
    Change.VOID: Action.ASSESSMENT_VOIDED,
    Change.REINSTATE: Action.ASSESSMENT_REINSTATED,
}
_ROWS_AT_ONCE = 500


class Record:
    """Collects the rows of the acts in the order of their moments, then writes them."""

    def __init__(self, staff: Mapping[str, User], random: Random) -> None:
        self._staff = staff
        self._random = random
        self._serials: Counter[int] = Counter()
        self._patients: dict[str, Patient] = {}
        self._chains: list[AssessmentChain] = []
        self._versions: list[Assessment] = []
        self._outcomes: list[Outcome] = []
        self._events: list[tuple[AuditEvent, list[Model]]] = []

    def write(self, courses: Iterable[Course]) -> None:
        """Put everything on record; the caller's transaction holds it together."""
        chains: dict[int, _Chain] = {}
        acts = [(act, course) for course in courses for act in course.acts]
        for act, course in sorted(acts, key=lambda pair: pair[0].at):
            if id(course) not in chains:
                chains[id(course)] = _Chain(self._patient(course.patient, act), self._chain(act.at))
            if isinstance(act, VersionAct):
                self._add_version(chains[id(course)], act)
            else:
                self._add_outcome(chains[id(course)], act)
        for rows in (self._patients.values(), self._chains, self._versions, self._outcomes):
            _insert(rows)
        ReportCounter.objects.bulk_create(
            ReportCounter(year=year, last_serial=last) for year, last in self._serials.items()
        )
        self._take_digests()
        _insert([event for event, _ in self._events])

    def _take_digests(self) -> None:
        """Write into each line what it holds of its rows, which are there by now."""
        entries = iter(record_entries([row for _, rows in self._events for row in rows]))
        for event, rows in self._events:
            event.detail |= {RECORD: [next(entries) for _ in rows]}

    def _patient(self, entry: PatientEntry, act: Act) -> Patient:
        """The patient on record, or now registered."""
        known = self._patients.get(entry.hospital_number)
        if known is not None:
            return known
        patient = unsaved_patient(by=self._staff[act.by], entry=entry, at=act.at)
        patient.pk = self._uuid()
        self._patients[patient.hospital_number] = patient
        self._log(act, Action.PATIENT_REGISTERED, patient, record=[patient])
        return patient

    def _chain(self, at: datetime) -> AssessmentChain:
        """A chain with the next report number of its year."""
        year = timezone.localtime(at).year
        self._serials[year] += 1
        chain = AssessmentChain(
            id=self._uuid(), report_year=year, report_serial=self._serials[year]
        )
        self._chains.append(chain)
        return chain

    def _add_version(self, chain: "_Chain", act: VersionAct) -> None:
        before = chain.versions[-1] if chain.versions else None
        if before is not None and act.change in {Change.VOID, Change.REINSTATE}:
            version = copy.copy(before)
            version.state = _state_after(act.change, before)
        else:
            # A completion keeps the age that was frozen with what it completes.
            frozen = before if act.change == Change.COMPLETE else None
            version = scored_version(patient=chain.patient, entry=act.entry, age_as_in=frozen)
        version.pk = self._uuid()
        version.chain, version.version = chain.row, len(chain.versions) + 1
        version.supersedes = before
        version.supersedes_version = before.version if before else None
        version.change, version.reason = act.change, act.reason
        stamp(version, by=self._staff[act.by], token=act.token, at=act.at)
        chain.versions.append(version)
        self._versions.append(version)
        detail = {"reason": act.reason, "supersedes": str(before.pk)} if before else {}
        rows: list[Model] = [version] if before else [chain.row, version]
        self._log(act, _ACTIONS[act.change], chain.patient, version, detail, record=rows)

    def _add_outcome(self, chain: "_Chain", act: OutcomeAct) -> None:
        entry, by = act.entry, self._staff[act.by]
        before = chain.outcomes.get(entry.time_point)
        operated_on = chain.versions[-1].operation_date
        outcome = Outcome(
            id=self._uuid(),
            chain=chain.row,
            time_point=entry.time_point,
            version=before.version + 1 if before else 1,
            supersedes=before,
            supersedes_version=before.version if before else None,
            vas=entry.vas,
            measured_on=entry.measured_on,
            not_evaluable=entry.not_evaluable,
            cautions=window_cautions(entry.time_point, entry.measured_on, operated_on),
            reason=act.reason,
            form_token=act.token,
            created_at=act.at,
            created_by=by,
            created_by_name=str(by),
        )
        chain.outcomes[entry.time_point] = outcome
        self._outcomes.append(outcome)
        action = Action.OUTCOME_CORRECTED if before else Action.OUTCOME_RECORDED
        detail = {"time_point": entry.time_point, "reason": act.reason}
        self._log(act, action, chain.patient, chain.versions[-1], detail, record=[outcome])

    def _log(
        self,
        act: Act,
        action: AuditEvent.Action,
        patient: Patient,
        version: Assessment | None = None,
        detail: Mapping[str, object] | None = None,
        *,
        record: list[Model],
    ) -> None:
        by = self._staff[act.by]
        event = AuditEvent(
            at=act.at,
            actor=by.username,
            actor_name=str(by),
            action=action,
            patient_id=patient.pk,
            hospital_number=patient.hospital_number,
            assessment_id=version.pk if version else None,
            detail=dict(detail or {}),
        )
        self._events.append((event, record))

    def _uuid(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


class _Chain:
    """What is on record of one assessment so far."""

    def __init__(self, patient: Patient, row: AssessmentChain) -> None:
        self.patient = patient
        self.row = row
        self.versions: list[Assessment] = []
        self.outcomes: dict[int, Outcome] = {}


def _state_after(change: Change, before: Assessment) -> State:
    if change == Change.VOID:
        return State.VOIDED
    return State.PROVISIONAL if before.mvh_restored is None else State.FINAL


def _insert(rows: Iterable[Model]) -> None:
    """Insert rows of one model in their order, so that triggers and numbers follow it."""
    listed = list(rows)
    manager = attrgetter("_default_manager")(type(listed[0]))
    manager.bulk_create(listed, batch_size=_ROWS_AT_ONCE)
