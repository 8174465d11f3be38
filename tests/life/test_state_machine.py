"""Random sequences of what several people do: nothing is lost, and the record is as it should be.

Every sequence runs in PostgreSQL, in a transaction of its own that is taken back at its end;
foreign keys that wait for the end of a transaction are asked after every step.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, InternalError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from scoring import actions
from scoring.entry import AssessmentEntry, PatientEntry
from scoring.entry.rules import UNDONE
from scoring.models import Assessment, Patient
from scoring.nomogram.eligibility import Answer
from tests import cast
from tests.life import acts, oracle, record
from tests.life.ends_and_attacks import ATTACKS, ENDS
from tests.life.outcome_steps import OutcomeSteps
from tests.life.strategies import INDEX, REASONS, entries, identities


class Life(OutcomeSteps):
    """Who does what, in any order."""

    @initialize(who=INDEX, identity=identities(), entry=entries())
    def begins(self, who: int, identity: PatientEntry, entry: AssessmentEntry) -> None:
        self.records(who, identity, entry)

    @rule(who=INDEX, identity=identities(), entry=entries())
    def records(self, who: int, identity: PatientEntry, entry: AssessmentEntry) -> None:
        patient, known = self._patient(who, identity)
        taken = known is None and self.ward.whose(identity.hospital_number)
        by = self.people[who % 3]

        def act(token: UUID) -> UUID:
            return cast.recorded(patient, entry, by=by, token=token).pk

        refusal = actions.HospitalNumberTakenError if taken else None
        pk = self._try(refusal, "assessment_recorded", act)
        if pk is None:
            return
        whose = Assessment.objects.get(pk=pk).patient_id
        if known is None:
            self._register(whose, identity)
        chain = oracle.Chain(serial=len(self.ward.chains) + 1)
        self.ward.chains.append(chain)
        self._add(chain, pk, whose, entry, change="new", reason="", by=by.username)

    @rule(
        chain=INDEX,
        version=INDEX,
        restored=st.booleans(),
        fracture=st.sampled_from([None, Answer.YES, Answer.NO]),
        who=INDEX,
    )
    def completes(
        self, chain: int, version: int, restored: bool, fracture: Answer | None, who: int
    ) -> None:
        of = self._version(chain, version)
        by, row = self.people[who % 3], acts.read(of.pk)
        pk = self._try(
            self.ward.refuses_version(of, oracle.COMPLETABLE, None),
            "assessment_completed",
            lambda token: (
                acts.completed(row, restored=restored, new_fracture=fracture, by=by, token=token).pk
            ),
        )
        if pk is None:
            return
        self._follow(
            of,
            pk,
            entry=of.entry.completed(
                mvh_restored=restored, radiograph_date=None, new_fracture=fracture
            ),
            state="final",
            change="complete",
            reason="",
            by=by.username,
        )

    @rule(
        chain=INDEX,
        version=INDEX,
        who=INDEX,
        identity=identities(),
        entry=entries(),
        stays=st.booleans(),
        reason=REASONS,
    )
    def amends(
        self,
        chain: int,
        version: int,
        who: int,
        identity: PatientEntry,
        entry: AssessmentEntry,
        stays: bool,
        reason: str,
    ) -> None:
        of = self._version(chain, version)
        by, row = self.people[who % 3], acts.read(of.pk)
        patient, known = self._patient(who, identity)
        if stays:
            patient, known = row.patient, of.patient
        pk = self._try(
            self.ward.refuses_amendment(of, entry, known or identity, reason),
            "assessment_amended",
            lambda token: acts.amended(row, entry, patient, reason=reason, by=by, token=token).pk,
        )
        if pk is None:
            return
        whose = Assessment.objects.get(pk=pk).patient_id
        if known is None:
            self._register(whose, identity)
        words = {"change": "amend", "reason": reason.strip(), "by": by.username}
        self._add(of.chain, pk, whose, entry, **words)

    @rule(chain=INDEX, version=INDEX, days=st.integers(0, 40), who=INDEX)
    def postpones(self, chain: int, version: int, days: int, who: int) -> None:
        """What the page "Operation postponed" does: another day, and nothing else."""
        of = self._version(chain, version)
        day = cast.OPERATION + timedelta(days=days)
        entry = replace(of.entry, operation_date=day, operation_time=None)
        by, row = self.people[who % 3], acts.read(of.pk)
        pk = self._try(
            self.ward.refuses_amendment(of, entry, of.patient, "postponed"),
            "assessment_amended",
            lambda token: acts.amended(row, entry, reason="postponed", by=by, token=token).pk,
        )
        if pk is not None:
            words = {"change": "amend", "reason": "postponed", "by": by.username}
            self._add(of.chain, pk, of.patient, entry, **words)

    @rule(
        chain=INDEX,
        version=INDEX,
        who=INDEX,
        reason=REASONS,
    )
    def voids(self, chain: int, version: int, who: int, reason: str) -> None:
        of = self._version(chain, version)
        by, row = self.people[who % 3], acts.read(of.pk)
        pk = self._try(
            self.ward.refuses_version(of, oracle.AMENDABLE | {"cancelled"}, reason),
            "assessment_voided",
            lambda token: acts.voided(row, reason=reason, by=by, token=token).pk,
        )
        if pk is not None:
            words = {"change": "void", "reason": reason.strip(), "by": by.username}
            self._follow(of, pk, state="voided", **words)

    @rule(
        chain=INDEX,
        version=INDEX,
        who=INDEX,
        reason=REASONS,
    )
    def reinstates(self, chain: int, version: int, who: int, reason: str) -> None:
        of = self._version(chain, version)
        by, row = self.people[who % 3], acts.read(of.pk)
        pk = self._try(
            self.ward.refuses_version(of, {"voided"}, reason),
            "assessment_reinstated",
            lambda token: acts.reinstated(row, reason=reason, by=by, token=token).pk,
        )
        if pk is not None:
            state = of.chain.versions[-2].state
            words = {"change": "reinstate", "reason": reason.strip(), "by": by.username}
            self._follow(of, pk, state=state, **words)

    @rule(chain=INDEX, version=INDEX, what=st.sampled_from(sorted(ENDS)), who=INDEX, reason=REASONS)
    def stops_or_resumes_waiting(
        self, chain: int, version: int, what: str, who: int, reason: str
    ) -> None:
        of = self._version(chain, version)
        by, row = self.people[who % 3], acts.read(of.pk)
        end = ENDS[what]
        refusal = self.ward.refuses_version(of, end.allowed, None)
        if what == "cancel":
            refusal = self.ward.refuses_cancellation(of)
        status = end.status or of.entry.operation_status
        self._change(
            of,
            refusal,
            end.action,
            lambda token: end.act(row, reason=reason, by=by, token=token).pk,
            entry=replace(of.entry, operation_status=status),
            state=end.state,
            change=what,
            reason=reason.strip(),
            by=by.username,
        )

    @rule(chain=INDEX, version=INDEX, who=INDEX)
    def undoes(self, chain: int, version: int, who: int) -> None:
        of = self._version(chain, version)
        by, row = self.people[who % 3], acts.read(of.pk)
        is_void = of.change == "void"
        pk = self._try(
            self.ward.refuses_undo(of, by.username),
            "assessment_reinstated" if is_void else "completion_undone",
            lambda token: actions.undo(by=by, assessment=row, submission=cast.submission(token)).pk,
        )
        if pk is not None:
            before = of.chain.versions[-2]
            self._follow(
                of,
                pk,
                entry=before.entry,
                state=before.state,
                change="reinstate" if is_void else "undo",
                reason=UNDONE,
                by=by.username,
            )

    @rule(
        who=INDEX,
        seen=INDEX,
        identity=identities(),
        reason=REASONS,
    )
    def corrects_identity(self, who: int, seen: int, identity: PatientEntry, reason: str) -> None:
        person = list(self.ward.people.values())[who % len(self.ward.people)]
        patient = Patient.objects.get(pk=person.pk)
        patient.revision -= max(0, seen - 60) % (person.revision + 1)
        by = self.people[who % 3]
        refusal = self.ward.refuses_correction(person, patient.revision, identity, reason)
        pk = self._try(
            refusal,
            "patient_corrected",
            lambda token: acts.corrected(patient, identity, reason=reason, by=by, token=token).pk,
        )
        if pk is not None:
            person.identity = identity
            person.revision += 1
            self.ward.corrections += 1

    @rule(which=INDEX)
    def sends_a_form_again(self, which: int) -> None:
        """Whatever happened since, the form leads to what it made and makes nothing."""
        if self.sent:
            token, made, act = self.sent[which % len(self.sent)]
            assert act(token) == made
            assert record.everything() == self.before, "a form sent again left a trace"

    @rule(which=INDEX, attack=st.sampled_from(sorted(ATTACKS)))
    def breaks_in(self, which: int, attack: str) -> None:
        """Somebody with a SQL prompt; PostgreSQL refuses whatever there is to be refused."""
        chain = self.ward.chains[which % len(self.ward.chains)]
        version = chain.versions[which % len(chain.versions)]
        with pytest.raises((IntegrityError, InternalError)):
            record.execute(ATTACKS[attack], {"version": version.pk, "serial": chain.serial})
        assert record.everything() == self.before


@pytest.mark.slow
@pytest.mark.django_db
def test_whatever_people_do_the_record_is_sound() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
