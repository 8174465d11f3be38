"""The record and its oracle, side by side: what a rule of the state machine needs.

Every sequence runs in PostgreSQL, in a transaction of its own that is taken back at its end;
foreign keys that wait for the end of a transaction are asked after every step.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from scoring.entry import AssessmentEntry, PatientEntry
from scoring.entry.rules import completed_years
from scoring.models import Patient, User
from scoring.queries.record_check import RecordCheck
from tests import cast
from tests.life import acts, oracle, record, soundness

Refusal = type[ValueError] | None


class TwoRecords(RuleBasedStateMachine):
    """The record and its oracle, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.sequence = transaction.atomic()
        self.sequence.__enter__()
        self.people: list[User] = [cast.alice(), cast.bob(), acts.cara()]
        self.ward = oracle.Ward()
        self.before = record.everything()
        self.audited = max(self.before["scoring_auditevent"])
        self.sent: list[tuple[UUID, UUID, Callable[[UUID], UUID]]] = []

    def teardown(self) -> None:
        try:
            assert list(RecordCheck().findings()) == [], "a row without its line in the log"
        finally:
            self._take_back()

    def _take_back(self) -> None:
        transaction.set_rollback(True)
        self.sequence.__exit__(None, None, None)

    def _version(self, chain: int, version: int) -> oracle.Version:
        """A version of one of the first assessments: mostly the current one, else a stale one."""
        versions = self.ward.chains[chain % min(3, len(self.ward.chains))].versions
        return versions[-1 - max(0, version - 60) % len(versions)]

    def _try(self, refusal: Refusal, action: str, act: Callable[[UUID], UUID]) -> UUID | None:
        """Do something that is refused for exactly this reason, or leaves one line in the log."""
        token = uuid4()
        if refusal is not None:
            with pytest.raises(refusal) as error:
                act(token)
            assert error.type is refusal
            assert record.everything() == self.before, "a refused action left a trace"
            return None
        made = act(token)
        self.sent.append((token, made, act))
        self.ward.done[action] += 1
        return made

    def _register(self, patient: UUID, identity: PatientEntry) -> None:
        self.ward.people[patient] = oracle.Person(patient, identity)
        self.ward.done["patient_registered"] += 1

    def _add(
        self, chain: oracle.Chain, pk: UUID, patient: UUID, entry: AssessmentEntry, **more: Any
    ) -> None:
        """A version scored anew, with the age of its patient as on record now."""
        keeps = bool(chain.versions) and chain.current.state == "no_radiograph"
        open_state = "no_radiograph" if keeps else "provisional"
        birth_date = self.ward.people[patient].identity.birth_date
        age_years = 79 if birth_date is None else completed_years(birth_date, entry.operation_date)
        chain.versions.append(
            oracle.Version(
                pk=pk,
                chain=chain,
                number=len(chain.versions) + 1,
                patient=patient,
                entry=entry,
                birth_date=birth_date,
                age_years=age_years,
                state=open_state if entry["mvh_restored"].value is None else "final",
                **more,
            )
        )

    def _patient(
        self, who: int, identity: PatientEntry
    ) -> tuple[Patient | PatientEntry, UUID | None]:
        """Somebody on record, or somebody new whose number may be taken."""
        known = list(self.ward.people)
        if known and who % 3:
            pk = known[who % len(known)]
            return Patient.objects.get(pk=pk), pk
        return identity, None

    def _follow(self, of: oracle.Version, pk: UUID, **changes: Any) -> None:
        """A next version that takes over everything but these."""
        of.chain.versions.append(replace(of, pk=pk, number=of.number + 1, **changes))

    def _change(
        self,
        of: oracle.Version,
        refusal: Refusal,
        action: str,
        act: Callable[[UUID], UUID],
        **changes: Any,
    ) -> None:
        """A next version with the same content, or none."""
        pk = self._try(refusal, action, act)
        if pk is not None:
            self._follow(of, pk, **changes)

    @invariant()
    def the_record_is_sound(self) -> None:
        connection.check_constraints()
        now = record.everything()
        soundness.nothing_is_lost(self.before, now)
        soundness.as_the_oracle_says(self.ward, self.before, now, first_event=self.audited)
        self.before = now
