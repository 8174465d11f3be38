"""Versions that programs add: completed, amended, voided, for the right patient; the report."""

from typing import Any
from unittest import mock

import pytest

from scoring.models import AuditEvent
from tests import cast
from tests.api.client import Application, keys_asked, pointers
from tests.api.sent import NEW, VERSION, WANG, new
from tests.life import acts

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def test_a_change_needs_the_version_it_was_meant_for(application: Application) -> None:
    made = application.post("/assessments", NEW)
    path, tag = f"/assessments/{made.json()['version']['id']}", made.headers["ETag"]
    finding = {"mvh_restored": True, "radiograph_date": "2025-03-14"}
    for headers, status, code in (
        ({}, 428, "if_match"),
        # True of whatever stands there: it names no version.
        ({"If_Match": "*"}, 428, "if_match"),
        ({"If_Match": '"other"'}, 412, "stale"),
        ({"If_Match": f"W/{tag}"}, 412, "stale"),
        ({"If_Match": "any*"}, 412, "stale"),
    ):
        response = application.post(f"{path}/complete", finding, **headers)
        assert (response.status_code, response.json()["code"]) == (status, code)
    # Reading again would not help: the tag did not come like this.
    for named in (tag.strip('"'), f"W/{tag}", ""):
        response = application.post(f"{path}/complete", finding, If_Match=named)
        assert "quotation marks" in response.json()["detail"]
    sent = {"If_Match": f'"a", {tag}', "Idempotency_Key": "k"}
    completed = application.post(f"{path}/complete", finding, **sent)
    assert completed.status_code == 201, completed.json()
    version = completed.json()["version"]
    assert (version["state"], version["version"], version["mvh_restored"]) == ("final", 2, True)
    # The same again is the same; the old tag serves no other change.
    assert application.post(f"{path}/complete", finding, **sent).json() == completed.json()
    response = application.post(f"{path}/void", {"reason": "twice"}, If_Match=tag)
    assert (response.status_code, response.json()["code"]) == (412, "stale")
    # A superseded version is no base for a change, however well it is known.
    known = application.get(path).headers["ETag"]
    response = application.post(f"{path}/void", {"reason": "twice"}, If_Match=known)
    assert response.status_code == 412
    newest = f"/assessments/{version['id']}"
    response = application.post(f"{newest}/complete", finding, If_Match=completed.headers["ETag"])
    assert (response.status_code, response.json()["code"]) == (409, "state")
    assert "assessment_completed" in application.log_lines()


def test_the_finding_has_its_rules(application: Application) -> None:
    made = application.post("/assessments", NEW)
    path, tag = f"/assessments/{made.json()['version']['id']}/complete", made.headers["ETag"]
    early = {"mvh_restored": True, "radiograph_date": "2025-03-12"}
    response = application.post(path, early, If_Match=tag)
    assert pointers(response) == {"/radiograph_date": "source_before_operation"}
    for content in ({}, {"mvh_restored": None}):
        response = application.post(path, content, If_Match=tag)
        assert pointers(response) == {"/mvh_restored": "required"}
    finding = {"mvh_restored": True, "new_vertebral_fracture": "yes"}
    # It was answered before: to drop the answer would lose a fracture.
    response = application.post(path, finding, If_Match=tag)
    assert pointers(response) == {"/new_vertebral_fracture": "not_asked"}
    response = application.post(path, {"confirmed": ["x"] * 51}, If_Match=tag)
    assert "50" in response.json()["errors"][0]["detail"]
    late = {"mvh_restored": True, "radiograph_date": "2025-06-30"}
    response = application.post(path, late, If_Match=tag)
    assert response.json()["code"] == "to_confirm"
    keys = keys_asked(response)
    response = application.post(path, late | {"confirmed": keys}, If_Match=tag)
    assert response.status_code == 201


