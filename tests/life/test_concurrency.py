"""Several people at the same moment, in real transactions: exactly one is first."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from scoring import actions
from scoring.models import Assessment, AssessmentChain, AuditEvent, Outcome, Patient, User
from tests import cast
from tests.life import acts, browse
from tests.same_moment import PEOPLE, ROUNDS, at_once
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
Action = AuditEvent.Action


def _next_version(number: int, of: Assessment, by: User) -> Callable[[], Assessment]:
    """Every second one amends, the others complete or void: three ways to the next version."""
    ways: list[Callable[[], Assessment]] = [
        partial(acts.amended, of, cast.worked_example(), reason=f"as {number} saw it", by=by),
        partial(acts.completed, of, by=by),
        partial(acts.amended, of, cast.before_the_radiograph(), reason="level", by=by),
        partial(acts.voided, of, by=by),
    ]
    return ways[number % len(ways)]


def test_of_several_next_versions_exactly_one_is_made(staff: list[User]) -> None:
    for round_number in range(ROUNDS):
        of = acts.provisional(f"H{round_number}")
        jobs = [_next_version(number, of, staff[number % 3]) for number in range(PEOPLE)]
        (winner,), losers = at_once(jobs)
        assert len(losers) == PEOPLE - 1
        for loser in losers:
            assert isinstance(loser, actions.StaleVersionError)
            assert loser.current == winner
        versions = Assessment.objects.filter(chain=of.chain_id).order_by("version")
        assert list(versions) == [of, winner]
        assert AssessmentChain.objects.get(pk=of.chain_id).current == winner
    kept = AuditEvent.objects.exclude(action__in=[Action.USER_CREATED, Action.PATIENT_REGISTERED])
    assert kept.count() == 2 * ROUNDS


def test_whoever_lost_can_put_theirs_on_top(staff: list[User]) -> None:
    """Everybody saves again until it is saved: no version is lost, and they make one line."""
    of = acts.provisional()

    def insist(number: int) -> Assessment:
        current = of
        while True:
            try:
                return acts.amended(current, reason=f"reason {number}", by=staff[number % 3])
            except actions.StaleVersionError as stale:
                current = acts.read(stale.current.pk)

    made, refused = at_once([partial(insist, n) for n in range(PEOPLE)])
    assert not refused
    versions = list(Assessment.objects.filter(chain=of.chain_id).order_by("version"))
    assert [version.version for version in versions] == list(range(1, PEOPLE + 2))
    assert [version.supersedes_id for version in versions[1:]] == [v.pk for v in versions[:-1]]
    assert set(versions[1:]) == set(made)
    assert {version.reason for version in versions[1:]} == {f"reason {n}" for n in range(PEOPLE)}
    assert AssessmentChain.objects.get().current == versions[-1]


def test_of_several_undone_voids_exactly_one_is_made(staff: list[User]) -> None:
    of = acts.voided(cast.recorded())
    jobs = [partial(acts.reinstated, of, by=staff[n % 3]) for n in range(PEOPLE)]
    (winner,), losers = at_once(jobs)
    assert {type(loser) for loser in losers} == {actions.StaleVersionError}
    assert AssessmentChain.objects.get().current == winner


@pytest.mark.parametrize("way", ["complete", "amend to a new patient", "void"])
@pytest.mark.usefixtures("staff")
def test_one_form_pressed_by_several_makes_one_version(way: str) -> None:
    of, token = acts.provisional(), uuid4()
    ways: dict[str, Callable[[], Assessment]] = {
        "complete": partial(acts.completed, of, token=token),
        "amend to a new patient": partial(acts.amended, of, None, cast.person("H7"), token=token),
        "void": partial(acts.voided, of, token=token),
    }
    made, refused = at_once([ways[way]] * PEOPLE)
    assert not refused
    assert len({version.pk for version in made}) == 1
    assert Assessment.objects.count() == 2
    assert Patient.objects.count() == (2 if "patient" in way else 1)
    assert (
        AuditEvent.objects.exclude(assessment_id=of.pk).filter(assessment_id__isnull=False).count()
        == 1
    )


def test_of_several_outcomes_exactly_one_is_the_first(staff: list[User]) -> None:
    for round_number in range(ROUNDS):
        of = cast.recorded(cast.person(f"H{round_number}"))
        jobs = [
            partial(acts.outcome, of, acts.measured(3, n), by=staff[n % 3]) for n in range(PEOPLE)
        ]
        (winner,), losers = at_once(jobs)
        for loser in losers:
            assert isinstance(loser, actions.StaleOutcomeError)
            assert loser.current == winner
        assert Outcome.objects.get(chain=of.chain_id) == winner
        assert AssessmentChain.objects.get(pk=of.chain_id).vas_day_3 == winner.vas
    assert AuditEvent.objects.filter(action=Action.OUTCOME_RECORDED).count() == ROUNDS


def test_of_several_corrected_outcomes_exactly_one_is_the_next(staff: list[User]) -> None:
    of = cast.recorded()
    first = acts.outcome(of, acts.measured(30, 2))
    jobs = [
        partial(acts.outcome, of, acts.measured(30, n), expected=first, by=staff[n % 3])
        for n in range(PEOPLE)
    ]
    (winner,), losers = at_once(jobs)
    assert {type(loser) for loser in losers} == {actions.StaleOutcomeError}
    assert list(Outcome.objects.order_by("version")) == [first, winner]


def test_one_form_of_an_outcome_pressed_by_several_makes_one(staff: list[User]) -> None:
    of, token = cast.recorded(), uuid4()
    job = partial(acts.outcome, of, acts.measured(3, 5), by=staff[0], token=token)
    made, refused = at_once([job] * PEOPLE)
    assert not refused
    assert len({outcome.pk for outcome in made}) == 1
    assert Outcome.objects.count() == 1


@pytest.mark.usefixtures("staff")
def test_an_outcome_and_a_later_operation_date_do_not_pass_each_other() -> None:
    """Whichever is first, the other one is refused: never an outcome before its operation."""
    for round_number in range(ROUNDS):
        of = cast.recorded(cast.person(f"H{round_number}"))
        day = cast.OPERATION.replace(day=20)
        later = cast.worked_example(operation_date=day, radiograph_date=None)
        entry = acts.measured(3, 5, on=day)
        jobs: list[Callable[[], object]] = [
            partial(acts.amended, of, later),
            partial(acts.outcome, of, entry),
        ]
        made, refused = at_once(jobs)
        assert len(made) == len(refused) == 1
        assert isinstance(
            refused[0], (actions.OutcomeBeforeOperationError, actions.OutcomeTooEarlyError)
        )


@pytest.mark.usefixtures("staff")
def test_a_death_and_another_assessment_of_the_patient_do_not_miss_each_other() -> None:
    """A new one, one that is moved to the patient, and one that is amended meanwhile."""
    for round_number in range(ROUNDS):
        of, moved = (acts.provisional(f"{name}{round_number}") for name in ("H", "M"))
        amended = cast.recorded(of.patient, cast.before_the_radiograph(fracture_level="L2"))
        level = cast.before_the_radiograph(fracture_level="L3")
        jobs: list[Callable[[], object]] = [
            partial(acts.outcome, of, acts.not_evaluable(3, "died")),
            partial(cast.recorded, of.patient, level),
            partial(acts.amended, moved, patient=of.patient),
            partial(acts.amended, amended, level),
        ]
        _, refused = at_once(jobs)
        assert not refused
    assert set(AssessmentChain.objects.values_list("patient_died", flat=True)) == {True}


@pytest.mark.usefixtures("staff")
def test_deaths_said_by_several_assessments_of_a_patient_do_not_block_each_other() -> None:
    for round_number in range(ROUNDS):
        first = acts.provisional(f"H{round_number}")
        level = cast.before_the_radiograph(fracture_level="L2")
        others = [cast.recorded(first.patient, level) for _ in range(3)]
        said = acts.not_evaluable(3, "died")
        acts.outcome(others[-1], said)
        jobs: list[Callable[[], object]] = [
            *(partial(acts.outcome, one, said) for one in (first, *others[:-1])),
            partial(acts.voided, others[-1]),
        ]
        _, refused = at_once(jobs)
        assert not refused
    assert set(AssessmentChain.objects.values_list("patient_died", flat=True)) == {True}


@pytest.mark.parametrize("way", ["void", "reinstate"])
def test_an_outcome_and_a_void_do_not_pass_each_other(staff: list[User], way: str) -> None:
    """An outcome is on record only where the assessment stood when it came."""
    alice, bob, _ = staff
    for round_number in range(ROUNDS):
        of = cast.recorded(cast.person(f"H{round_number}"))
        shown = acts.voided(of) if way == "reinstate" else of
        change = partial(acts.reinstated if way == "reinstate" else acts.voided, shown, by=bob)
        outcome = partial(acts.outcome, shown, acts.measured(3, 5), by=alice)
        jobs: list[Callable[[], object]] = [change, outcome]
        _made, refused = at_once(jobs)
        assert {type(each) for each in refused} <= {actions.NotAllowedInStateError}
        assert Outcome.objects.filter(chain=of.chain_id).count() == 1 - len(refused)
        lines = AuditEvent.objects.filter(patient_id=of.patient_id).order_by("id")
        done = [line.action for line in lines][3 if way == "reinstate" else 2 :]
        recorded = [] if refused else [Action.OUTCOME_RECORDED]
        assert done == (
            [Action.ASSESSMENT_REINSTATED, *recorded]
            if way == "reinstate"
            else [*recorded, Action.ASSESSMENT_VOIDED]
        )


def test_whoever_s_outcome_came_after_the_void_is_told(staff: list[User]) -> None:
    """By the pages, sent in the same moment."""
    alice, bob = (signed_in(user) for user in staff[:2])
    for round_number in range(ROUNDS):
        of = cast.recorded(cast.person(f"H{round_number}"))
        day = cast.written(cast.OPERATION + timedelta(days=3))
        outcome = browse.filled(alice, "outcome-day-3", of, vas="5", measured_on=day)
        void = browse.filled(bob, "assessment-void", of, reason="the wrong patient")
        send_outcome = partial(browse.sent, alice, "outcome-day-3", of, outcome)
        send_void = partial(browse.sent, bob, "assessment-void", of, void)
        answers, _refused = at_once([send_outcome, send_void])
        said = browse.messages(alice, browse.led_to(answers[0]))
        is_saved = Outcome.objects.filter(chain=of.chain_id).exists()
        assert ("Outcome of day 3 recorded." in said) == is_saved
        assert any("can't have an outcome" in text for text in said) != is_saved
        assert AssessmentChain.objects.filter(pk=of.chain_id, current__state="voided").exists()


def test_report_numbers_have_no_gaps_while_others_amend(staff: list[User]) -> None:
    def work(number: int) -> Assessment:
        by = staff[number % 3]
        first = cast.recorded(cast.person(f"H{number}"), by=by)
        second = acts.amended(first, by=by)
        with pytest.raises(actions.StaleVersionError):
            acts.amended(first, by=by)
        cast.recorded(first.patient, by=by)
        return acts.voided(second, by=by)

    made, refused = at_once([partial(work, n) for n in range(PEOPLE)])
    assert not refused
    assert len(made) == PEOPLE
    serials = AssessmentChain.objects.order_by("report_serial").values_list("report_serial")
    assert [serial for (serial,) in serials] == list(range(1, 2 * PEOPLE + 1))
    # New versions keep the number of their chain.
    assert Assessment.objects.count() == 4 * PEOPLE
    assert len({version.chain.report_number for version in made}) == PEOPLE
