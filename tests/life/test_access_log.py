"""Every change is a line in the access log: who, what, about whom, from where, and why."""

from collections.abc import Callable

import pytest
from django.test import Client

from scoring.models import Assessment, AuditEvent, Patient
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
LOOKED = {Action.ASSESSMENT_VIEWED, Action.PATIENT_VIEWED, Action.SIGN_IN}

CHANGES: list[tuple[str, Callable[[], Assessment | Patient], dict[str, str], str, str]] = [
    (
        "assessment-complete",
        acts.provisional,
        {"mvh_restored": "no"},
        Action.ASSESSMENT_COMPLETED,
        "",
    ),
    (
        "assessment-amend",
        cast.recorded,
        {"pdw_fl": "9", "reason": " misread "},
        Action.ASSESSMENT_AMENDED,
        "misread",
    ),
    (
        "assessment-void",
        cast.recorded,
        {"reason": "wrong patient"},
        Action.ASSESSMENT_VOIDED,
        "wrong patient",
    ),
    (
        "assessment-reinstate",
        lambda: acts.voided(cast.recorded()),
        {"reason": "right after all"},
        Action.ASSESSMENT_REINSTATED,
        "right after all",
    ),
    (
        "assessment-no-radiograph",
        acts.provisional,
        {"reason": " went home "},
        Action.RADIOGRAPH_NOT_TAKEN,
        "went home",
    ),
    ("assessment-cancel", acts.provisional, {}, Action.OPERATION_CANCELLED, ""),
    (
        "assessment-resume",
        lambda: acts.cancelled(acts.provisional()),
        {},
        Action.ASSESSMENT_RESUMED,
        "",
    ),
    (
        "outcome-day-3",
        cast.recorded,
        {"vas": "5", "measured_on": "16-Mar-2025"},
        Action.OUTCOME_RECORDED,
        "",
    ),
    (
        "patient-correct",
        cast.registered,
        {"given_name": "Na", "reason": "misspelt"},
        Action.PATIENT_CORRECTED,
        "misspelt",
    ),
]


@pytest.mark.parametrize(
    ("name", "opens", "entered", "action", "reason"), CHANGES, ids=[c[0] for c in CHANGES]
)
def test_each_change_is_one_line(
    bobs: Client,
    name: str,
    opens: Callable[[], Assessment | Patient],
    entered: dict[str, str],
    action: str,
    reason: str,
) -> None:
    of = opens()
    at = browse.address(name, of)
    before = AuditEvent.objects.latest("id").pk
    data = browse.as_shown(Page(bobs.get(at))) | entered
    assert bobs.post(at, data, REMOTE_ADDR="192.0.2.7").status_code == 302
    (event,) = AuditEvent.objects.filter(pk__gt=before).exclude(action__in=LOOKED)
    assert (event.action, event.actor, event.actor_name) == (action, "bob", "Dr Bob Keller")
    assert event.address == "192.0.2.7"
    patient = of.patient if isinstance(of, Assessment) else of
    assert (event.patient_id, event.hospital_number) == (patient.pk, "H100234")
    assert event.detail["reason"] == reason
    if name.startswith("assessment"):
        latest = Assessment.objects.latest("version")
        assert event.assessment_id == latest.pk
        assert event.detail["supersedes"] == str(of.pk)
    if name.startswith("outcome"):
        assert (event.assessment_id, event.detail["time_point"]) == (of.pk, 3)


def test_a_corrected_outcome_is_told_from_a_first_one() -> None:
    of = cast.recorded()
    first = acts.outcome(of, acts.measured(30, 5))
    acts.outcome(of, acts.measured(30, 4), expected=first, reason="misheard", by=cast.bob())
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.actor) == (Action.OUTCOME_CORRECTED, "bob")
    assert event.detail.pop("record")
    assert event.detail == {"time_point": 30, "reason": "misheard"}


def test_an_amendment_to_a_new_patient_is_a_line_about_the_new_one() -> None:
    of = cast.recorded()
    made = acts.amended(of, patient=cast.person("H8", family_name="Li"))
    registered, amended = AuditEvent.objects.order_by("-id")[:2][::-1]
    assert (registered.action, amended.action) == (
        Action.PATIENT_REGISTERED,
        Action.ASSESSMENT_AMENDED,
    )
    assert registered.patient_id == amended.patient_id == made.patient_id
    assert amended.hospital_number == "H8"


@pytest.mark.parametrize("name", ["assessment-complete", "assessment-amend", "assessment-void"])
def test_looking_at_a_page_is_a_line_too(bobs: Client, name: str) -> None:
    of = acts.provisional()
    bobs.get(browse.address(name, of))
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.actor, event.assessment_id) == (
        Action.ASSESSMENT_VIEWED,
        "bob",
        of.pk,
    )


def test_a_failing_access_log_undoes_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    of, patient = cast.recorded(), cast.registered("H2")

    def fail(**values: object) -> AuditEvent:
        raise RuntimeError("no room on the disk")

    monkeypatch.setattr(AuditEvent.objects, "create", fail)
    jobs: list[Callable[[], object]] = [
        lambda: acts.amended(of),
        lambda: acts.voided(of),
        lambda: acts.outcome(of, acts.measured(3, 5)),
        lambda: acts.corrected(patient, cast.person("H2", given_name="Na")),
    ]
    for job in jobs:
        with pytest.raises(RuntimeError, match="no room"):
            job()
    assert acts.read(of.pk).is_current
    assert Assessment.objects.count() == 1
    assert not of.chain.outcomes.exists()
    assert Patient.objects.get(pk=patient.pk).revision == 0
