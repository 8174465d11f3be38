"""Patients by programs: read, corrected, moved between wards."""

from typing import Any

import pytest

from scoring import actions
from scoring.models import AuditEvent, Patient, PatientCorrection, Role
from tests import cast
from tests.api.client import Application, keys_asked, pointers
from tests.need_to_know.wards import REASON, switch, two_wards, ward

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
RIGHT: dict[str, Any] = {
    "hospital_number": "h100234",
    "family_name": "Wang",
    "given_name": "Xiulan",
    "birth_date": "1944-07-15",
    "sex": "female",
    "reason": "by the identity card",
}


@pytest.fixture
def patient() -> Patient:
    return cast.recorded().patient


def test_an_identity_is_corrected_with_a_reason(application: Application, patient: Patient) -> None:
    path = f"/patients/{patient.pk}"
    read = application.get(path)
    assert (read.status_code, read.json()["corrections"]) == (200, [])
    assert read.json()["patient"]["hospital_number"] == "H100234"
    tag = read.headers["ETag"]
    for headers, status in (({}, 428), ({"If_Match": "*"}, 428), ({"If_Match": '"x"'}, 412)):
        assert application.post(f"{path}/correct", RIGHT, **headers).status_code == status
    keyed = {"If_Match": tag, "Idempotency_Key": "k"}
    corrected = application.post(f"{path}/correct", RIGHT, **keyed)
    assert corrected.status_code == 201, corrected.json()
    assert corrected.json()["patient"]["birth_date"] == "1944-07-15"
    (correction,) = corrected.json()["corrections"]
    assert (correction["old_birth_date"], correction["new_birth_date"]) == (
        "1944-07-14",
        "1944-07-15",
    )
    assert (correction["reason"], correction["created_by_name"]) == (
        "by the identity card",
        "HIS interface",
    )
    now = application.get(path)
    assert (now.json(), now.headers["ETag"]) == (corrected.json(), corrected.headers["ETag"])
    # The same again is answered the same; other content under the key is not done.
    assert application.post(f"{path}/correct", RIGHT, **keyed).json() == corrected.json()
    other = RIGHT | {"birth_date": "1944-07-16"}
    assert application.post(f"{path}/correct", other, **keyed).json()["code"] == "key_used"
    assert application.post(f"{path}/correct", other, If_Match=tag).json()["code"] == "stale"
    assert PatientCorrection.objects.count() == 1
    assert application.log_lines().count("patient_corrected") == 1
    assert set(application.log_lines()) == {"patient_viewed", "patient_corrected"}


def test_an_identity_that_becomes_unknown(application: Application, patient: Patient) -> None:
    path = f"/patients/{patient.pk}"
    tag = application.get(path).headers["ETag"]
    unknown = {"family_name": None, "given_name": None, "birth_date": None, "sex": "not_known"}
    response = application.post(f"{path}/correct", RIGHT | unknown, If_Match=tag)
    assert response.status_code == 201, response.json()
    known = response.json()["patient"]
    assert (known["family_name"], known["given_name"], known["birth_date"]) == ("", "", None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reason": " "}, {"/reason": "required"}),
        ({"sex": None}, {"/sex": "required"}),
        ({"birth_date": "1899-01-01"}, {"/birth_date": "birth_day"}),
        ({"birth_date": "2999-01-01"}, {"/birth_date": "birth_day"}),
        ({"family_name": ""}, {"/family_name": "required"}),
        ({"family_name": "A\u202eB"}, {"/family_name": "unreadable"}),
        ({"hospital_number": "H 1%"}, {"/hospital_number": "invalid"}),
        ({"hospital_number": "H2"}, {"/hospital_number": "number_taken"}),
        ({"birth_date": "1944-07-14"}, {"/hospital_number": "nothing_changed"}),
        ({"id": "x"}, {"/id": "unknown_field"}),
    ],
)
def test_a_correction_has_its_rules(
    application: Application, patient: Patient, changes: dict[str, Any], expected: dict[str, str]
) -> None:
    other = cast.registered("H2")
    path = f"/patients/{patient.pk}"
    tag = application.get(path).headers["ETag"]
    response = application.post(f"{path}/correct", RIGHT | changes, If_Match=tag)
    assert (response.status_code, pointers(response)) == (422, expected), response.json()
    is_taken = "number_taken" in expected.values()
    assert response.json().get("patient", {}).get("id") == (str(other.pk) if is_taken else None)
    assert ("patient_looked_up" in application.log_lines()) is is_taken
    assert not PatientCorrection.objects.exists()


