"""Every row of the demonstration is one that the actions would have made at the time."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from scoring import actions
from scoring.entry import Submission
from scoring.models import Assessment, AssessmentChain, Outcome, Patient, User
from scoring.models.codes import Change
from scoring.queries.record_check import RecordCheck
from script.lib.demonstration import accounts
from script.lib.demonstration.acts import Course, OutcomeAct, VersionAct
from script.lib.demonstration.courses import draw_courses
from script.lib.demonstration.record import Record
from tests.life import record

pytestmark = pytest.mark.django_db
ROWS = (*record.TABLES, "scoring_indexassessment")
# Given by the database as rows come.
NUMBERED = {"scoring_auditevent": ("id", "digest"), "scoring_patient": ("salt",)}


def test_every_row_is_one_the_actions_make(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    staff = accounts.make_accounts(timezone.now())
    courses = draw_courses(patients=60, operated_again=5, seed=7, today=date(2026, 3, 14))
    changes = {
        act.change for course in courses for act in course.acts if isinstance(act, VersionAct)
    }
    # Nothing is undone or called off in the demonstration.
    left_out = {Change.UNDO, Change.NO_RADIOGRAPH, Change.CANCEL, Change.RESUME}
    assert changes == set(Change) - left_out
    at_a_stroke = _rows_of(lambda: Record(staff, Random(1)).write(courses))  # noqa: S311
    one_by_one = _rows_of(lambda: _act(courses, staff))
    for table in ROWS:
        assert at_a_stroke[table] == one_by_one[table], table
    assert len(at_a_stroke["scoring_assessment"]) > 100


def _act(courses: list[Course], staff: dict[str, User]) -> None:
    """Do the same, one action after the other, each at its moment."""
    versions: dict[int, Assessment] = {}
    patients: dict[str, Patient] = {}
    acts = [(act, course) for course in courses for act in course.acts]
    for act, course in sorted(acts, key=lambda pair: pair[0].at):
        submission = Submission(token=act.token, origin=actions.NOWHERE)
        by, known = staff[act.by], versions.get(id(course))
        with patch.object(timezone, "now", return_value=act.at):
            if isinstance(act, OutcomeAct):
                assert known is not None
                _act_outcome(act, known, by)
            elif known is None:
                patient = patients.get(course.patient.hospital_number, course.patient)
                made = actions.record_assessment(
                    by=by, patient=patient, entry=act.entry, submission=submission
                )
                patients[course.patient.hospital_number] = made.patient
                versions[id(course)] = made
            else:
                versions[id(course)] = _act_version(act, known, by)


def _act_version(act: VersionAct, known: Assessment, by: User) -> Assessment:
    submission = Submission(token=act.token, origin=actions.NOWHERE)
    if act.change == Change.COMPLETE:
        assert act.entry["mvh_restored"].answer is not None
        return actions.complete(
            by=by,
            assessment=known,
            mvh_restored=act.entry["mvh_restored"].answer,
            radiograph_date=act.entry["mvh_restored"].source_date,
            submission=submission,
        )
    if act.change == Change.AMEND:
        return actions.amend(
            by=by,
            assessment=known,
            patient=known.patient,
            entry=act.entry,
            reason=act.reason,
            submission=submission,
        )
    change = actions.void if act.change == Change.VOID else actions.reinstate
    return change(by=by, assessment=known, reason=act.reason, submission=submission)


def _act_outcome(act: OutcomeAct, known: Assessment, by: User) -> None:
    standing = Outcome.objects.filter(chain=known.chain, time_point=act.entry.time_point)
    actions.record_outcome(
        by=by,
        assessment=known,
        entry=act.entry,
        expected=standing.order_by("-version").first() if act.reason else None,
        reason=act.reason,
        submission=Submission(token=act.token, origin=actions.NOWHERE),
    )


def _rows_of(write: Callable[[], None]) -> dict[str, list[list[tuple[str, str]]]]:
    """Every row that is written, with what names it in place of random keys; nothing is kept."""
    with transaction.atomic():
        before = {table: set(record.rows_of(table)) for table in ROWS}
        write()
        connection.check_constraints()
        names: dict[str, str] = {}
        for patient in Patient.objects.all():
            names[str(patient.pk)] = patient.hospital_number
        for chain in AssessmentChain.objects.all():
            names[str(chain.pk)] = chain.report_number
        for model in (Assessment, Outcome):
            made = model._default_manager.values_list("pk", "form_token")
            names |= {str(pk): f"made by {token}" for pk, token in made}
        # The rows of the cast were made before.
        assert not list(RecordCheck().findings())
        rows = {}
        for table in ROWS:
            added = [row for pk, row in record.rows_of(table).items() if pk not in before[table]]
            for row in added:
                _leave_out_digests(row)
            rows[table] = _named(added, names, NUMBERED.get(table, ()))
        transaction.set_rollback(True)
    return rows


def _leave_out_digests(row: record.Row) -> None:
    """Digests of rows with random keys: which rows they are of is left."""
    detail = json.loads(row["detail"]) if "detail" in row else {}
    if "record" in detail:
        detail["record"] = [[model, about] for model, *_, about in detail["record"]]
        row["detail"] = json.dumps(detail, sort_keys=True)


def _named(
    rows: list[record.Row], names: dict[str, str], without: tuple[str, ...]
) -> list[list[tuple[str, str]]]:
    def text(value: object) -> str:
        said = str(value)
        for word in said.split('"'):
            said = said.replace(word, names.get(word, word)) if word in names else said
        return said

    return sorted(
        [(name, text(value)) for name, value in row.items() if name not in without] for row in rows
    )
