"""Versions of an assessment: each follows its own predecessor, the last one is the current one."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from scoring import queries
from scoring.models import Assessment, AssessmentChain
from scoring.models.codes import Change, State
from tests import cast

pytestmark = pytest.mark.django_db


def _follow_at_once(previous: Assessment, **changes: Any) -> None:
    """A next version; foreign keys that wait for the end of the transaction answer now."""
    with transaction.atomic():
        cast.next_version(previous, **changes)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_chain_follows_its_newest_version() -> None:
    first = cast.recorded(entry=cast.before_the_radiograph())
    assert first.is_current
    second = cast.next_version(
        first, change=Change.AMEND, state=State.PROVISIONAL, reason="level corrected"
    )
    third = cast.next_version(second, reason="level corrected back")
    chain = AssessmentChain.objects.get()
    assert chain.current == third
    read = Assessment.objects.select_related("chain").in_bulk()
    assert [read[v.pk].is_current for v in (first, second, third)] == [False, False, True]
    assert {v.chain.report_number for v in read.values()} == {chain.report_number}
    (found,) = queries.patient_chains(first.patient)
    assert found.current == third
    assert found.earlier == [second, first]


def test_a_version_cannot_follow_one_of_another_chain() -> None:
    first = cast.recorded()
    other = cast.recorded(first.patient)
    with pytest.raises(IntegrityError, match=r"assessment_follows_in_its_chain"):
        _follow_at_once(first, supersedes_id=other.pk)


def test_a_version_cannot_skip_its_predecessor() -> None:
    first = cast.recorded()
    second = cast.next_version(first)
    # Says it follows version 2, but names version 1 as the row it supersedes.
    with pytest.raises(IntegrityError, match=r"supersedes_id|follows_in_its_chain"):
        _follow_at_once(second, supersedes_id=first.pk)


def test_a_version_cannot_move_to_another_chain() -> None:
    first = cast.recorded()
    other = cast.recorded(first.patient)
    second = cast.next_version(other)
    with pytest.raises(IntegrityError, match=r"assessment_follows_in_its_chain"):
        _follow_at_once(second, chain_id=first.chain_id)


def test_one_successor_per_version() -> None:
    first = cast.recorded()
    cast.next_version(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.next_version(first)
    assert Assessment.objects.count() == 2


def test_one_first_version_per_chain() -> None:
    first = cast.recorded()
    copy = Assessment.objects.get(pk=first.pk)
    copy.pk, copy.form_token = uuid4(), uuid4()
    with pytest.raises(IntegrityError, match="assessment_version_unique"), transaction.atomic():
        copy.save(force_insert=True)


def test_void_and_reinstate_keep_everything_readable() -> None:
    first = cast.recorded()
    voided = cast.next_version(first, change=Change.VOID, state=State.VOIDED, reason="wrong person")
    back = cast.next_version(
        voided, change=Change.REINSTATE, state=State.FINAL, reason="right person after all"
    )
    assert back.is_current
    assert back.result == first.result
    assert Assessment.objects.count() == 3


def test_the_generated_columns_hold_the_ends_of_the_risk() -> None:
    provisional = cast.recorded(entry=cast.before_the_radiograph())
    final = cast.recorded(provisional.patient)
    restored = cast.recorded(provisional.patient, cast.worked_example(mvh_restored=True))
    assert (provisional.risk_min, provisional.risk_max) == (
        provisional.restored_risk,
        provisional.not_restored_risk,
    )
    assert (final.risk_min, final.risk_max) == (final.not_restored_risk, final.not_restored_risk)
    assert (restored.risk_min, restored.risk_max) == (
        restored.restored_risk,
        restored.restored_risk,
    )
