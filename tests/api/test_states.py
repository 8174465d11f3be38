"""What ends and prolongs the waiting of an assessment, by programs; voids and what is undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from scoring.models import AuditEvent, Role
from scoring.models.codes import OperationStatus, State
from scoring.nomogram.eligibility import Criterion
from tests import cast
from tests.api.client import Application, keys_asked, pointers
from tests.api.sent import NEW, new
from tests.life import acts

pytestmark = pytest.mark.django_db


class Steps:
    """One assessment, changed step by step: each with the ETag of the answer before."""

    def __init__(self, application: Application, made: Any) -> None:
        self.application, self.last = application, made

    @property
    def path(self) -> str:
        """The address of the newest version."""
        return f"/assessments/{self.last.json()['version']['id']}"

    def refused(self, step: str, content: Any) -> Any:
        """The problem that a step ends in."""
        tag = self.last.headers["ETag"]
        response = self.application.post(f"{self.path}/{step}", content, If_Match=tag)
        assert response.status_code >= 400, response.json()
        return response

    def do(self, step: str, content: Any) -> dict[str, Any]:
        """The version that a step makes; the same again is answered the same."""
        headers = {"If_Match": self.last.headers["ETag"], "Idempotency_Key": step}
        response = self.application.post(f"{self.path}/{step}", content, **headers)
        if response.status_code == 409 and response.json()["code"] == "to_confirm":
            content = content | {"confirmed": keys_asked(response)}
            response = self.application.post(f"{self.path}/{step}", content, **headers)
        assert response.status_code == 201, response.json()
        again = self.application.post(f"{self.path}/{step}", content, **headers)
        assert (again.status_code, again.json()) == (201, response.json())
        self.last = response
        version: dict[str, Any] = response.json()["version"]
        return version


@pytest.fixture
def steps(application: Application) -> Steps:
    return Steps(application, application.post("/assessments", NEW))


def _planned(application: Application, days: int) -> Steps:
    """A planned operation."""
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    sent = new(operation_status="planned", operation_date=day, operation_time=None)
    # Nobody can tell yet.
    del sent["version"][Criterion.NEW_VERTEBRAL_FRACTURE.value]
    asked = application.post("/assessments", sent)
    made = application.post("/assessments", sent | {"confirmed": keys_asked(asked)})
    assert made.status_code == 201, made.json()
    return Steps(application, made)


def test_no_radiograph_and_awaited_again(steps: Steps) -> None:
    said = steps.do("no-radiograph", {"reason": "sent home on the day"})
    assert (said["state"], said["reason"]) == (State.NO_RADIOGRAPH, "sent home on the day")
    assert steps.refused("no-radiograph", {}).json()["code"] == "state"
    # Where the address says what happened, the reason may stay open.
    assert steps.do("resume", {})["state"] == State.PROVISIONAL
    assert steps.refused("resume", {}).json()["code"] == "state"
    lines = steps.application.log_lines()
    assert lines.count("radiograph_not_taken") == lines.count("assessment_resumed") == 1


def test_a_cancelled_operation(steps: Steps) -> None:
    cancelled = steps.do("cancel", {"reason": None})
    assert (cancelled["state"], cancelled["operation_status"]) == (
        State.CANCELLED,
        OperationStatus.PLANNED,
    )
    assert steps.refused("complete", {"mvh_restored": True}).json()["code"] == "state"
    assert steps.do("void", {"reason": "twice"})["state"] == State.VOIDED
    assert pointers(steps.refused("reinstate", {})) == {"/reason": "required"}
    assert steps.do("reinstate", {"reason": "once"})["state"] == State.CANCELLED
    assert pointers(steps.refused("resume", {"reason": "x" * 501})) == {"/reason": "max_length"}
    assert pointers(steps.refused("resume", {"why": "x"})) == {"/why": "unknown_field"}


def test_a_vas_stands_against_a_cancellation(steps: Steps) -> None:
    sent = {"vas": 6, "measured_on": "2025-03-16"}
    path = f"{steps.path}/outcomes/day-3"
    assert steps.application.send("PUT", path, sent).status_code == 201
    response = steps.refused("cancel", {})
    assert (response.status_code, response.json()["code"]) == (409, "operated")


def test_a_planned_operation_is_postponed(application: Application) -> None:
    steps, today = _planned(application, 2), timezone.localdate()
    ahead = steps.refused("no-radiograph", {})
    assert (ahead.status_code, ahead.json()["code"]) == (409, "operation_ahead")
    past = {"operation_date": (today - timedelta(days=1)).isoformat()}
    assert pointers(steps.refused("postpone", past)) == {"/operation_date": "planned_but_past"}
    assert pointers(steps.refused("postpone", {})) == {"/operation_date": "required"}
    later = (today + timedelta(days=5)).isoformat()
    version = steps.do("postpone", {"operation_date": later})
    assert (version["operation_date"], version["operation_time"]) == (later, None)
    assert version["reason"] == "Operation postponed"
    assert "assessment_amended" in application.log_lines()
    # The same day once more changes nothing: it is asked back.
    asked = steps.refused("postpone", {"operation_date": later}).json()
    assert asked["code"] == "to_confirm"


def test_an_operation_that_was_done_is_not_postponed(steps: Steps) -> None:
    later = {"operation_date": timezone.localdate().isoformat()}
    assert steps.refused("postpone", later).json()["code"] == "state"


def test_what_was_just_saved_is_undone(steps: Steps) -> None:
    assert steps.refused("undo", b"").json()["code"] == "undo"
    assert steps.do("complete", {"mvh_restored": True})["state"] == State.FINAL
    undone = steps.do("undo", b"")
    assert (undone["state"], undone["version"], undone["mvh_restored"]) == ("provisional", 3, None)
    steps.do("void", {"reason": "twice"})
    assert steps.do("undo", b"")["state"] == State.PROVISIONAL
    assert "completion_undone" in steps.application.log_lines()


def test_nobody_undoes_what_others_saved(application: Application) -> None:
    made = acts.completed(acts.provisional())
    tag = application.get(f"/assessments/{made.pk}").headers["ETag"]
    response = application.post(f"/assessments/{made.pk}/undo", b"", If_Match=tag)
    assert (response.status_code, response.json()["code"]) == (409, "undo")


@pytest.mark.parametrize(
    ("step", "content"),
    [
        ("no-radiograph", {}),
        ("cancel", {}),
        ("resume", {}),
        ("void", {"reason": "x"}),
        ("reinstate", {"reason": "x"}),
        ("postpone", {"operation_date": "2026-03-14"}),
        ("undo", b""),
    ],
)
def test_each_step_needs_the_role_and_the_version(step: str, content: Any) -> None:
    made = cast.recorded()
    path = f"/assessments/{made.pk}/{step}"
    assert Application(Role.REVIEWER).post(path, content).json()["code"] == "role"
    clinician = Application(Role.CLINICIAN, name="EHR")
    for headers, status in (({}, 428), ({"If_Match": "*"}, 428), ({"If_Match": '"x"'}, 412)):
        assert clinician.post(path, content, **headers).status_code == status
    made.chain.refresh_from_db()
    assert made.chain.current_id == made.pk
    assert not AuditEvent.objects.filter(actor=clinician.user.username).exclude(
        action="assessment_viewed"
    )
