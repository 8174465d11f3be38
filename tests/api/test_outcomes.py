"""Outcomes by programs."""

from typing import Any

import pytest

from scoring import actions
from scoring.models import AuditEvent, Outcome, Role
from tests import cast
from tests.api.client import Application, keys_asked, pointers
from tests.life import acts

pytestmark = pytest.mark.django_db


def test_an_outcome_is_recorded_and_corrected(application: Application) -> None:
    path = f"/assessments/{cast.recorded().pk}/outcomes"
    assert application.get(f"{path}/day-3").status_code == 404
    sent = {"vas": 6, "measured_on": "2025-03-16"}

    def put(content: dict[str, Any], **headers: str) -> Any:
        return application.send("PUT", f"{path}/day-3", content, **headers)

    first = put(sent, Idempotency_Key="k")
    assert first.status_code == 201, first.json()
    assert put(sent, Idempotency_Key="k").json() == first.json()
    assert put(sent | {"vas": 5}, Idempotency_Key="k").json()["code"] == "key_used"
    read = application.get(f"{path}/day-3")
    assert (read.json(), read.headers["ETag"]) == (first.json(), first.headers["ETag"])
    better = {"vas": 4.0, "measured_on": "2025-03-16"}
    assert put(better).status_code == 428
    assert put(better, If_Match='"x"').status_code == 412
    assert put(better, If_Match="*").status_code == 428
    # It was to be the first.
    assert put(better, If_None_Match="*").status_code == 412
    tag = first.headers["ETag"]
    assert pointers(put(better, If_Match=tag)) == {"/reason": "required"}
    second = put(better | {"reason": "misread"}, If_Match=tag)
    assert (second.status_code, second.json()["vas"], second.json()["version"]) == (201, 4, 2)
    assert len(application.get(path).json()["outcomes"]) == 2
    lines = AuditEvent.objects.filter(actor=application.user.username)
    assert lines.filter(action="outcome_recorded").count() == 1
    assert lines.filter(action="outcome_corrected").count() == 1
    # Nothing stands at day 30 yet: there is nothing to match.
    later = application.send("PUT", f"{path}/day-30", sent, If_Match=tag)
    assert later.status_code == 412


def test_an_outcome_is_taken_back(application: Application) -> None:
    path = f"/assessments/{cast.recorded().pk}/outcomes/day-3"
    assert application.post(f"{path}/undo", b"", If_Match='"x"').status_code == 404
    sent = {"vas": 6, "measured_on": "2025-03-16"}
    tag = application.send("PUT", path, sent).headers["ETag"]
    assert application.post(f"{path}/undo", b"").json()["code"] == "if_match"
    assert application.post(f"{path}/undo", b"", If_Match='"x"').json()["code"] == "stale"
    other = Application(Role.CLINICIAN, name="Laboratory")
    assert other.post(f"{path}/undo", b"", If_Match=tag).json()["code"] == "undo"
    keyed = {"If_Match": tag, "Idempotency_Key": "k"}
    undone = application.post(f"{path}/undo", b"", **keyed)
    assert (undone.status_code, undone.json()["withdrawn"]) == (201, True)
    assert application.post(f"{path}/undo", b"", **keyed).json() == undone.json()
    assert application.get(path).status_code == 404
    assert "outcome_undone" in application.log_lines()
    # The time point is open again.
    assert application.send("PUT", path, sent, If_None_Match="*").status_code == 201


def test_outcomes_go_with_an_assessment_to_another_patient(application: Application) -> None:
    """A program that knows the former version neither reads nor writes those of the other one."""
    former = cast.recorded()
    path = f"/assessments/{former.pk}/outcomes"
    sent = {"vas": 6, "measured_on": "2025-03-16"}
    tag = application.send("PUT", f"{path}/day-3", sent).headers["ETag"]
    moved = acts.amended(former, patient=cast.registered("H7", family_name="Zhao"))
    answers = [
        application.get(path),
        application.get(f"{path}/day-3"),
        application.send("PUT", f"{path}/day-30", sent | {"measured_on": "2025-04-12"}),
        application.post(f"{path}/day-3/undo", b"", If_Match=tag),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "moved")] * 4
    (outcome,) = application.get(f"/assessments/{moved.pk}/outcomes").json()["outcomes"]
    assert (outcome["vas"], Outcome.objects.count()) == (6, 1)


def test_outcomes_have_their_rules(application: Application) -> None:
    assessment = cast.recorded()
    path = f"/assessments/{assessment.pk}/outcomes/day-3"
    for content, expected in (
        ({}, {"/vas": "vas_open"}),
        ({"vas": 11, "measured_on": "2025-03-16"}, {"/vas": "out_of_range"}),
        ({"vas": 3.5, "measured_on": "2025-03-16"}, {"/vas": "out_of_range"}),
        # As a whole number it would fill the memory.
        (b'{"vas": 1e5000, "measured_on": "2025-03-16"}', {"/vas": "out_of_range"}),
        ({"vas": 3}, {"/measured_on": "vas_day_open"}),
        (
            {"vas": 3, "measured_on": "2025-03-16", "new_vertebral_fracture": True, "reason": "x"},
            {"/new_vertebral_fracture": "not_asked", "/reason": "not_asked"},
        ),
        ({"vas": 3, "measured_on": "2025-03-12"}, {"/measured_on": "vas_day"}),
        ({"vas": 3, "not_evaluable": "lost"}, {"/not_evaluable": "vas_beside_reason"}),
        ({"not_evaluable": "forgotten"}, {"/not_evaluable": "invalid_choice"}),
    ):
        response = application.send("PUT", path, content)
        assert (response.status_code, pointers(response)) == (422, expected)
    late = {"vas": 3, "measured_on": "2025-03-25"}
    response = application.send("PUT", path, late)
    keys = keys_asked(response)
    assert response.status_code == 409
    assert application.send("PUT", path, late | {"confirmed": keys}).status_code == 201
    assert Outcome.objects.count() == 1
    actions.void(by=cast.alice(), assessment=assessment, reason="x", submission=cast.submission())
    voided = application.send("PUT", path, late)
    assert (voided.status_code, voided.json()["code"]) == (409, "state")
