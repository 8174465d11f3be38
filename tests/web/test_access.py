"""Who may see what: nobody without sign-in, and no page stays behind in the browser."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import AuditEvent, Role
from tests import cast
from tests.web.addresses import patterns
from tests.web.html import signed_in
from tests.web.url_roles import PUBLIC

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


PATTERNS = patterns()


def _address(name: str) -> str:
    arguments = dict.fromkeys(PATTERNS[name].pattern.converters, uuid4())
    return reverse(name, kwargs=arguments)


def test_every_page_has_a_name() -> None:
    assert "None" not in PATTERNS
    assert {"worklist", "assessment-result", "assessment-report", *PUBLIC} <= set(PATTERNS)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(set(PATTERNS) - PUBLIC))
def test_signed_out_every_page_leads_to_sign_in(name: str, method: str, client: Client) -> None:
    address = _address(name)
    response = getattr(client, method)(address)
    assert response.status_code == 302
    assert response.headers["Location"].split("?")[0] in {reverse("sign-in")}
    assert response.content == b""


def test_signed_out_even_a_record_that_exists_shows_nothing(client: Client) -> None:
    assessment = cast.recorded()
    for name, pk in (
        ("assessment-result", assessment.pk),
        ("assessment-report", assessment.pk),
        ("patient-detail", assessment.patient_id),
    ):
        response = client.get(reverse(name, args=[pk]))
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_no_page_is_kept_by_the_browser(name: str) -> None:
    client = signed_in(cast.alice())
    for response in (client.get(_address(name)), client.post(_address(name))):
        assert "no-store" in response.headers["Cache-Control"], response.status_code
        assert "private" in response.headers["Cache-Control"]


def test_the_report_is_not_kept_either() -> None:
    assessment = cast.recorded()
    client = signed_in(cast.alice())
    for name in ("assessment-result", "assessment-report"):
        response = client.get(reverse(name, args=[assessment.pk]))
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["assessment-result", "assessment-report", "patient-detail"])
def test_an_unknown_record_is_not_found(name: str) -> None:
    client = signed_in(cast.alice())
    assert client.get(reverse(name, args=[uuid4()])).status_code == 404
    path = reverse(name, args=[uuid4()]).replace("-", "x")
    assert client.get(path).status_code == 404
    assert not AuditEvent.objects.filter(action=Action.ASSESSMENT_VIEWED).exists()


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("worklist", "post"),
        ("about", "post"),
        ("healthz", "post"),
        ("readyz", "post"),
        ("assessment-points", "get"),
        ("patient-lookup", "get"),
        ("assessment-new", "put"),
        ("history", "delete"),
        ("sign-out", "get"),
    ],
)
def test_only_the_meant_method(name: str, method: str) -> None:
    client = signed_in(cast.alice())
    assert getattr(client, method)(_address(name)).status_code == 405


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_view_takes_another_method(method: str) -> None:
    everything = cast.account("eve", "Eve Everything", *Role)
    client = signed_in(everything)
    # What a program asks for is told first whether it is there: tests/api/, tests/fhir/.
    for name in sorted(set(PATTERNS) - {"api", "fhir", "fhir-base", "cds-services", "cds-service"}):
        assert getattr(client, method)(_address(name)).status_code == 405, name


@pytest.mark.parametrize(
    "name", ["healthz", "sign-in", "worklist", "history", "account", "assessment-new", "about"]
)
def test_head_is_answered_as_get_is_without_the_page(name: str) -> None:
    client = signed_in(cast.alice())
    head, get = client.head(_address(name)), client.get(_address(name))
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("name", ["sign-out", "assessment-points", "single-sign-on-callback"])
def test_head_changes_nothing(name: str) -> None:
    assert signed_in(cast.alice()).head(_address(name)).status_code == 405


@pytest.mark.parametrize(
    "name", ["assessment-new", "assessment-points", "patient-lookup", "history", "sign-out"]
)
def test_a_form_of_another_site_is_refused(name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice())
    assert client.post(_address(name), cast.form_data()).status_code == 403


def test_health_tells_nothing_but_health(client: Client) -> None:
    response = client.get(reverse("healthz"))
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_bob_sees_what_alice_recorded() -> None:
    """One ward, one record: every clinician may read every assessment, and it is logged."""
    assessment = cast.recorded(by=cast.alice())
    client = signed_in(cast.bob())
    assert client.get(reverse("assessment-result", args=[assessment.pk])).status_code == 200
    event = AuditEvent.objects.get(action=Action.ASSESSMENT_VIEWED)
    assert (event.actor, event.assessment_id) == ("bob", assessment.pk)


@pytest.mark.parametrize(
    ("name", "argument", "action"),
    [
        ("assessment-result", "pk", Action.ASSESSMENT_VIEWED),
        ("assessment-report", "pk", Action.REPORT_PRINTED),
        ("assessment-patient-sheet", "pk", Action.PATIENT_SHEET_PRINTED),
        ("patient-detail", "patient_id", Action.PATIENT_VIEWED),
    ],
)
def test_each_look_at_a_record_is_logged(name: str, argument: str, action: str) -> None:
    assessment = cast.recorded()
    client = signed_in(cast.bob())
    address = reverse(name, args=[getattr(assessment, argument)])
    client.get(address, REMOTE_ADDR="192.0.2.7")
    event = AuditEvent.objects.get(action=action)
    assert (event.actor, event.actor_name) == ("bob", "Dr Bob Keller")
    assert event.patient_id == assessment.patient_id
    assert event.hospital_number == "H100234"
    assert event.address == "192.0.2.7"
    assert event.assessment_id == (None if argument == "patient_id" else assessment.pk)


def test_lists_and_look_ups_are_logged() -> None:
    patient = cast.recorded().patient
    client = signed_in(cast.bob())
    client.get(reverse("worklist"))
    client.post(reverse("history"), {"q": "wang"}, follow=True)
    client.post(reverse("patient-lookup"), {"hospital_number": "h100234"})
    client.post(reverse("patient-lookup"), {"hospital_number": "H9"})
    events = AuditEvent.objects.filter(actor="bob").order_by("id")
    assert [event.action for event in events] == [
        Action.SIGN_IN,
        Action.WORKLIST_VIEWED,
        Action.HISTORY_SEARCHED,
        Action.PATIENT_LOOKED_UP,
    ]
    assert events[2].detail == {"text": "wang", "found": 1}
    assert events[3].patient_id == patient.pk
