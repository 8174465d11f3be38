"""Every rule of the record is refused by the database itself, however a row is written."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import psycopg2.errors
import psycopg2.extras
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint

from scoring import actions
from scoring.entry import OutcomeEntry
from scoring.models import Assessment, AssessmentChain, Outcome, Patient
from scoring.nomogram.eligibility import Criterion
from tests import cast
from tests.api.client import Application
from tests.laboratory.kept import kept_message, merged
from tests.laboratory.messages import obx, oru
from tests.life import record
from tests.models.broken_rows import BROKEN, MIGRATED
from tests.need_to_know.wards import ward
from tests.recalibration.local import approved
from tests.smart.taken import of_server

TABLE_OF = {
    constraint.name: model._meta.db_table
    for model in apps.get_app_config("scoring").get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint)
} | dict.fromkeys(MIGRATED, "scoring_assessment")
# The rows whose primary key is not called id.
# Their keys are numbers.
NUMBERED = {"correction", "user", "decision", "result", "merge", "ward", "ward settings"}
KEY_OF = {"recalibrated": "assessment_id", "ward settings": "revision"}


def _row(table: str, pk: UUID | int, key: str = "id") -> dict[str, Any]:
    columns = record.columns(table)
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {listed} FROM {table} WHERE {key} = %s", [pk])  # noqa: S608
        row = cursor.fetchone()
    assert row is not None
    return dict(zip(columns, row, strict=True))


def _insert(table: str, row: Mapping[str, Any]) -> None:
    values = [
        psycopg2.extras.Json(value) if name in {"cautions", "evidence"} else value
        for name, value in row.items()
    ]
    listed, places = ", ".join(row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({listed}) VALUES ({places})", values)  # noqa: S608


def _refusal(table: str, row: Mapping[str, Any]) -> psycopg2.Error:
    """PostgreSQL's own error for a row that must be refused."""
    try:
        _insert(table, row)
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg2.Error):
            return error.__cause__
        raise
    pytest.fail(f"{table} took this row: {row}")


def _sound_rows() -> dict[str, dict[str, Any]]:
    """Rows that break no rule, by the kind of case they are the start of."""
    final = cast.recorded()
    provisional = cast.recorded(final.patient, cast.before_the_radiograph())
    restored = cast.recorded(final.patient, cast.worked_example(mvh_restored=True))
    second = cast.next_version(cast.recorded(final.patient))
    stated = cast.recorded(
        cast.person("H100777", birth_date=None), cast.worked_example(age_years=80)
    )
    versions = {
        "final": final,
        "provisional": provisional,
        "restored": restored,
        "second": second,
        "stated": stated,
    }
    return {
        **{name: _row("scoring_assessment", version.pk) for name, version in versions.items()},
        "patient": _row("scoring_patient", final.patient_id),
        "chain": _row("scoring_assessmentchain", final.chain_id),
        "user": _row("scoring_user", cast.alice().pk),
        **_messages(),
        "token": _row("scoring_applicationtoken", Application().token.pk),
        "ward": _row("scoring_ward", ward("Spine 1").pk),
        "ward settings": _ward_settings(),
        **_later_rows(final),
        **_adjusted_rows(final.patient),
    }


def _adjusted_rows(patient: Patient) -> dict[str, dict[str, Any]]:
    """A recalibration, its approval, and what it says of one version."""
    recalibration = approved()
    version = cast.recorded(patient)
    return {
        "recalibration": _row("scoring_recalibration", recalibration.pk),
        "decision": _row("scoring_recalibrationdecision", recalibration.decisions.get().pk),
        "recalibrated": _row("scoring_recalibratedrisk", version.pk, key="assessment_id"),
    }


def _messages() -> dict[str, dict[str, Any]]:
    """A message of a laboratory that was taken, and its result."""
    message = kept_message(oru(obx()))
    read = of_server("H100999").sources_by_predictor["pdw_fl"].result.message
    return {
        "resource": _row("scoring_laboratorymessage", read.pk),
        "message": _row("scoring_laboratorymessage", message.pk),
        "result": _row("scoring_laboratoryresult", message.results.get().pk),
        "merge": _row("scoring_numbermerge", merged("H7", "H8").merges.get().pk),
    }


def _ward_settings() -> dict[str, Any]:
    actions.change_ward_settings(
        by=None, facts={"pdw_unit": "fL"}, opened=0, origin=actions.NOWHERE
    )
    return _row("scoring_wardsettings", 1, key="revision")


def _later_rows(final: Assessment) -> dict[str, dict[str, Any]]:
    """An identity corrected, an outcome recorded and corrected."""
    patient = cast.registered("H100888")
    actions.correct_patient(
        by=cast.alice(),
        patient=patient,
        entry=cast.person("H100888", given_name="Xiulian"),
        reason="misspelt",
        submission=cast.submission(),
    )
    outcomes: list[Outcome] = []
    for vas in (3, 4):
        entry = OutcomeEntry(time_point=3, vas=vas, measured_on=date(2025, 3, 16))
        expected = outcomes[0] if outcomes else None
        outcomes.append(
            actions.record_outcome(
                by=cast.alice(),
                assessment=final,
                entry=entry,
                expected=expected,
                reason="misread" if expected else "",
                submission=cast.submission(),
            )
        )
    return {
        "correction": _row("scoring_patientcorrection", patient.corrections.get().pk),
        "outcome": _row("scoring_outcome", outcomes[0].pk),
        "later outcome": _row("scoring_outcome", outcomes[1].pk),
    }


