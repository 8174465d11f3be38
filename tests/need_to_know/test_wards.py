"""Wards: made by administrators, held by users and patients, and patients moved between them."""

import pytest
from django.db import InternalError, connection, transaction
from django.urls import reverse

from scoring import actions
from scoring.actions.reasons import ReasonMissingError
from scoring.models import AuditEvent, Patient, User, Ward
from tests import cast
from tests.life import acts
from tests.need_to_know.wards import REASON, put, two_wards, ward
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def test_an_administrator_adds_wards_and_switches_the_limit_on() -> None:
    client = signed_in(cast.adam())
    for name, status in (("Spine 1", 302), ("spine 1", 422), (" ", 422), ("Spine 2", 302)):
        assert client.post(reverse("ward-add"), {"name": name}).status_code == status
    assert [one.name for one in Ward.objects.order_by("name")] == ["Spine 1", "Spine 2"]
    added = AuditEvent.objects.filter(action=Action.WARD_ADDED).order_by("pk")
    assert [event.detail for event in added] == [{"ward_name": "Spine 1"}, {"ward_name": "Spine 2"}]
    page = Page(client.get(reverse("ward-settings")))
    assert page.value("need_to_know") == ""
    assert "Spine 2" in page.text
    data = {"time_zone": "Asia/Shanghai", "revision": "0", "need_to_know": "on", "paper": "A4"}
    assert client.post(reverse("ward-settings"), data).status_code == 302
    event = AuditEvent.objects.get(action=Action.WARD_SETTINGS_CHANGED)
    assert (event.detail["need_to_know"], event.detail["need_to_know_before"]) == (True, False)


def test_a_user_gets_a_ward_on_the_page_of_the_user() -> None:
    bob, client = cast.bob(), signed_in(cast.adam())
    address = reverse("user-change", args=[bob.uuid])
    assert not Page(client.get(address)).has_id("id_ward")
    spine = ward("Spine 1")
    data = {"display_name": "Dr Bob Keller", "roles": ["Clinician"], "ward": str(spine.pk)}
    client.post(address, data | {"opened": Page(client.get(address)).value("opened")})
    assert User.objects.get(username="bob").ward == spine
    event = AuditEvent.objects.get(action=Action.USER_CHANGED)
    assert event.detail == {"username": "bob", "ward": "Spine 1", "ward_before": ""}
    assert Page(client.get(address)).value("ward") == str(spine.pk)


def test_a_new_user_may_have_a_ward_from_the_beginning() -> None:
    spine, client = ward("Spine 1"), signed_in(cast.adam())
    data = {"username": "dora", "display_name": "Dr Dora Wu", "personal": "on"}
    client.post(reverse("user-new"), data | {"ward": str(spine.pk), "roles": ["Clinician"]})
    assert User.objects.get(username="dora").ward == spine
    event = AuditEvent.objects.filter(action=Action.USER_CREATED).latest("pk")
    assert event.detail["ward"] == "Spine 1"


def test_a_new_patient_is_of_the_ward_of_whoever_registers() -> None:
    put(cast.alice(), "Spine 1")
    assert cast.recorded(by=User.objects.get(username="alice")).patient.ward == ward("Spine 1")
    assert cast.recorded(cast.person("H2"), by=acts.cara()).patient.ward is None


def test_a_patient_is_moved_with_a_reason_that_is_logged() -> None:
    known = two_wards()
    client = signed_in(cast.alice())
    address = reverse("patient-ward", args=[known.patient.pk])
    assert (
        address in client.get(reverse("patient-detail", args=[known.patient.pk])).content.decode()
    )
    two = ward("Spine 2")
    assert client.post(address, {"ward": str(two.pk), "reason": " "}).status_code == 422
    # Gone from the own ward: the page that follows must not ask for a reason.
    answer = client.post(address, {"ward": str(two.pk), "reason": REASON})
    assert answer.headers["Location"] == reverse("worklist")
    event = AuditEvent.objects.get(action=Action.PATIENT_MOVED)
    assert event.detail == {"ward": "Spine 2", "ward_before": "Spine 1", "reason": REASON}
    assert (event.actor, event.patient_id) == ("alice", known.patient.pk)
    assert signed_in(cast.bob()).get(address).status_code == 200


def test_patients_without_a_ward_are_given_to_one_all_at_once() -> None:
    known = two_wards()
    others = [cast.recorded(cast.person(n), by=acts.cara()).patient for n in ("H2", "H3")]
    client, two = signed_in(cast.adam()), ward("Spine 2")
    assert client.post(reverse("ward-give"), {"to": ""}).status_code == 422
    page = Page(client.post(reverse("ward-give"), {"to": str(two.pk)}, follow=True))
    assert "2 patients were given to Spine 2." in page.text
    event = AuditEvent.objects.get(action=Action.PATIENTS_MOVED)
    assert (event.patient_id, event.detail) == (None, {"ward": "Spine 2", "patients": 2})
    assert {Patient.objects.get(pk=one.pk).ward for one in others} == {two}
    assert Patient.objects.get(pk=known.patient.pk).ward == ward("Spine 1")
    assert not page.has_id("id_to")


def test_moving_where_the_patient_is_leaves_no_line() -> None:
    known = two_wards()
    actions.move_patient(
        by=cast.alice(),
        patient=known.patient,
        ward=ward("Spine 1"),
        reason=REASON,
        origin=actions.NOWHERE,
    )
    assert not AuditEvent.objects.filter(action=Action.PATIENT_MOVED).exists()


def test_both_actions_need_a_reason() -> None:
    known = two_wards()
    with pytest.raises(ReasonMissingError):
        actions.open_patient(
            by=cast.bob(), patient=known.patient, reason=" ", origin=actions.NOWHERE
        )
    with pytest.raises(ReasonMissingError), transaction.atomic():
        actions.move_patient(
            by=cast.bob(), patient=known.patient, ward=None, reason="", origin=actions.NOWHERE
        )
    assert Patient.objects.get(pk=known.patient.pk).ward == ward("Spine 1")


@pytest.mark.as_owner
def test_nothing_else_changes_together_with_the_ward() -> None:
    known = two_wards()
    for change in ("family_name = 'Li', ward_id = NULL", "synthetic = true, ward_id = NULL"):
        with (
            pytest.raises(InternalError, match="only with a recorded correction"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE scoring_patient SET {change}")  # noqa: S608
    corrected = acts.corrected(known.patient, cast.person("H100234", family_name="Li"))
    assert corrected.ward == ward("Spine 1")


def test_reviewers_find_what_was_opened_with_its_reason() -> None:
    known = two_wards()
    signed_in(cast.bob()).post(reverse("patient-open", args=[known.patient.pk]), {"reason": REASON})
    client = signed_in(cast.rita())
    log = client.get(reverse("access-log"), {"action": Action.PATIENT_OPENED})
    said = Page(log).text
    assert REASON in said
    assert "Dr Bob Keller" in said
    assert "action=patient_opened" in client.get(reverse("access-log")).content.decode()
