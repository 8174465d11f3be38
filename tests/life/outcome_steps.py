"""Steps of the state machine: an outcome is recorded, corrected, undone."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from scoring import actions
from scoring.entry import OutcomeEntry
from scoring.entry.rules import UNDONE
from scoring.models import Outcome
from tests import cast
from tests.life import acts, oracle
from tests.life.machine import TwoRecords
from tests.life.strategies import INDEX, REASONS, outcomes


class OutcomeSteps(TwoRecords):
    """What becomes of a patient, in any order with everything else."""

    @rule(
        chain=INDEX,
        version=INDEX,
        entry=outcomes(),
        seen=INDEX,
        who=INDEX,
        reason=REASONS,
    )
    def outcome_becomes_known(
        self, chain: int, version: int, entry: OutcomeEntry, seen: int, who: int, reason: str
    ) -> None:
        self._outcome(chain, version, entry, seen, who, reason)

    @rule(chain=INDEX, first=outcomes(), second=outcomes(), who=INDEX)
    def outcome_is_corrected(
        self, chain: int, first: OutcomeEntry, second: OutcomeEntry, who: int
    ) -> None:
        self._outcome(chain, 0, first, 0, who, "asked again")
        self.the_record_is_sound()
        fracture = second.new_fracture if first.time_point == 30 else None
        again = replace(second, time_point=first.time_point, new_fracture=fracture)
        self._outcome(chain, 0, again, 0, who + 1, "misread")

    def _outcome(
        self, chain: int, version: int, entry: OutcomeEntry, seen: int, who: int, reason: str
    ) -> None:
        of = self._version(chain, version)
        by, row = self.people[who % 3], acts.read(of.pk)
        kept = of.chain.outcomes[entry.time_point]
        # Mostly what stands there; sometimes an older one, or the page of before there was any.
        choice: list[oracle.KeptOutcome | None] = [None, *kept]
        standing = choice[-1 - max(0, seen - 60) % len(choice)]
        expected = Outcome.objects.get(pk=standing.pk) if standing else None
        is_undone = bool(kept) and kept[-1].withdrawn
        pk = self._try(
            self.ward.refuses_outcome(of, entry, standing.pk if standing else None, reason),
            "outcome_corrected" if standing and not is_undone else "outcome_recorded",
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
            said = "recorded_after_undo" if is_undone else reason.strip()
            kept.append(oracle.KeptOutcome(pk, entry, said, by.username))

    @rule(chain=INDEX, day=st.sampled_from((3, 30)), seen=INDEX, who=INDEX)
    def undoes_an_outcome(self, chain: int, day: int, seen: int, who: int) -> None:
        of, by = self._version(chain, 0), self.people[who % 3]
        line = of.chain.outcomes[day]
        if not line:
            return
        at = len(line) - 1 - max(0, seen - 60) % len(line)
        kept, before = line[at], line[at - 1] if at else None
        row = Outcome.objects.get(pk=kept.pk)
        pk = self._try(
            self.ward.refuses_undo_of_outcome(of, kept, before, by.username),
            "outcome_undone",
            lambda token: (
                actions.undo_outcome(by=by, outcome=row, submission=cast.submission(token)).pk
            ),
        )
        if pk is None:
            return
        nothing = OutcomeEntry(time_point=day, vas=None, measured_on=None)
        entry = nothing if before is None else before.entry
        is_open = before is None or before.withdrawn
        line.append(oracle.KeptOutcome(pk, entry, UNDONE, by.username, withdrawn=is_open))
