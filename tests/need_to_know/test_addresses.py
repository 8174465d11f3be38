"""Every address about a patient, tried by a user of another ward."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from scoring import actions
from scoring.models import Assessment, AuditEvent
from tests import cast
from tests.life import acts
from tests.need_to_know.wards import REASON, put, two_wards
from tests.web.addresses import patterns
from tests.web.html import signed_in
from tests.web.url_roles import REFUSED, ROLES, TABLE

pytestmark = pytest.mark.django_db
PATTERNS = patterns()
_TOLD = ("Wang", "Xiulan", "H100234", "14-Jul-1944", "RBP-20", "183.89")
_OF_PATIENTS = {"patient", "assessment", "outcome"}
# Asks for the reason.
_ASKS = "patient-open"
_CLINICIAN = ROLES.index("clinician")


def _about_patients() -> list[tuple[str, str]]:
    """Name and method of every address with the id of a patient or an assessment."""
    return [
        (row.name, method)
        for row in TABLE
        for method in ("get", "post")
        if "pk" in PATTERNS[row.name].pattern.converters
        and row.name.split("-")[0] in _OF_PATIENTS
        and row.name != _ASKS
    ]


def _tells_nothing(response: Any) -> None:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    page = content.decode(errors="replace") + response.headers.get("Location", "")
    assert not [told for told in _TOLD if told in page]


@pytest.mark.parametrize(("name", "method"), sorted(set(_about_patients())))
def test_nothing_opens_without_a_reason(name: str, method: str) -> None:
    known = two_wards()
    pks = {"patient": known.patient.pk}
    address = reverse(name, args=[pks.get(name.split("-")[0], known.assessment.pk)])
    response = getattr(signed_in(cast.bob()), method)(address)
    may = {row.answers[_CLINICIAN] for row in TABLE if row.name == name} != {REFUSED}
    if may:
        assert response.status_code == 302
        asks = reverse(_ASKS, args=[known.patient.pk])
        assert response.headers["Location"].partition("?")[0] == asks
    else:
        assert response.status_code == 403
    _tells_nothing(response)
    by_bob = AuditEvent.objects.filter(actor="bob", patient_id=known.patient.pk)
    assert not by_bob.exists()


def test_the_rows_of_this_test_are_those_of_the_site() -> None:
    """An address with an id of a kind that is not known here has to be thought of."""
    kinds = {
        row.name.split("-")[0] for row in TABLE if "pk" in PATTERNS[row.name].pattern.converters
    }
    known = {"draft", "laboratory", "passkey", "recalibration", "token", "user"}
    assert kinds == _OF_PATIENTS | known


@pytest.mark.parametrize("of", ["own ward", "reviewer", "no ward", "switched off"])
def test_these_open_as_before(of: str) -> None:
    known = two_wards(on=of != "switched off")
    client = signed_in({"own ward": cast.alice, "reviewer": cast.rita}.get(of, cast.bob)())
    if of == "no ward":
        actions.move_patient(
            by=cast.alice(), patient=known.patient, ward=None, reason="x", origin=actions.NOWHERE
        )
    for name, pk in (
        ("patient-detail", known.patient.pk),
        ("assessment-result", known.assessment.pk),
        ("assessment-report", known.assessment.pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 200


def _opened(client: Client, pk: UUID, **more: str) -> Any:
    return client.post(reverse(_ASKS, args=[pk]), {"reason": REASON, **more})


def test_a_reason_opens_the_patient_and_is_in_the_log() -> None:
    known, client = two_wards(), signed_in(cast.bob())
    wanted = reverse("assessment-result", args=[known.assessment.pk])
    asks = client.get(wanted).headers["Location"]
    assert client.get(asks).status_code == 200
    _tells_nothing(client.get(asks))
    assert client.post(asks, {"reason": "  "}).status_code == 422
    assert client.post(asks, {"reason": REASON}).headers["Location"] == wanted
    assert "Wang" in client.get(wanted).content.decode()
    event = AuditEvent.objects.get(action=AuditEvent.Action.PATIENT_OPENED)
    assert (event.actor, event.patient_id) == ("bob", known.patient.pk)
    assert event.detail == {"reason": REASON}


def test_it_opens_this_patient_alone_for_this_user_in_this_session() -> None:
    known, client = two_wards(), signed_in(cast.bob())
    other = cast.registered("H2")
    _opened(client, known.patient.pk)
    page = reverse("patient-detail", args=[known.patient.pk])
    assert client.get(page).status_code == 200
    assert client.get(reverse("patient-detail", args=[other.pk])).status_code == 302
    assert signed_in(cast.bob()).get(page).status_code == 302
    put(acts.cara(), "Spine 2")
    assert signed_in(acts.cara()).get(page).status_code == 302


def test_it_closes_after_eight_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    known, client = two_wards(), signed_in(cast.bob())
    _opened(client, known.patient.pk)
    session = client.session
    ((pk, at),) = session["patients_opened"].items()
    session["patients_opened"] = {pk: at.replace(at[:4], str(int(at[:4]) - 1), 1)}
    session.save()
    page = reverse("patient-detail", args=[known.patient.pk])
    assert client.get(page).status_code == 302


def test_it_leads_to_no_other_site() -> None:
    known = two_wards()
    answer = _opened(signed_in(cast.bob()), known.patient.pk, next="https://evil.example/")
    assert answer.headers["Location"] == reverse("patient-detail", args=[known.patient.pk])


def test_an_assessment_that_was_moved_asks_for_both_patients() -> None:
    known = two_wards()
    bobs = cast.person("H7", family_name="Zhao")
    moved = acts.amended(known.assessment, patient=bobs, by=cast.bob())
    client = signed_in(cast.bob())
    for version in (known.assessment, moved):
        page = reverse("assessment-result", args=[version.pk])
        asks = client.get(page).headers["Location"]
        assert asks.partition("?")[0] == reverse(_ASKS, args=[known.patient.pk])


@pytest.mark.usefixtures("contexts")
def test_what_was_typed_is_kept_when_the_patient_closed_meanwhile() -> None:
    known, client = two_wards(), signed_in(cast.bob())
    _opened(client, known.patient.pk)
    page = reverse("assessment-void", args=[known.assessment.pk])
    form = client.get(page).context["form"]
    mark = client.get(page).content.decode().split('name="kept_for" value="')[1].split('"')[0]
    session = client.session
    del session["patients_opened"]
    session.save()
    token = str(form["form_token"].value())
    sent = {"form_token": token, "kept_for": mark, "reason": "wrong wristband"}
    asks = client.post(page, sent).headers["Location"]
    back = client.post(asks, {"reason": REASON}).headers["Location"]
    assert "wrong wristband" in client.get(back).content.decode()
    assert not Assessment.objects.filter(version=2).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_reason_is_asked_for_nobody_who_is_not_there(method: str) -> None:
    two_wards()
    address = reverse(_ASKS, args=[uuid4()])
    assert getattr(signed_in(cast.bob()), method)(address).status_code == 404
