"""Proposed by one, approved by another; one active at most; results keep what they had."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from scoring import actions
from scoring.models import AuditEvent, RecalibratedRisk, Recalibration, RecalibrationDecision
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests.life import acts
from tests.recalibration.local import REASON, adjusted, approved, proposed, rejected, retired
from tests.same_moment import at_once

pytestmark = pytest.mark.django_db


def _logged() -> list[tuple[str, str]]:
    lines = AuditEvent.objects.filter(action__startswith="recalibration_").order_by("id")
    return [(line.actor, line.action) for line in lines]


def test_a_proposal_keeps_its_evidence_and_changes_no_result() -> None:
    kept = proposed()
    found = adjusted()
    assert (kept.number, kept.method, kept.state) == (1, "intercept_and_slope", "")
    assert (kept.intercept, kept.slope) == (found.found.intercept, found.found.slope)
    assert (kept.n, kept.events, kept.population) == (1500, found.events, "as_study")
    assert (kept.model_identifier, kept.model_version) == (RONG_2025.identifier, RONG_2025.version)
    assert kept.data_sha256 == found.data_sha256
    assert kept.evidence["before"]["calibration_slope"] == found.found.before.slope
    assert kept.evidence["after_corrected"]["n"] == 20
    assert set(kept.evidence["fits"]) == {"expected", "observed_expected", "before", "after"}
    assert Recalibration.active() is None
    cast.recorded()
    assert not RecalibratedRisk.objects.exists()
    assert _logged() == [("alice", "recalibration_proposed")]


def test_a_model_that_fits_is_not_adjusted() -> None:
    with pytest.raises(actions.NothingToRecalibrateError):
        proposed(found=adjusted(0.0, 1.0))


def test_the_same_press_twice() -> None:
    again = cast.submission()
    first, second = (
        actions.propose_recalibration(by=cast.alice(), adjustment=adjusted(), submission=again)
        for _ in range(2)
    )
    assert first == second
    decide = cast.submission()
    for _ in range(2):
        actions.approve_recalibration(
            by=cast.bob(), recalibration=first, reason=REASON, submission=decide
        )
    assert RecalibrationDecision.objects.count() == 1


def test_the_proposer_cannot_approve() -> None:
    kept = proposed()
    with pytest.raises(actions.OwnProposalError):
        approved(kept, by=cast.alice())
    with pytest.raises(IntegrityError, match="a second person approves"), transaction.atomic():
        RecalibrationDecision.objects.create(
            recalibration=kept,
            decision="approved",
            reason=REASON,
            form_token=uuid4(),
            decided_at=kept.proposed_at,
            decided_by=cast.alice(),
            decided_by_name="Dr Alice Moore",
        )
    assert Recalibration.active() is None


def test_a_newer_one_replaces_the_active_one() -> None:
    first, second = approved(), proposed()
    approved(second, by=acts.cara())
    assert Recalibration.active() == second
    assert (first.state, second.state) == ("retired", "approved")
    assert _logged()[-2:] == [
        ("cara", "recalibration_retired"),
        ("cara", "recalibration_approved"),
    ]


def test_what_is_decided_is_decided() -> None:
    kept = approved()
    with pytest.raises(actions.AlreadyDecidedError):
        approved(kept)
    retired(kept)
    assert Recalibration.active() is None
    with pytest.raises(actions.AlreadyDecidedError):
        retired(kept)
    rejected = proposed()
    actions.reject_recalibration(
        by=cast.alice(), recalibration=rejected, reason=REASON, submission=cast.submission()
    )
    with pytest.raises(actions.AlreadyDecidedError):
        approved(rejected)
    with pytest.raises(actions.AlreadyDecidedError):
        retired(rejected)
    with pytest.raises(actions.ReasonMissingError):
        actions.approve_recalibration(
            by=cast.bob(), recalibration=proposed(), reason=" ", submission=cast.submission()
        )


def test_every_version_keeps_what_it_was_made_with() -> None:
    before = acts.provisional()
    kept = approved()
    final = acts.completed(before)
    risk = final.recalibrated
    assert not RecalibratedRisk.objects.filter(assessment=before).exists()
    assert risk.recalibration == kept
    total = final.not_restored_total_points
    assert total is not None
    assert risk.not_restored_risk == kept.curve.risk_at(total)
    assert (risk.restored_risk, risk.restored_ci95_low) == (None, None)
    assert final.not_restored_risk == pytest.approx(0.761, abs=2e-3)
    second = approved(proposed(found=adjusted(0.5, 0.8)), by=acts.cara())
    voided = acts.voided(final)
    back = acts.reinstated(voided)
    assert voided.recalibrated.recalibration == back.recalibrated.recalibration == kept
    assert back.recalibrated.not_restored_risk == risk.not_restored_risk
    retired(second)
    assert not RecalibratedRisk.objects.filter(assessment=acts.amended(back)).exists()
    assert RecalibratedRisk.objects.get(assessment=final).recalibration == kept


def test_a_provisional_version_has_both() -> None:
    kept = approved()
    risk = acts.read(acts.provisional().pk).recalibrated
    assert risk.restored_risk == pytest.approx(kept.curve.risk_at(183.886 - 35.68), rel=1e-12)
    assert risk.not_restored_risk == pytest.approx(kept.curve.risk_at(183.886), rel=1e-12)


@pytest.mark.as_owner
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scoring_recalibration SET slope = 1",
        "DELETE FROM scoring_recalibration",
        "UPDATE scoring_recalibrationdecision SET decision = 'rejected'",
        "DELETE FROM scoring_recalibrationdecision",
        "UPDATE scoring_recalibratedrisk SET not_restored_risk = 0.1",
        "DELETE FROM scoring_recalibratedrisk",
    ],
)
def test_nothing_of_it_is_changed_or_deleted(sql: str) -> None:
    approved()
    cast.recorded()
    with (
        pytest.raises(InternalError, match="pgtrigger"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_leave_one_active() -> None:
    waiting = [proposed(), proposed()]
    people = [cast.bob(), acts.cara()]
    _made, refused = at_once([partial(approved, waiting[i], people[i]) for i in range(2)])
    assert refused == []
    assert sorted(one.state for one in waiting) == ["approved", "retired"]
    assert Recalibration.active() == next(one for one in waiting if one.state == "approved")


@pytest.mark.django_db(transaction=True)
def test_approved_twice_at_once_counts_once() -> None:
    one, people = proposed(), [cast.bob(), acts.cara()]
    _made, refused = at_once([partial(approved, one, person) for person in people])
    assert len(refused) == 1
    assert [decision.decision for decision in one.decisions.all()] == ["approved"]
    assert Recalibration.active() == one


@pytest.mark.django_db(transaction=True)
def test_approval_against_rejection_has_one_winner() -> None:
    one, approver = proposed(), acts.cara()
    cast.bob()
    decisions: list[Callable[[], object]] = [
        partial(approved, one, approver),
        partial(rejected, one),
    ]
    _made, refused = at_once(decisions)
    assert len(refused) == 1
    (kept,) = one.decisions.all()
    assert Recalibration.active() == (one if kept.decision == "approved" else None)
    # Only the decision that counts is in the log.
    assert [action for _actor, action in _logged()] == [
        "recalibration_proposed",
        f"recalibration_{kept.decision}",
    ]
