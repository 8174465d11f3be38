"""Random sequences of what several people do: nothing is lost, and the record is as it should be.

Every sequence runs in PostgreSQL, in a transaction of its own that is taken back at its end;
foreign keys that wait for the end of a transaction are asked after every step.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from scoring import actions
from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from scoring.models import Assessment, Outcome, Patient, User
from scoring.models.patient import completed_years
from tests import cast
from tests.life import acts, oracle, record, soundness

REASONS = st.sampled_from(["misread", "wrong sheet", "told so by the laboratory", "", "  \t"])
INDEX = st.integers(0, 99)
NUMBERS = st.sampled_from([f"H{n}" for n in range(1, 7)])
Refusal = type[ValueError] | None


def _identities() -> st.SearchStrategy[PatientEntry]:
    return st.builds(
        cast.person,
        NUMBERS,
        family_name=st.sampled_from(["Wang", "Li", "王"]),
        given_name=st.sampled_from(["Xiulan", "Na"]),
        birth_date=st.sampled_from([cast.BORN, cast.BORN.replace(year=1950), None]),
        sex=st.sampled_from(["female", "male"]),
    )


def _entries() -> st.SearchStrategy[AssessmentEntry]:
    """Provisional or final, with the age stated so that any patient can be scored."""
    finding = st.sampled_from([None, True, False])
    return st.builds(
        lambda mvh, days, chloride, pdw, trauma: cast.worked_example(
            mvh_restored=mvh,
            radiograph_date=None,
            operation_date=cast.OPERATION + timedelta(days=days),
            age_years=79,
            chloride=cast.measured(chloride),
            pdw=cast.measured(pdw),
            trauma_history=trauma,
        ),
        finding,
        st.sampled_from([0, 0, 0, 1, 3, 10, 40]),
        st.sampled_from(["105", "96", "113,5"]),
        st.sampled_from(["12.80", "7", "34.8"]),
        st.booleans(),
    )


def _outcomes() -> st.SearchStrategy[OutcomeEntry]:
    time_points = st.sampled_from([3, 30])
    days = st.sampled_from([0, 1, 3, 4, 30, 31])
    return st.one_of(
        st.builds(
            lambda time_point, vas, day: acts.measured(
                time_point, vas, cast.OPERATION + timedelta(days=day)
            ),
            time_points,
            st.sampled_from([0, 3, 4, 5, 10]),
            days,
        ),
        st.builds(acts.not_evaluable, time_points, st.sampled_from(["lost", "died"])),
    )


class Life(RuleBasedStateMachine):
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
        transaction.set_rollback(True)
        self.sequence.__exit__(None, None, None)

    def _version(self, chain: int, version: int) -> oracle.Version | None:
        """Any version: mostly the current one, else a stale one."""
        if not self.ward.chains:
            return None
        versions = self.ward.chains[chain % len(self.ward.chains)].versions
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
                state="provisional" if entry.mvh_restored is None else "final",
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

    @rule(who=INDEX, identity=_identities(), entry=_entries())
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

    @rule(chain=INDEX, version=INDEX, restored=st.booleans(), who=INDEX)
    def completes(self, chain: int, version: int, restored: bool, who: int) -> None:
        of = self._version(chain, version)
        if of is None:
            return
        by, row = self.people[who % 3], acts.read(of.pk)
        pk = self._try(
            self.ward.refuses_version(of, {"provisional"}, None),
            "assessment_completed",
            lambda token: acts.completed(row, restored=restored, by=by, token=token).pk,
        )
        if pk is None:
            return
        self._follow(
            of,
            pk,
            entry=replace(of.entry, mvh_restored=restored),
            state="final",
            change="complete",
            reason="",
            by=by.username,
        )

    def _follow(self, of: oracle.Version, pk: UUID, **changes: Any) -> None:
        """A next version that takes over everything but these."""
        of.chain.versions.append(replace(of, pk=pk, number=of.number + 1, **changes))

    @rule(
        chain=INDEX,
        version=INDEX,
        who=INDEX,
        identity=_identities(),
        entry=_entries(),
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
        if of is None:
            return
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

    @rule(chain=INDEX, version=INDEX, who=INDEX, reason=REASONS)
    def voids(self, chain: int, version: int, who: int, reason: str) -> None:
        of = self._version(chain, version)
        if of is None:
            return
        by, row = self.people[who % 3], acts.read(of.pk)
        pk = self._try(
            self.ward.refuses_version(of, {"provisional", "final"}, reason),
            "assessment_voided",
            lambda token: acts.voided(row, reason=reason, by=by, token=token).pk,
        )
        if pk is not None:
            words = {"change": "void", "reason": reason.strip(), "by": by.username}
            self._follow(of, pk, state="voided", **words)

    @rule(chain=INDEX, version=INDEX, who=INDEX, reason=REASONS)
    def reinstates(self, chain: int, version: int, who: int, reason: str) -> None:
        of = self._version(chain, version)
        if of is None:
            return
        by, row = self.people[who % 3], acts.read(of.pk)
        pk = self._try(
            self.ward.refuses_version(of, {"voided"}, reason),
            "assessment_reinstated",
            lambda token: acts.reinstated(row, reason=reason, by=by, token=token).pk,
        )
        if pk is not None:
            state = "provisional" if of.entry.mvh_restored is None else "final"
            words = {"change": "reinstate", "reason": reason.strip(), "by": by.username}
            self._follow(of, pk, state=state, **words)

    @rule(chain=INDEX, version=INDEX, entry=_outcomes(), seen=INDEX, who=INDEX, reason=REASONS)
    def records_outcome(
        self, chain: int, version: int, entry: OutcomeEntry, seen: int, who: int, reason: str
    ) -> None:
        of = self._version(chain, version)
        if of is None:
            return
        by, row = self.people[who % 3], acts.read(of.pk)
        kept = of.chain.outcomes[entry.time_point]
        # Mostly what stands there; sometimes an older one, or the page of before there was any.
        choice: list[oracle.KeptOutcome | None] = [None, *kept]
        standing = choice[-1 - max(0, seen - 60) % len(choice)]
        expected = Outcome.objects.get(pk=standing.pk) if standing else None
        pk = self._try(
            self.ward.refuses_outcome(of, entry, standing and standing.pk, reason),
            "outcome_corrected" if standing else "outcome_recorded",
            lambda token: (
                actions.record_outcome(
                    by=by,
                    assessment=row,
                    entry=entry,
                    expected=expected,
                    reason=reason,
                    submission=cast.submission(token),
                ).pk
            ),
        )
        if pk is not None:
            kept.append(oracle.KeptOutcome(pk, entry, reason.strip()))

    @rule(who=INDEX, seen=INDEX, identity=_identities(), reason=REASONS)
    def corrects_identity(self, who: int, seen: int, identity: PatientEntry, reason: str) -> None:
        if not self.ward.people:
            return
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

    @rule(which=INDEX, attack=st.sampled_from(["update", "delete", "fork", "second current"]))
    def breaks_in(self, which: int, attack: str) -> None:
        """Somebody with a SQL prompt; PostgreSQL refuses whatever there is to be refused."""
        table = record.APPEND_ONLY[which % len(record.APPEND_ONLY)]
        if not (self.ward.chains and self.before[table]):
            return
        chain = self.ward.chains[which % len(self.ward.chains)]
        version = chain.versions[which % len(chain.versions)]
        with pytest.raises((IntegrityError, InternalError)):
            if attack == "update":
                record.execute(f"UPDATE {table} SET id = id")  # noqa: S608
            elif attack == "delete":
                record.execute(f"DELETE FROM {table}")  # noqa: S608
            elif attack == "fork":
                copy = record.row("scoring_assessment", version.pk)
                record.insert("scoring_assessment", copy | {"id": uuid4(), "form_token": uuid4()})
            else:
                record.execute(
                    "UPDATE scoring_assessmentchain SET current_id = %s WHERE report_serial = %s",
                    [version.pk, chain.serial],
                )
        assert record.everything() == self.before

    @invariant()
    def the_record_is_sound(self) -> None:
        connection.check_constraints()
        now = record.everything()
        soundness.nothing_is_lost(self.before, now)
        soundness.as_the_oracle_says(self.ward, now, first_event=self.audited)
        self.before = now


@pytest.mark.django_db
def test_whatever_people_do_the_record_is_sound() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