def test_another_answer_under_the_key_is_not_taken_for_the_same(application: Application) -> None:
    made = application.post("/assessments", new(new_vertebral_fracture="not_assessed"))
    path = f"/assessments/{made.json()['version']['id']}/complete"
    keyed = {"If_Match": made.headers["ETag"], "Idempotency_Key": "k"}
    answers = []
    for answer in ("no", "no", "yes", None):
        finding = {"mvh_restored": True, "new_vertebral_fracture": answer}
        response = application.post(path, finding, **keyed)
        answers.append((response.status_code, response.json().get("code")))
    assert answers == [(201, None), (201, None), (422, "key_used"), (422, "key_used")]


def test_an_assessment_is_amended_and_voided_with_a_reason(application: Application) -> None:
    made = application.post("/assessments", NEW)
    path, tag = f"/assessments/{made.json()['version']['id']}", made.headers["ETag"]
    changed: dict[str, Any] = {"version": VERSION | {"pdw_fl": 12.5}}
    response = application.post(f"{path}/amend", changed, If_Match=tag)
    assert pointers(response) == {"/reason": "required"}
    changed |= {"reason": "PDW of another day"}
    amended = application.post(f"{path}/amend", changed, If_Match=tag, Idempotency_Key="a")
    assert amended.status_code == 201, amended.json()
    assert amended.json()["version"]["pdw_fl"] == 12.5
    again = application.post(f"{path}/amend", changed, If_Match=tag, Idempotency_Key="a")
    assert again.json() == amended.json()
    old = application.get(path)
    assert (old.json()["version"]["pdw_fl"], old.json()["version"]["is_current"]) == (16.8, False)
    assert old.json()["current_id"] == amended.json()["version"]["id"]
    assert old.headers["ETag"] != tag
    path, tag = f"/assessments/{amended.json()['version']['id']}", amended.headers["ETag"]
    assert pointers(application.post(f"{path}/void", {}, If_Match=tag)) == {"/reason": "required"}
    voided = application.post(f"{path}/void", {"reason": "wrong patient"}, If_Match=tag)
    assert (voided.status_code, voided.json()["version"]["state"]) == (201, "voided")
    again = f"/assessments/{voided.json()['version']['id']}/void"
    response = application.post(again, {"reason": "x"}, If_Match=voided.headers["ETag"])
    assert response.json()["code"] == "state"


def test_an_assessment_finds_its_right_patient(application: Application) -> None:
    made = application.post("/assessments", NEW)
    path, tag = f"/assessments/{made.json()['version']['id']}/amend", made.headers["ETag"]
    right: dict[str, Any] = {"patient": WANG | {"hospital_number": "H200556", "given_name": "晓兰"}}
    sent = {"version": VERSION, "reason": "other patient", **right}
    response = application.post(path, sent, If_Match=tag)
    assert response.json()["code"] == "to_confirm"
    keys = keys_asked(response)
    response = application.post(path, sent | {"confirmed": keys}, If_Match=tag)
    assert response.json()["patient"]["hospital_number"] == "H200556"


def test_the_report_is_that_of_the_page(application: Application) -> None:
    made = cast.recorded()
    with mock.patch("scoring.http.printing.pdf_of", side_effect=str.encode):
        response = application.get(f"/assessments/{made.pk}/report", Accept_Language="zh-hans")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert "HIS interface" in response.content.decode()
    assert "残余腰背痛" in response.content.decode()
    assert application.log_lines() == ["assessment_viewed", "report_printed"]


def test_the_patient_sheet_is_printed_where_the_page_prints_it(application: Application) -> None:
    made = cast.recorded()
    with mock.patch("scoring.http.printing.pdf_of", side_effect=str.encode):
        response = application.get(f"/assessments/{made.pk}/patient-sheet")
    assert response.headers["Content-Type"] == "application/pdf"
    assert application.log_lines() == ["assessment_viewed", "patient_sheet_printed"]
    voided = acts.voided(made)
    response = application.get(f"/assessments/{voided.pk}/patient-sheet")
    assert (response.status_code, response.json()["code"]) == (409, "no_patient_sheet")
    assert application.log_lines()[2:] == ["assessment_viewed"]
