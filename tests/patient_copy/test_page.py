"""Who may make a patient's copy, from where, and what the access log says of it."""

from typing import Any

import pytest
from django.urls import reverse

from scoring.models import AuditEvent, Patient
from tests import cast
from tests.patient_copy.record import everything, json_copy
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture
def patient() -> Patient:
    return cast.recorded().patient


@pytest.mark.parametrize(("who", "may"), [(cast.alice, False), (cast.rita, True)])
def test_the_record_offers_it_to_those_who_may(patient: Patient, who: Any, may: bool) -> None:
    record = signed_in(who()).get(reverse("patient-detail", args=[patient.pk])).content.decode()
    assert (reverse("patient-copy", args=[patient.pk]) in record) is may


@pytest.mark.parametrize("right", ["view_access_log", "export_records", "see_patients"])
@pytest.mark.as_owner
def test_each_of_the_rights_is_needed(patient: Patient, right: str) -> None:
    """A hospital may take a right from a role."""
    reviewers = cast.rita().groups.get()
    reviewers.permissions.remove(reviewers.permissions.get(codename=right))
    client = signed_in(cast.rita())
    assert client.get(reverse("patient-copy", args=[patient.pk])).status_code == 403
    for name in ("patient-copy-json", "patient-copy-pdf"):
        assert client.post(reverse(name, args=[patient.pk])).status_code == 403
    assert not AuditEvent.objects.filter(action__startswith="record_copied").exists()


@pytest.mark.parametrize(
    ("name", "action", "ending"),
    [
        ("patient-copy-json", Action.RECORD_COPIED_JSON, "json"),
        ("patient-copy-pdf", Action.RECORD_COPIED_PDF, "pdf"),
    ],
)
def test_each_copy_is_a_line_of_its_own(
    patient: Patient, name: str, action: str, ending: str
) -> None:
    response = signed_in(cast.rita()).post(reverse(name, args=[patient.pk]))
    event = AuditEvent.objects.get(action=action)
    assert (event.actor, event.patient_id) == ("rita", patient.pk)
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert disposition.endswith(f'.{ending}"')
    assert "H100234" not in disposition


def test_the_copy_tells_of_itself(patient: Patient) -> None:
    copy = json_copy(signed_in(cast.rita()), patient)
    last = copy["access_log"][-1]
    assert (last["actor"], last["actor_name"]) == ("rita", "Rita Review")
    assert last["action"] == Action.RECORD_COPIED_JSON
    assert (copy["made_by"], copy["made_by_name"]) == ("rita", "Rita Review")


def test_the_page_names_unfinished_forms_and_whose_they_are() -> None:
    patient = everything()
    page = Page(signed_in(cast.rita()).get(reverse("patient-copy", args=[patient.pk])))
    assert "Dr Alice Moore" in page.text
    assert "Ask these users to save or discard them first." in page.text
    assert "typed, not saved" not in page.text
