"""Nothing on record is ever changed or deleted, neither through Django nor by SQL."""

import pytest
from django.db import InternalError, connection, transaction
from django.db.models import ProtectedError

from scoring import actions
from scoring.models import Assessment, AssessmentChain, AuditEvent, Patient
from tests import cast
from tests.laboratory.kept import merged, of_laboratory

pytestmark = pytest.mark.django_db
TABLES = (
    "scoring_assessment",
    "scoring_assessmentchain",
    "scoring_auditevent",
    "scoring_laboratorymessage",
    "scoring_laboratoryresult",
    "scoring_laboratorysource",
    "scoring_numbermerge",
    "scoring_patient",
    "scoring_ward",
    "scoring_wardsettings",
)
CHANGES = {
    "scoring_assessment": "restored_risk = 0.5",
    "scoring_assessmentchain": "current_id = NULL",
    "scoring_auditevent": "actor = 'nobody'",
    "scoring_laboratorymessage": "state = 'refused'",
    "scoring_laboratoryresult": "value = 12",
    "scoring_laboratorysource": "message_digest = ''",
    "scoring_numbermerge": "surviving_number = 'H9'",
    "scoring_patient": "family_name = 'Li'",
    "scoring_ward": "name = 'Spine 2'",
    "scoring_wardsettings": "ward_name = 'Spine 2'",
}


def _recorded() -> None:
    """A row in each of the tables."""
    cast.recorded()
    of_laboratory("H7")
    merged("H7", "H8")
    actions.add_ward(by=cast.adam(), name="Spine 1", origin=actions.NOWHERE)
    actions.change_ward_settings(
        by=None, facts={"ward_name": "Spine 1"}, opened=0, origin=actions.NOWHERE
    )


def _refused(sql: str) -> None:
    with (
        pytest.raises(InternalError, match="pgtrigger"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("table", TABLES)
def test_update_is_refused(table: str) -> None:
    _recorded()
    _refused(f"UPDATE {table} SET {CHANGES[table]}")  # noqa: S608 - names of the test itself


@pytest.mark.parametrize("table", TABLES)
def test_delete_is_refused(table: str) -> None:
    _recorded()
    _refused(f"DELETE FROM {table}")  # noqa: S608 - names of the test itself


def _settle_foreign_keys() -> None:
    """Checks that wait for the end of the transaction would stop a truncate before its trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", TABLES)
def test_truncate_is_refused(table: str) -> None:
    _recorded()
    _settle_foreign_keys()
    _refused(f"TRUNCATE {table} CASCADE")


def test_a_user_can_be_removed_by_nobody() -> None:
    cast.recorded()
    _settle_foreign_keys()
    _refused("TRUNCATE scoring_user CASCADE")
    with pytest.raises(ProtectedError):
        cast.alice().delete()
    # Nor one without a record.
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        cast.nora().delete()
    _refused("DELETE FROM scoring_user")


def test_the_same_through_django() -> None:
    assessment = cast.recorded()
    for model in (Assessment, AssessmentChain, AuditEvent, Patient):
        with pytest.raises((InternalError, ProtectedError)), transaction.atomic():
            model.objects.all().delete()
    assessment.t_score = -3
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        assessment.save()
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        Patient.objects.update(sex="male")
    with pytest.raises(InternalError, match="pgtrigger"), transaction.atomic():
        assessment.patient.save()


def test_a_chain_keeps_its_report_number_even_when_a_version_comes() -> None:
    chain = cast.recorded().chain
    chain.report_serial += 1
    with pytest.raises(InternalError, match="only by a new version"), transaction.atomic():
        chain.save()
