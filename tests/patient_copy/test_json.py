"""The JSON copy is complete: a column of the patient's rows is in it, or left out for a reason."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from scoring.models import (
    Assessment,
    AuditEvent,
    Draft,
    Outcome,
    Patient,
    RecalibratedRisk,
    User,
    Ward,
)
from scoring.report.patient_copy.json_file import LEFT_OUT
from tests import cast
from tests.life import acts
from tests.patient_copy.record import everything, json_copy
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
_DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def _tables_of_patients() -> set[type[Model]]:
    """Every table with rows of a patient: by foreign keys over other tables, or by an id."""
    found: set[type[Model]] = {Patient}
    while True:
        more = {
            model
            for model in apps.get_app_config("scoring").get_models()
            for field in model._meta.concrete_fields
            if field.related_model in found or field.attname in {"patient_id", "assessment_id"}
        }
        if more <= found:
            return found
        found |= more


def test_every_table_of_patients_is_thought_of() -> None:
    assert _tables_of_patients() == set(LEFT_OUT)


@pytest.mark.parametrize("table", LEFT_OUT, ids=lambda table: table.__name__)
def test_what_is_left_out_exists_and_has_a_reason(table: type[Model]) -> None:
    assert set(LEFT_OUT[table]) <= {field.name for field in table._meta.concrete_fields}
    assert all(LEFT_OUT[table].values())


def _rows_with_their_copies(patient: Patient, copy: dict[str, Any]) -> Iterator[tuple[Model, Any]]:
    yield patient, copy["patient"]
    yield from zip(patient.corrections.order_by("revision"), copy["corrections"], strict=True)
    versions = {v["id"]: v for a in copy["assessments"] for v in a["versions"]}
    outcomes = {o["id"]: o for a in copy["assessments"] for o in a["outcomes"]}
    of_patient = Assessment.objects.filter(patient=patient)
    assert set(versions) == {str(version.pk) for version in of_patient}
    for version in of_patient:
        yield version, versions[str(version.pk)]
        adjusted = RecalibratedRisk.objects.get(assessment=version)
        kept = versions[str(version.pk)]["recalibrated"]
        # Which one it is, is said by its number.
        assert kept["recalibration"] == adjusted.recalibration.number
        yield adjusted, kept | {"recalibration": str(adjusted.recalibration_id)}
    for outcome in Outcome.objects.filter(chain__current__patient=patient):
        yield outcome, outcomes.pop(str(outcome.pk))
    assert not outcomes
    yield from zip(Draft.objects.filter(patient=patient), copy["unfinished_forms"], strict=True)
    events = AuditEvent.objects.filter(patient_id=patient.pk).order_by("pk")
    yield from zip(events, copy["access_log"], strict=True)


def _read_back(said: Any, value: object) -> object:
    """What JSON says, as the type of the column."""
    match value:
        case datetime():
            return datetime.fromisoformat(said)
        case date():
            return date.fromisoformat(said)
        case time():
            return time.fromisoformat(said)
        case Decimal():
            assert isinstance(said, int | float)
            return Decimal(str(said))
        case UUID():
            return UUID(said)
        case User():
            return User.objects.get(username=said)
        case Ward():
            return Ward.objects.get(name=said)
        case Model():
            return type(value)._default_manager.get(pk=said)
        case _:
            return said


def test_every_column_is_in_the_copy_with_its_value() -> None:
    patient = everything()
    copy = json_copy(signed_in(cast.rita()), patient)
    empty: set[tuple[str, str]] = set()
    filled: set[tuple[str, str]] = set()
    for row, copied in _rows_with_their_copies(patient, copy):
        for field in row._meta.concrete_fields:
            if field.name in LEFT_OUT[type(row)]:
                assert field.name not in copied
                continue
            value, said = getattr(row, field.name), copied[field.name]
            if isinstance(value, datetime):
                value = value.replace(microsecond=0)
            if field.name == "detail":
                # Digests of what is in the copy itself.
                value.pop("record", None)
            assert _read_back(said, value) == value, f"{type(row).__name__}.{field.name}"
            (empty if value in (None, "") else filled).add((type(row).__name__, field.name))
    # Else the patient of this test has too little on record to show it.
    assert empty <= filled | {("AuditEvent", "address")}


def test_a_moved_assessment_says_so_and_tells_nothing_of_the_other_patient() -> None:
    patient = everything()
    copy = json_copy(signed_in(cast.rita()), patient)
    (moved,) = (a for a in copy["assessments"] if a["moved_to_another_patient"])
    assert [version["version"] for version in moved["versions"]] == [1]
    assert (moved["outcomes"], moved["residual_back_pain"]) == ([], None)
    said = json.dumps(copy)
    assert not re.search("Zhao|H7\\b", said)
    other = json_copy(signed_in(cast.rita()), Patient.objects.get(hospital_number="H7"))
    (assessment,) = other["assessments"]
    assert [version["version"] for version in assessment["versions"]] == [2]
    assert [outcome["vas"] for outcome in assessment["outcomes"]] == [9]
    assert not re.search("4711|Xiulan", json.dumps(other))


def test_what_an_unfinished_form_holds_stays_with_its_user() -> None:
    copy = json_copy(signed_in(cast.rita()), everything())
    assert [draft["owner"] for draft in copy["unfinished_forms"]] == ["alice"]
    assert "typed, not saved" not in json.dumps(copy)


def test_the_residual_back_pain_is_as_in_the_export() -> None:
    version = cast.recorded()
    for day in (3, 30):
        acts.outcome(version, acts.measured(day, 6))
    client = signed_in(cast.rita())
    assert json_copy(client, version.patient)["assessments"][0]["residual_back_pain"] == "yes"
    acts.voided(version)
    copied = json_copy(client, version.patient)["assessments"][0]
    assert copied["residual_back_pain"] == "not_counted"
    assert [one["is_current"] for one in copied["versions"]] == [False, True]


def test_it_is_utf_8_that_people_can_read_too() -> None:
    patient = cast.registered("H1", family_name="王", given_name="秀兰")
    response = signed_in(cast.rita()).post(reverse("patient-copy-json", args=[patient.pk]))
    assert "王" in response.content.decode("utf-8")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            # Details of a line and numbers of a caution are those of its code.
            if key not in {"detail", "cautions"}:
                yield from _keys(below)
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each)


def test_every_key_is_documented() -> None:
    chapter = _DOCS.read_text("utf-8").split("## Retention and copies")[1].split("\n## ")[0]
    named = re.findall(r"`([a-z_0-9*]+)`", chapter)
    copy = json_copy(signed_in(cast.rita()), everything())
    unknown = {key for key in _keys(copy) if not any(fnmatch(key, name) for name in named)}
    assert not unknown
