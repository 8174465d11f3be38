"""Assessments by programs: the rules, the words and the record of the pages."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.utils import timezone

from scoring import actions, queries
from scoring.models import Assessment, AuditEvent, Patient, Role
from scoring.models.codes import State
from scoring.nomogram.eligibility import Criterion
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.assessment_json import assessment_json
from tests import cast
from tests.api.client import Application, keys_asked, pointers
from tests.api.sent import NEW, VERSION, WANG, new
from tests.need_to_know.wards import switch

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def test_an_assessment_is_recorded_under_the_name_of_the_application(
    application: Application,
) -> None:
    body = json.dumps(NEW).replace("16.8,", "16.80,").encode()
    response = application.post("/assessments", body)
    assert response.status_code == 201
    made = Assessment.objects.get()
    shown = dict(response.json())
    assert response.headers["Location"] == f"/api/v1/assessments/{made.pk}"
    assert shown.pop("current_id") == str(made.pk)
    # The same as the file inside the PDF, and the digits as they were written.
    assert shown == json.loads(assessment_json(made, queries.ward_settings().heading))
    assert (shown["version"]["pdw_entered"], shown["version"]["pdw_fl"]) == ("16.80", 16.8)
    assert (made.state, made.created_by) == (State.PROVISIONAL, application.user)
    assert made.created_by_name == "HIS interface"
    assert application.log_lines() == ["patient_registered", "assessment_recorded"]
    read = application.get(f"/assessments/{made.pk}")
    assert (read.json(), read.headers["ETag"]) == (response.json(), response.headers["ETag"])
    assert application.log_lines()[2:] == ["assessment_viewed"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pdw_fl": 99}, {"/version/pdw_fl": "refused"}),
        ({"pdw_fl": "16.8"}, {"/version/pdw_fl": "not_a_number"}),
        ({"pdw_fl": 16.123456}, {"/version/pdw_fl": "refused"}),
        ({"pdw_unit": "%"}, {"/version/pdw_unit": "other_unit"}),
        ({"pdw_unit": "furlong"}, {"/version/pdw_unit": "invalid_choice"}),
        ({"trauma_history": None}, {"/version/trauma_history": "required"}),
        ({"operation_date": "13.03.2025"}, {"/version/operation_date": "invalid"}),
        ({"operation_date": "2025-02-30"}, {"/version/operation_date": "invalid"}),
        ({"operation_date": "1999-01-01"}, {"/version/operation_date": "operation_day"}),
        ({"mri_date": "2025-03-14"}, {"/version/mri_date": "source_after_operation"}),
        ({"fracture_level": "C7"}, {"/version/fracture_level": "invalid_choice"}),
        ({"hospital_number": "H 1%"}, {"/patient/hospital_number": "invalid"}),
        ({"birth_date": "1899-01-01"}, {"/patient/birth_date": "birth_day"}),
        ({"birth_date": None}, {"/version/age_years": "required"}),
        ({"sex": None}, {"/patient/sex": "required"}),
        ({"family_name": "", "given_name": ""}, {"/patient/family_name": "required"}),
        ({"family_name": None}, {"/patient/family_name": "entered"}),
        ({"family_name": "A\u202eB"}, {"/patient/family_name": "unreadable"}),
        ({"family_name": "\x00"}, {"/patient/family_name": "null_characters_not_allowed"}),
        ({"note": "x"}, {"/version/note": "unknown_field"}),
        ({"dxa_site": "hand"}, {"/version/dxa_site": "invalid_choice"}),
        ({"operation_time": "25:00"}, {"/version/operation_time": "invalid"}),
        ({"id": "1"}, {"/patient/id": "invalid"}),
        # The date of birth says otherwise.
        ({"age_years": 60}, {"/version/age_years": "differs"}),
    ],
)
def test_the_rules_of_the_form_hold(
    changes: dict[str, Any], expected: dict[str, str], application: Application
) -> None:
    response = application.post("/assessments", new(**changes))
    assert (response.status_code, pointers(response)) == (422, expected), response.json()
    assert not Patient.objects.exists()


def test_what_is_left_out_is_asked_for(application: Application) -> None:
    response = application.post("/assessments", {"patient": {}, "version": {}})
    missing = pointers(response)
    assert set(missing.values()) == {"required"}
    assert {"/patient/hospital_number", "/version/mvh_restored"} <= set(missing)
    assert "/version/dxa_date" not in missing
    # As programs send it, not as people tick and type it.
    said = {error["pointer"]: error["detail"] for error in response.json()["errors"]}
    assert "null" in said["/patient/family_name"]
    assert "2026-03-14" in said["/version/operation_date"]
    assert pointers(application.post("/assessments", {})) == {
        "/patient": "required",
        "/version": "required",
    }


def test_a_patient_on_record_is_told_before_anything_is_recorded(application: Application) -> None:
    other = cast.recorded().patient
    sent = new(hospital_number=other.hospital_number.lower())
    response = application.post("/assessments", sent)
    assert pointers(response)["/patient/hospital_number"] == "on_record"
    told = response.json()["patient"]
    assert (told["id"], told["family_name"]) == (str(other.pk), other.family_name)
    assert application.log_lines() == ["patient_looked_up"]
    known = {"hospital_number": other.hospital_number, "id": told["id"]}
    response = application.post("/assessments", {"patient": known, "version": VERSION})
    # The same operation as the one on record: it must be confirmed.
    assert (response.status_code, response.json()["code"]) == (409, "to_confirm")
    keys = keys_asked(response)
    content = {"patient": known, "version": VERSION, "confirmed": keys}
    response = application.post("/assessments", content)
    assert response.status_code == 201
    assert response.json()["patient"]["id"] == told["id"]
    # Who is sent with the id must be the patient on record.
    somebody = content | {"patient": known | {"family_name": "Zhao", "sex": "other"}}
    assert pointers(application.post("/assessments", somebody)) == {
        "/patient/family_name": "differs",
        "/patient/sex": "differs",
    }


def test_an_id_without_its_number_makes_no_other_patient(application: Application) -> None:
    known = cast.recorded().patient
    somebody = WANG | {"hospital_number": "H9", "family_name": "Zhao", "id": str(known.pk)}
    response = application.post("/assessments", {"patient": somebody, "version": VERSION})
    assert response.status_code == 422
    assert pointers(response) == {"/patient/id": "not_on_record"}
    assert Patient.objects.count() == 1


def test_the_same_key_does_its_work_once(application: Application) -> None:
    first = application.post("/assessments", NEW, Idempotency_Key="8f14")
    again = application.post("/assessments", NEW, Idempotency_Key="8f14")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), first.headers["ETag"]) == (again.json(), again.headers["ETag"])
    assert Assessment.objects.count() == 1
    for other in (new(pdw_fl=12), new(family_name="李")):
        response = application.post("/assessments", other, Idempotency_Key="8f14")
        assert (response.status_code, response.json()["code"]) == (422, "key_used")
    # Whoever is shown it again is shown it.
    assert application.log_lines()[-1] == "assessment_viewed"
    # Of another application it is another key.
    other_one = Application(Role.CLINICIAN, name="Laboratory")
    response = other_one.post("/assessments", NEW, Idempotency_Key="8f14")
    assert pointers(response) == {"/patient/hospital_number": "on_record"}
    response = application.post("/assessments", NEW, Idempotency_Key="x" * 256)
    assert (response.status_code, response.json()["code"]) == (400, "key")


def test_two_requests_with_one_key_at_once_are_not_mixed_up(application: Application) -> None:
    patient = cast.recorded().patient
    known = {"hospital_number": patient.hospital_number, "id": str(patient.pk)}

    def sent(**values: Any) -> dict[str, Any]:
        content: dict[str, Any] = {"patient": known, "version": VERSION | values}
        asked = application.post("/assessments", content).json()["questions"]
        return content | {"confirmed": [question["key"] for question in asked]}

    assert application.post("/assessments", sent(), Idempotency_Key="k").status_code == 201
    other, made_by_form = sent(pdw_fl=12), queries.made_by_form
    # The other request has not ended yet when this one asks for it; the action finds it.
    seen = [lambda *_asked: None, made_by_form, made_by_form]
    with mock.patch.object(queries, "made_by_form", lambda *asked: seen.pop(0)(*asked)):
        response = application.post("/assessments", other, Idempotency_Key="k")
    assert (response.status_code, response.json()["code"]) == (422, "key_used")
    assert not Assessment.objects.filter(pdw_fl=12).exists()


def test_the_search_is_that_of_the_history(application: Application) -> None:
    for number in ("H1", "H2", "H3"):
        patient = {**WANG, "hospital_number": number, "birth_date": f"194{number[1]}-01-01"}
        made = application.post("/assessments", {"patient": patient, "version": VERSION})
        assert made.status_code == 201, made.json()
    first = application.post("/assessments/search", {"rows": 2}).json()
    assert (len(first["assessments"]), first["found"], first["is_more"]) == (2, 3, False)
    sent = {"rows": 2, "before": first["older"]}
    second = application.post("/assessments/search", sent).json()
    assert (len(second["assessments"]), second["older"]) == (1, None)
    hit = application.post("/assessments/search", {"text": "h2", "state": "provisional"}).json()
    assert [one["patient"]["hospital_number"] for one in hit["assessments"]] == ["H2"]
    # What was shown of each has a line, too.
    assert application.log_lines()[-2:] == ["history_searched", "assessment_viewed"]
    line = AuditEvent.objects.filter(action=Action.HISTORY_SEARCHED).latest("id")
    assert line.detail == {"text": "h2", "state": "provisional", "found": 1}
    wrong = {"rows": 51, "before": "x", "assessed_from": "2026-02-01", "assessed_to": "2026-01-01"}
    assert pointers(application.post("/assessments/search", wrong)) == {
        "/assessed_to": "order",
        "/before": "invalid",
        "/rows": "out_of_range",
    }


def test_rights_are_those_of_the_role() -> None:
    made = cast.recorded()
    path, tag = f"/assessments/{made.pk}", {"If_Match": "*"}
    scores, reviewer = Application(name="Scores"), Application(Role.REVIEWER, name="Reads")
    reads: list[Callable[[Application], Any]] = [
        lambda who: who.get(path),
        lambda who: who.get(f"{path}/report"),
        lambda who: who.get(f"{path}/outcomes"),
        lambda who: who.post("/assessments/search", {}),
    ]
    for ask in reads:
        assert ask(scores).json()["code"] == "role"
    assert reviewer.get(path).status_code == 200
    writes: list[Callable[[Application], Any]] = [
        lambda who: who.post("/assessments", NEW),
        lambda who: who.post(f"{path}/complete", {"mvh_restored": True}, **tag),
        lambda who: who.post(f"{path}/amend", {"version": VERSION, "reason": "x"}, **tag),
        lambda who: who.post(f"{path}/void", {"reason": "x"}, **tag),
        lambda who: who.send("PUT", f"{path}/outcomes/day-3", {"vas": 3}, **tag),
    ]
    for ask in writes:
        for who in (scores, reviewer):
            response = ask(who)
            assert (response.status_code, response.json()["code"]) == (403, "role")
    assert Assessment.objects.count() == 1
    assert not AuditEvent.objects.filter(actor=scores.user.username).exists()


def test_patients_of_other_wards_stay_closed(application: Application) -> None:
    spine = actions.add_ward(by=cast.adam(), name="Spine", origin=actions.NOWHERE)
    made = cast.recorded()
    actions.move_patient(
        by=cast.alice(), patient=made.patient, ward=spine, reason="x", origin=actions.NOWHERE
    )
    path = f"/assessments/{made.pk}"
    assert application.get(path).status_code == 200
    switch(on=True)
    inside = Application(Role.CLINICIAN, ward=spine, name="Spine ward")
    assert inside.get(path).status_code == 200
    assert len(inside.post("/assessments/search", {}).json()["assessments"]) == 1
    assert application.post("/assessments/search", {}).json()["assessments"] == []
    tag = {"If_Match": "*"}
    for response in (
        application.get(path),
        application.get(f"{path}/report"),
        application.get(f"{path}/outcomes"),
        application.post(f"{path}/void", {"reason": "x"}, **tag),
    ):
        assert (response.status_code, response.json()["code"]) == (403, "other_ward")
    sent = new(hospital_number=made.patient.hospital_number)
    response = application.post("/assessments", sent)
    assert pointers(response) == {"/patient/hospital_number": "other_ward"}
    assert "patient" not in response.json()


def test_an_unknown_record_is_not_found(application: Application) -> None:
    for path in (f"/assessments/{uuid4()}", f"/assessments/{uuid4()}/outcomes/day-3"):
        assert application.get(path).status_code == 404
    assert application.get("/assessments/1").json()["code"] == "not_found"
    assert application.log_lines() == []


def test_a_planned_operation_is_recorded_before_its_radiograph(application: Application) -> None:
    day = timezone.localdate() + timedelta(days=2)
    planned = {"operation_status": "planned", "operation_date": day.isoformat()}
    sent = new(**planned, operation_time=None)
    # Nobody can tell yet: kept, the answer would be lost.
    fracture = Criterion.NEW_VERTEBRAL_FRACTURE.value
    refused = application.post("/assessments", sent)
    assert pointers(refused)[f"/version/{fracture}"] == "not_asked"
    del sent["version"][fracture]
    response = application.post("/assessments", sent)
    if response.status_code == 409:
        keys = keys_asked(response)
        response = application.post("/assessments", sent | {"confirmed": keys})
    assert response.status_code == 201, response.json()
    known = new(**planned, operation_time=None, mvh_restored=True)
    assert pointers(application.post("/assessments", known))["/version/mvh_restored"] == (
        "known_before_operation"
    )


def test_every_predictor_can_be_sent() -> None:
    assert set(RONG_2025.provenances) <= set(VERSION)
