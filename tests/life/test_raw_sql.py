"""Whoever has a SQL prompt cannot break the life of an assessment either."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from scoring.models import Assessment, Outcome, Patient, PatientCorrection
from tests import cast
from tests.life import acts, record

pytestmark = pytest.mark.django_db

CHANGES = {
    "scoring_assessment": "reason = 'changed'",
    "scoring_outcome": "vas = 0",
    "scoring_patientcorrection": "reason = 'changed'",
    "scoring_auditevent": "actor = 'nobody'",
    "scoring_assessmentchain": "state = 'final'",
    "scoring_patient": "family_name = 'Li'",
}


@pytest.fixture
def lived() -> Assessment:
    """An assessment completed and amended, with an outcome corrected and an identity too."""
    first = acts.provisional()
    current = acts.amended(acts.completed(first))
    day_3 = acts.outcome(current, acts.measured(3, 5))
    acts.outcome(current, acts.measured(3, 6), expected=day_3)
    acts.corrected(current.patient, cast.person(given_name="Xiulian"))
    return acts.read(current.pk)


def _copy(table: str, pk: object, **changes: object) -> record.Row:
    """A row like another one, with a key and token of its own."""
    assert isinstance(pk, (int, type(uuid4())))
    own = {"id": uuid4(), "form_token": uuid4()}
    return record.row(table, pk) | own | changes


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("table", CHANGES)
def test_update_is_refused(table: str) -> None:
    record.refused(f"UPDATE {table} SET {CHANGES[table]}")  # noqa: S608


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("table", CHANGES)
def test_update_of_nothing_is_refused_too(table: str) -> None:
    record.refused(f"UPDATE {table} SET id = id")  # noqa: S608


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("table", CHANGES)
def test_delete_is_refused(table: str) -> None:
    record.refused(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("table", CHANGES)
def test_truncate_is_refused(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    record.refused(f"TRUNCATE {table} CASCADE")


def test_an_insert_that_would_update_is_refused(lived: Assessment) -> None:
    record.refused(
        "INSERT INTO scoring_outcome SELECT * FROM scoring_outcome WHERE chain_id = %s "
        "ON CONFLICT (id) DO UPDATE SET vas = 0",
        [lived.chain_id],
    )


def test_a_version_has_one_successor(lived: Assessment) -> None:
    assert lived.supersedes is not None
    again = _copy("scoring_assessment", lived.pk)
    record.insert_refused("scoring_assessment", again, by="version_unique|supersedes_id")
    # The same without the number of another version.
    skipped = again | {"version": lived.version + 1}
    record.insert_refused("scoring_assessment", skipped, by="follows_its_predecessor")


def test_no_version_is_skipped(lived: Assessment) -> None:
    following = {
        "supersedes_id": lived.pk,
        "supersedes_version": lived.version + 1,
        "version": lived.version + 2,
    }
    skipping = _copy("scoring_assessment", lived.pk, **following)
    record.insert_refused("scoring_assessment", skipping, by="follows_in_its_chain")


def test_a_version_follows_in_its_own_chain(lived: Assessment) -> None:
    other = cast.recorded(lived.patient)
    following = {"supersedes_id": lived.pk, "supersedes_version": 3, "version": 4}
    stray = _copy("scoring_assessment", lived.pk, **following, chain_id=other.chain_id)
    record.insert_refused("scoring_assessment", stray, by="follows_in_its_chain")


def test_a_chain_does_not_fork_at_its_first_version(lived: Assessment) -> None:
    first = Assessment.objects.get(chain=lived.chain_id, version=1)
    record.insert_refused(
        "scoring_assessment", _copy("scoring_assessment", first.pk), by="version_unique"
    )


def test_the_current_version_is_the_last_one_and_no_other(lived: Assessment) -> None:
    for earlier in Assessment.objects.filter(chain=lived.chain_id).exclude(pk=lived.pk):
        record.refused(
            "UPDATE scoring_assessmentchain SET current_id = %s WHERE id = %s",
            [earlier.pk, lived.chain_id],
        )


def test_a_version_is_current_in_its_own_chain_only(lived: Assessment) -> None:
    earlier = Assessment.objects.get(chain=lived.chain_id, version=1)
    chain = record.row("scoring_assessmentchain", lived.chain_id)
    own = {"id": uuid4(), "report_serial": chain["report_serial"] + 1}
    for current in (lived.pk, earlier.pk):
        stray = chain | own | {"current_id": current}
        record.insert_refused("scoring_assessmentchain", stray, by="begins empty")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "final"},
        {"operation_date": cast.OPERATION},
        {"day_3": "measured"},
        {"vas_day_3": 5},
        {"day_30": "not_evaluable"},
        {"vas_day_30": 5},
        {"follow_up_ended": True},
        {"patient_died": True},
    ],
)
def test_a_chain_says_nothing_that_no_version_or_outcome_says(changes: record.Row) -> None:
    chain = {
        "id": uuid4(),
        "report_year": 2025,
        "report_serial": 1,
        "current_id": None,
        "state": "",
        "operation_date": None,
        "day_3": "open",
        "vas_day_3": None,
        "day_30": "open",
        "vas_day_30": None,
        "follow_up_ended": False,
        "patient_died": False,
    }
    record.insert_refused("scoring_assessmentchain", chain | changes, by="begins empty")
    record.insert("scoring_assessmentchain", chain)


@pytest.mark.parametrize(("days", "sound"), [(2, True), (3, False), (4, False)])
def test_no_version_puts_the_operation_behind_an_outcome(
    lived: Assessment, days: int, sound: bool
) -> None:
    following = {"supersedes_id": lived.pk, "supersedes_version": 3, "version": 4}
    day = cast.OPERATION + timedelta(days=days)
    moved = _copy("scoring_assessment", lived.pk, **following) | {"operation_date": day}
    if sound:
        record.insert("scoring_assessment", moved)
    else:
        record.insert_refused("scoring_assessment", moved, by="after the operation")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"vas": 11}, "vas_0_to_10"),
        ({"vas": -1}, "vas_check"),
        ({"vas": None}, "measured_or_not_evaluable"),
        ({"measured_on": None}, "measured_or_not_evaluable"),
        ({"not_evaluable": "lost"}, "measured_or_not_evaluable"),
        ({"vas": None, "measured_on": None}, "measured_or_not_evaluable"),
        (
            {"vas": None, "measured_on": None, "not_evaluable": "moved away"},
            "measured_or_not_evaluable",
        ),
        ({"measured_on": cast.OPERATION}, "after the operation"),
        ({"measured_on": cast.OPERATION - timedelta(days=1)}, "after the operation"),
        ({"reason": " "}, "reason_for_every_correction"),
        ({"time_point": 7}, "time_point_known_code|follows_in_its_chain"),
        ({"version": 4}, "follows_its_predecessor"),
        ({"version": 2, "supersedes_version": 1}, "supersedes_id|version_unique"),
        ({"time_point": 30}, "follows_in_its_chain"),
        ({"supersedes_id": None, "supersedes_version": None}, "follows_its_predecessor"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(
    lived: Assessment, changes: record.Row, rule: str
) -> None:
    last = Outcome.objects.get(chain=lived.chain_id, version=2)
    following = {"supersedes_id": last.pk, "supersedes_version": 2, "version": 3}
    sound = _copy("scoring_outcome", last.pk, **following)
    record.insert_refused("scoring_outcome", sound | changes, by=rule)
    # Nothing but the change was wrong with it.
    record.insert("scoring_outcome", sound)


def test_an_outcome_follows_in_its_own_chain(lived: Assessment) -> None:
    last = Outcome.objects.get(chain=lived.chain_id, version=2)
    other = cast.recorded(lived.patient)
    following = {"supersedes_id": last.pk, "supersedes_version": 2, "version": 3}
    stray = _copy("scoring_outcome", last.pk, **following, chain_id=other.chain_id)
    record.insert_refused("scoring_outcome", stray, by="follows_in_its_chain")


def test_an_outcome_has_one_first_version_and_one_successor(lived: Assessment) -> None:
    for outcome in Outcome.objects.filter(chain=lived.chain_id):
        copy = _copy("scoring_outcome", outcome.pk)
        record.insert_refused("scoring_outcome", copy, by="version_unique|supersedes_id")


def test_a_form_makes_one_row_and_no_second(lived: Assessment) -> None:
    outcome = Outcome.objects.get(chain=lived.chain_id, version=2)
    correction = PatientCorrection.objects.get()
    following = {"supersedes_id": outcome.pk, "supersedes_version": 2, "version": 3}
    second = {
        "scoring_outcome": _copy("scoring_outcome", outcome.pk, **following)
        | {"form_token": outcome.form_token},
        "scoring_patientcorrection": record.row("scoring_patientcorrection", correction.pk)
        | {"id": 10**9, "revision": 2},
        "scoring_assessment": _copy(
            "scoring_assessment",
            lived.pk,
            supersedes_id=lived.pk,
            supersedes_version=3,
            version=4,
            form_token=lived.form_token,
        ),
    }
    for table, row in second.items():
        record.insert_refused(table, row, by="form_token")


@pytest.mark.usefixtures("lived")
def test_an_identity_changes_only_as_recorded() -> None:
    patient = Patient.objects.get()
    correction = PatientCorrection.objects.get()
    record.refused("UPDATE scoring_patient SET given_name = 'Li', revision = 2")
    # A correction on record that says something else does not help.
    copy = record.row("scoring_patientcorrection", correction.pk)
    told = {
        "id": 10**9,
        "revision": 2,
        "form_token": uuid4(),
        "old_given_name": "Xiulian",
        "new_given_name": "Na",
    }
    record.insert("scoring_patientcorrection", copy | told)
    record.refused("UPDATE scoring_patient SET given_name = 'Li', revision = 2")
    record.refused("UPDATE scoring_patient SET given_name = 'Na', sex = 'male', revision = 2")
    record.refused("UPDATE scoring_patient SET given_name = 'Na', revision = 3")
    record.refused("UPDATE scoring_patient SET given_name = 'Na'")
    record.execute("UPDATE scoring_patient SET given_name = 'Na', revision = 2")
    patient.refresh_from_db()
    assert (patient.given_name, patient.revision) == ("Na", 2)
