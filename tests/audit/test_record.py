"""Whatever is altered in the record, removed from it or added to it is found, by name."""

from dataclasses import replace
from itertools import permutations

import pytest
from django.db import connection

from scoring import actions
from scoring.models import Assessment, AuditEvent, Outcome, Patient
from scoring.models import record_digest as form
from scoring.models.record_digest import RecordTable
from scoring.models.record_tables import RECORD_TABLES
from scoring.queries.record_check import RecordProblem as P
from tests import cast
from tests.audit.every_row import (
    OTHER,
    different_keys,
    found,
    has,
    keys,
    let_loose,
    lives,
    run,
    taken_back,
    types,
)
from tests.life import acts

pytestmark = pytest.mark.django_db
# Moved without a new state of the patient.
UNCHECKED = {("patient", "ward_id")}
EACH = pytest.mark.parametrize("model", list(RECORD_TABLES))


@pytest.fixture(autouse=True)
def _long_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four digits two are the same by chance too often for tests of every column."""
    monkeypatch.setattr(form, "_PRINT_DIGITS", 16)


def test_what_the_actions_write_is_whole() -> None:
    lives()
    assert found() == []
    for table in RECORD_TABLES.values():
        assert len(keys(table.table, table.pk)) >= 2, table.model


@EACH
@pytest.mark.slow
def test_one_value_of_every_column(model: str) -> None:
    table = RECORD_TABLES[model]
    lives()
    let_loose()
    # The newest: of a patient who was corrected, of a version that is current.
    pk = keys(table.table, table.pk)[-1]
    row = f"WHERE {table.pk}::text = '{pk}'"
    for name, kind in types(table.table).items():
        if name == table.pk or (model, name) in UNCHECKED:
            continue
        for value in (OTHER[kind].format(c=name), "NULL"):
            with taken_back():
                run(f"ALTER TABLE {table.table} ALTER {name} DROP NOT NULL")
                run(f"CREATE TEMP TABLE kept AS SELECT {name} FROM {table.table} {row}")
                # A value that is none already stays what it is.
                sql = f"UPDATE {table.table} SET {name} = {value} {row}"
                if not run(f"{sql} AND {name} IS DISTINCT FROM ({value})"):
                    continue
                wrong = found()
                if (model, name, value) == ("patient", "revision", OTHER[kind].format(c=name)):
                    # A state of the row that no line tells of.
                    assert has(wrong, P.ROW_ADDED, model)
                elif name in table.left_out:
                    assert any(
                        each.problem is P.ROW_DISAGREES and name in each.columns for each in wrong
                    ), name
                else:
                    assert has(wrong, P.ROW_ALTERED, model, name), (name, value, wrong)
                run(f"UPDATE {table.table} SET {name} = (SELECT {name} FROM kept) {row}")
                assert found() == []


@EACH
def test_a_row_that_was_removed(model: str) -> None:
    table = RECORD_TABLES[model]
    lives()
    let_loose()
    for pk in keys(table.table, table.pk):
        with taken_back():
            run(f"DELETE FROM {table.table} WHERE {table.pk}::text = '{pk}'")
            assert any(
                each.problem is P.ROW_GONE and each.model == model and each.key.startswith(pk)
                for each in found()
            )


def _add(table: RecordTable, like: str, pk: str) -> None:
    names = list(types(table.table))
    values = ", ".join(pk if name == table.pk else name for name in names)
    run(
        f"INSERT INTO {table.table} ({', '.join(names)}) SELECT {values} FROM {table.table}"
        f" WHERE {table.pk}::text = '{like}'"
    )


@EACH
def test_a_row_that_was_added(model: str) -> None:
    table = RECORD_TABLES[model]
    lives()
    let_loose()
    before = set(keys(table.table, table.pk))
    uuid, number = "gen_random_uuid()", f"(SELECT max({table.pk}) + 1 FROM {table.table})"
    _add(table, min(before), uuid if table.pk_type == "uuid" else number)
    (added,) = set(keys(table.table, table.pk)) - before
    assert (P.ROW_ADDED, model, added) in {(each.problem, each.model, each.key) for each in found()}


@EACH
def test_a_row_that_was_added_under_the_key_of_another(model: str) -> None:
    table = RECORD_TABLES[model]
    lives()
    let_loose()
    for one, two in permutations(different_keys(table.table, table.pk)[:2]):
        with taken_back():
            _add(table, two, f"'{one}'::{table.pk_type}")
            wrong = {each.key.partition("/")[0] for each in found() if each.model == model}
            assert one in wrong


@EACH
def test_rows_that_exchanged_their_values(model: str) -> None:
    table = RECORD_TABLES[model]
    lives()
    let_loose()
    one, two, *_ = different_keys(table.table, table.pk)
    run(
        f"UPDATE {table.table} SET {table.pk} = (CASE {table.pk}::text WHEN '{one}' THEN '{two}'"
        f" ELSE '{one}' END)::{table.pk_type} WHERE {table.pk}::text IN ('{one}', '{two}')"
    )
    wrong = {each.key.partition("/")[0] for each in found() if each.model == model}
    assert {one, two} <= wrong


def test_a_finding_names_report_and_column() -> None:
    assessment = cast.recorded()
    let_loose()
    run("UPDATE scoring_assessment SET chloride_entered = '115'")
    (wrong,) = found()
    assert (wrong.problem, wrong.columns) == (P.ROW_ALTERED, ("chloride_entered",))
    chain = assessment.chain
    names = {"year": chain.report_year, "serial": chain.report_serial, "version": 1}
    assert wrong.about == names


def test_a_second_line_for_an_altered_row_does_not_cover_it_up() -> None:
    assessment = cast.recorded()
    let_loose()
    run("UPDATE scoring_assessment SET reason = 'other'")
    actions.log_event(
        by=None,
        action=AuditEvent.Action.DIGESTS_TAKEN,
        origin=actions.NOWHERE,
        record=[assessment],
    )
    assert has(found(), P.ROW_ALTERED, "assessment", "reason")
    assert has(found(), P.ROW_TWICE, "assessment")


def test_an_identity_set_back_with_its_correction() -> None:
    patient = cast.registered("H4")
    acts.corrected(patient, cast.person("H4", given_name="Na"))
    let_loose()
    # The row is what the first line says; that there was a second one is known.
    run(f"UPDATE scoring_patient SET given_name = '{patient.given_name}', revision = 0")
    run("DELETE FROM scoring_patientcorrection")
    wrong = {(each.problem, each.model) for each in found()}
    assert {(P.ROW_ALTERED, "patient"), (P.ROW_GONE, "patientcorrection")} <= wrong
    # Nor does a revision without a line pass as the newest.
    run("UPDATE scoring_patient SET revision = 2")
    assert has(found(), P.ROW_ADDED, "patient")


@pytest.mark.parametrize(
    ("change", "model", "column"),
    [
        ("scoring_indexassessment SET risk = risk + 1e-9", "indexassessment", "risk"),
        ("scoring_indexassessment SET mvh_restored = true", "indexassessment", "mvh_restored"),
        ("scoring_reportcounter SET last_serial = 9", "reportcounter", "last_serial"),
        ("scoring_patient SET search_name = 'zhang'", "patient", "search_name"),
        ("scoring_assessmentchain SET vas_known_at = now()", "assessmentchain", "vas_known_at"),
        ("scoring_assessmentchain SET current_id = NULL", "assessmentchain", "current_id"),
        ("scoring_assessmentchain SET patient_died = true", "assessmentchain", "patient_died"),
        (
            "scoring_assessmentchain SET follow_up_ended = true",
            "assessmentchain",
            "follow_up_ended",
        ),
    ],
)
def test_copies_that_were_altered(change: str, model: str, column: str) -> None:
    cast.recorded()
    let_loose()
    run(f"UPDATE {change}")
    assert has(found(), P.ROW_DISAGREES, model, column)


def test_an_index_assessment_that_was_removed_or_taken_from_another_version() -> None:
    first = cast.recorded()
    second = acts.amended(first, cast.worked_example(chloride_mmol_l=cast.measured("110")))
    let_loose()
    with taken_back():
        run(
            f"UPDATE scoring_indexassessment SET chloride_mmol_l = 110,"
            f" assessment_id = '{second.pk}'"
        )
        (wrong,) = found()
        assert {"assessment_id", "chloride_mmol_l"} <= set(wrong.columns)
    run("DELETE FROM scoring_indexassessment")
    assert has(found(), P.ROW_DISAGREES, "indexassessment", "chain_id")


def test_an_entry_that_cannot_be_read_is_a_finding() -> None:
    cast.recorded()
    key = "00000000-0000-0000-0000-000000000001"
    for record in (
        "5",
        "[5]",
        '[["assessment", 9, "x", "", "", []]]',
        '[["nothing"]]',
        "{}",
        # What PostgreSQL takes and Python does not: a long number, a deep list; no layout.
        f"[{'9' * 5000}]",
        f"{'[' * 3000}{']' * 3000}",
        f'[["assessment", 1.0, "{key}", "", "", [2026, 1, 1]]]',
    ):
        with taken_back(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO scoring_auditevent (at, actor, actor_name, action, hospital_number,"
                " detail, digest) VALUES (now(), '', '', 'sign_in', '',"
                " jsonb_build_object('record', %s::jsonb), '')",
                [record],
            )
            assert has(found(), P.ENTRY_UNREADABLE, "auditevent"), record


def test_rows_from_before_a_column_are_checked_by_their_layout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = cast.recorded()
    old = acts.outcome(first, acts.measured(3, 7))
    table = RECORD_TABLES["outcome"]
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE scoring_outcome ADD COLUMN place text NOT NULL DEFAULT 'ward'")
    later = replace(table, layouts=(*table.layouts, (*table.layouts[0], "place")))
    monkeypatch.setitem(RECORD_TABLES, "outcome", later)
    assert found() == []
    new = acts.outcome(first, acts.measured(30, 2))
    assert found() == []
    let_loose("scoring_outcome")
    for pk, columns in ((old.pk, ("vas",)), (new.pk, ("vas", "place"))):
        with taken_back():
            run(f"UPDATE scoring_outcome SET vas = 9, place = 'home' WHERE id = '{pk}'")
            assert has(found(), P.ROW_ALTERED, "outcome", *columns)
    # A migration may take the digests of all rows once more, with the new column.
    actions.take_digests({"outcome": 2})
    assert found() == []
    run(f"UPDATE scoring_outcome SET place = 'home' WHERE id = '{old.pk}'")
    assert has(found(), P.ROW_ALTERED, "outcome", "place")


def test_rows_from_before_there_were_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("scoring.actions.log.record_entries", lambda _rows: [])
        lives()
    without = [each for each in found() if each.problem is P.ROW_ADDED]
    assert {each.model for each in without} == RECORD_TABLES.keys()
    actions.take_digests({model: table.newest for model, table in RECORD_TABLES.items()})
    assert found() == []
    lines = AuditEvent.objects.count()
    actions.take_digests({model: table.newest for model, table in RECORD_TABLES.items()})
    assert AuditEvent.objects.count() == lines


def test_a_line_holds_no_value_that_can_be_guessed() -> None:
    lives()
    details = AuditEvent.objects.filter(detail__has_key="record").values_list("detail", flat=True)
    logged = "".join(str(detail["record"]) for detail in details)
    secrets = [
        *Patient.objects.values_list("salt", flat=True),
        *Assessment.objects.values_list("form_token", flat=True),
        *Outcome.objects.values_list("form_token", flat=True),
    ]
    assert len(secrets) > 10
    assert not [secret for secret in secrets if str(secret) in logged]
    assert "Xiulan" not in logged
    assert len(set(Patient.objects.values_list("salt", flat=True))) == Patient.objects.count()
