"""Outcomes by programs."""

from typing import Any

import pytest

from scoring import actions
from scoring.models import AuditEvent, Outcome, Role
from tests import cast
from tests.api.client import Application, pointers

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    return Application(Role.CLINICIAN)


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
    keys = [question["key"] for question in response.json()["questions"]]
    assert response.status_code == 409
    assert application.send("PUT", path, late | {"confirmed": keys}).status_code == 201
    assert Outcome.objects.count() == 1
    actions.void(by=cast.alice(), assessment=assessment, reason="x", submission=cast.submission())
    voided = application.send("PUT", path, late)
    assert (voided.status_code, voided.json()["code"]) == (409, "state")
