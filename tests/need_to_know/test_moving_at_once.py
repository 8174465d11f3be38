"""All patients without a ward are moved while somebody saves something of one of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from scoring import actions
from scoring.models import Patient, User, Ward
from tests import cast
from tests.faults.conftest import until
from tests.need_to_know.wards import ward

pytestmark = pytest.mark.django_db(transaction=True)
# Not pg_stat_activity, of which a transaction sees the same from its first look on.
WAITING = "select count(*) from pg_locks where not granted"


def _moved(by: User, to: Ward) -> int:
    try:
        return actions.move_patients_without_ward(by=by, ward=to, origin=actions.NOWHERE)
    finally:
        connection.close()


def _locked(patient: Patient) -> None:
    """Lock a patient's row; raises where somebody else has it."""
    Patient.objects.select_for_update(nowait=True).get(pk=patient.pk)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def test_patients_are_locked_in_the_order_of_their_keys() -> None:
    """As an amendment that moves an assessment locks its two patients: neither waits for ever."""
    to, by = ward("Spine 1"), cast.adam()
    first, second = sorted((cast.registered("H1"), cast.registered("H2")), key=lambda p: p.pk)
    # Written anew, it lies behind the other one: read through, the table gives that one first.
    for elsewhere in (to, None):
        actions.move_patient(
            by=by, patient=first, ward=elsewhere, reason="mistaken", origin=actions.NOWHERE
        )
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            _locked(first)
            moving = pool.submit(_moved, by, to)
            until(_somebody_waits, "the move waits for the first patient")
            _locked(second)
        assert moving.result() == 2
    assert set(Patient.objects.values_list("ward", flat=True)) == {to.pk}