def _table_of_row(start: str) -> str:
    return {
        "patient": "scoring_patient",
        "chain": "scoring_assessmentchain",
        "user": "scoring_user",
        "ward": "scoring_ward",
        "token": "scoring_applicationtoken",
        "message": "scoring_laboratorymessage",
        "resource": "scoring_laboratorymessage",
        "result": "scoring_laboratoryresult",
        "merge": "scoring_numbermerge",
        "ward settings": "scoring_wardsettings",
        "correction": "scoring_patientcorrection",
        "outcome": "scoring_outcome",
        "later outcome": "scoring_outcome",
        "recalibration": "scoring_recalibration",
        "decision": "scoring_recalibrationdecision",
        "recalibrated": "scoring_recalibratedrisk",
    }.get(start, "scoring_assessment")


def _rules() -> dict[str, str]:
    """Every rule of a table of the site that the database has, by its name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' "
            "AND conrelid::regclass::text LIKE 'scoring\\_%'"
        )
        return dict(cursor.fetchall())


def _check_alone(table: str, name: str, rule: str) -> None:
    """A temporary table with the same columns and this one rule, so that no other rule helps."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE alone (LIKE {table} INCLUDING GENERATED)")
        cursor.execute(f"ALTER TABLE alone ADD CONSTRAINT {name} {rule}")


def test_every_declared_rule_has_a_row_that_breaks_it() -> None:
    assert set(BROKEN) == set(TABLE_OF)


@pytest.mark.django_db
def test_every_rule_in_the_database_is_tested() -> None:
    # Django's own for counts: test_counts_are_not_negative.
    assert {name for name in _rules() if not name.endswith("_check")} == set(BROKEN)


@pytest.mark.django_db
def test_each_rule_alone_refuses_the_rows_that_break_it() -> None:
    sound, rules = _sound_rows(), _rules()
    for name, broken_rows in BROKEN.items():
        table = TABLE_OF[name]
        _check_alone(table, name, rules[name])
        for start, row in sound.items():
            if _table_of_row(start) == table:
                _insert("alone", row)
        for start, changes in broken_rows:
            assert _refusal("alone", sound[start] | changes).diag.constraint_name == name, changes
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE alone")


@pytest.mark.django_db
def test_the_record_itself_refuses_every_such_row() -> None:
    sound = _sound_rows()
    before = [model.objects.count() for model in (Assessment, Patient, AssessmentChain)]
    for name, broken_rows in BROKEN.items():
        table = TABLE_OF[name]
        for start, changes in broken_rows:
            key = KEY_OF.get(start, "id")
            row = sound[start] | {key: uuid4()}
            if "form_token" in row:
                row |= {"form_token": uuid4()}
            if start in NUMBERED:
                row |= {key: 9_999}
            # A rule and not, say, the key that the copied row has in common with its model.
            assert isinstance(_refusal(table, row | changes), psycopg2.errors.CheckViolation), name
    assert before == [m.objects.count() for m in (Assessment, Patient, AssessmentChain)]


@pytest.mark.django_db
def test_counts_are_not_negative() -> None:
    rules = [rule for name, rule in _rules().items() if name.endswith("_check")]
    assert rules
    for rule in rules:
        assert re.fullmatch(r"CHECK \(\(\w+ >= 0\)\)", rule)


@pytest.mark.django_db
def test_bulk_insert_meets_the_same_rules() -> None:
    assessment = cast.recorded()
    patient = assessment.patient
    chain = AssessmentChain.objects.create(report_year=2025, report_serial=1)
    assessment.pk, assessment.form_token, assessment.chain = uuid4(), uuid4(), chain
    assessment.pdw_fl = Decimal("34.8001")
    with pytest.raises(IntegrityError, match="assessment_pdw_in_domain"), transaction.atomic():
        Assessment.objects.bulk_create([assessment])
    patient.pk, patient.hospital_number, patient.birth_date = uuid4(), "H2", date(1899, 12, 31)
    with pytest.raises(IntegrityError, match="patient_born_before_recorded"), transaction.atomic():
        Patient.objects.bulk_create([patient])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "edge"),
    [
        ("pdw_fl", "6"),
        ("pdw_fl", "34.8"),
        ("chloride_mmol_l", "75.8"),
        ("chloride_mmol_l", "115"),
        ("t_score", "-10"),
        ("t_score", "4"),
    ],
)
def test_the_edges_of_every_domain_are_kept(field: str, edge: str) -> None:
    kept = cast.recorded(entry=cast.worked_example(**{field: cast.measured(edge)}))
    assert getattr(kept, field) == Decimal(edge)


@pytest.mark.django_db
def test_answers_have_no_default() -> None:
    row = _sound_rows()["final"]
    for field in (*Criterion, "trauma_history", "posterior_fascia_edema"):
        with pytest.raises(IntegrityError):
            _insert("scoring_assessment", row | {"id": uuid4(), "form_token": uuid4(), field: None})