def test_nothing_is_taken_for_what_is_left_out(application: Application, patient: Patient) -> None:
    path = f"/patients/{patient.pk}"
    tag = application.get(path).headers["ETag"]
    response = application.post(f"{path}/correct", {"reason": "x"}, If_Match=tag)
    named = ("hospital_number", "family_name", "given_name", "birth_date", "sex")
    assert pointers(response) == {f"/{name}": "required" for name in named}


def test_somebody_who_may_be_the_same_is_asked_about(
    application: Application, patient: Patient
) -> None:
    cast.registered("H2", family_name="Li", given_name="Na")
    path = f"/patients/{patient.pk}"
    tag = application.get(path).headers["ETag"]
    same = RIGHT | {"family_name": "Li", "given_name": "Na", "birth_date": "1944-07-14"}
    asked = application.post(f"{path}/correct", same, If_Match=tag)
    assert (asked.status_code, asked.json()["code"]) == (409, "to_confirm")
    sent = same | {"confirmed": keys_asked(asked)}
    assert application.post(f"{path}/correct", sent, If_Match=tag).status_code == 201


def test_patients_of_other_wards_stay_closed() -> None:
    theirs = two_wards().patient
    inside = Application(Role.CLINICIAN, ward=ward("Spine 1"), name="Spine 1")
    outside = Application(Role.CLINICIAN, ward=ward("Spine 2"), name="Spine 2")
    path = f"/patients/{theirs.pk}"
    assert inside.get(path).status_code == 200
    for response in (
        outside.get(path),
        outside.post(f"{path}/correct", RIGHT, If_Match='"x"'),
        outside.send("PUT", f"{path}/ward", {"ward": "Spine 2", "reason": "x"}),
    ):
        assert (response.status_code, response.json()["code"]) == (403, "other_ward")
    assert outside.log_lines() == []
    mine = cast.registered("H2")
    actions.move_patient(
        by=cast.alice(), patient=mine, ward=None, reason=REASON, origin=actions.NOWHERE
    )
    tag = outside.get(f"/patients/{mine.pk}").headers["ETag"]
    response = outside.post(f"/patients/{mine.pk}/correct", RIGHT, If_Match=tag)
    assert pointers(response) == {"/hospital_number": "other_ward"}
    assert "patient" not in response.json()


def test_a_patient_is_moved_to_another_ward() -> None:
    theirs = two_wards().patient
    application = Application(Role.CLINICIAN, ward=ward("Spine 1"))
    path = f"/patients/{theirs.pk}/ward"

    def put(content: dict[str, Any]) -> Any:
        return application.send("PUT", path, content)

    assert pointers(put({"reason": "x"})) == {"/ward": "required"}
    assert pointers(put({"ward": "Spine 2"})) == {"/reason": "required"}
    # A ward is named: the key of its row is none of an application's business.
    for name in ("Spine 3", "", str(ward("Spine 2").pk)):
        response = put({"ward": name, "reason": "x"})
        assert pointers(response) == {"/ward": "invalid_choice"}
        assert "Spine 1, Spine 2" in response.json()["errors"][0]["detail"]
    assert put({"ward": "Spine 1", "reason": "x"}).json() == {"ward": "Spine 1"}
    assert not AuditEvent.objects.filter(action=Action.PATIENT_MOVED).exists()
    moved = put({"ward": "Spine 2", "reason": "transferred"})
    assert (moved.status_code, moved.json()) == (200, {"ward": "Spine 2"})
    line = AuditEvent.objects.get(action=Action.PATIENT_MOVED)
    assert (line.actor, line.detail["reason"]) == (application.user.username, "transferred")
    # From now on it is another ward's.
    assert put({"ward": "Spine 1", "reason": "x"}).json()["code"] == "other_ward"
    switch(on=False)
    assert put({"ward": None, "reason": "x"}).json() == {"ward": None}


def test_who_may_do_it(patient: Patient) -> None:
    path, reviewer = f"/patients/{patient.pk}", Application(Role.REVIEWER)
    assert reviewer.get(path).status_code == 200
    assert reviewer.post(f"{path}/correct", RIGHT).json()["code"] == "role"
    sent = {"ward": None, "reason": "x"}
    assert reviewer.send("PUT", f"{path}/ward", sent).json()["code"] == "role"
    assert Application(name="Scores").get(path).json()["code"] == "role"
    assert reviewer.get("/patients/1").status_code == 404
