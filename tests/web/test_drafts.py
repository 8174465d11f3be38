"""An unfinished form comes back to who typed it, whole, and to nobody else."""

import time
from collections.abc import Callable
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from scoring import actions
from scoring.models import Assessment, AuditEvent, Draft, Outcome, Patient, PatientCorrection
from tests import cast
from tests.life import acts
from tests.life.browse import as_shown, led_to
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
BACK = "What you typed is restored."


def _timed_out(client: Client) -> None:
    session = client.session
    session["active"] -= 15 * 60
    session.save()


def opened_form(client: Client, address: str) -> dict[str, str]:
    """The form of a page as a browser would send it."""
    response = client.get(address)
    assert response.status_code == 200, address
    return as_shown(Page(response)) | {"kept_for": Page(response).value("kept_for")}


def _signs_in(client: Client, username: str, address: str) -> str:
    """Sign in at the page that an answer led to; where that leads."""
    sent = {"username": username, "password": cast.PASSWORD}
    sent["next"] = Page(client.get(address)).value("next")
    return led_to(client.post(address, sent))


Case = tuple[str, dict[str, str], Callable[[], int]]


def _new() -> Case:
    typed = cast.form_data(hospital_number="H77", pdw_fl="12,8", chloride_mmol_l="1o5", sex="male")
    return reverse("assessment-new"), typed, Assessment.objects.count


def _new_of_a_known_patient() -> Case:
    cast.registered("H77")
    typed = {"hospital_number": "H77", "t_score": "-2,", "fracture_level": "L2", "infection": "no"}
    return reverse("assessment-new"), typed, Assessment.objects.count


def _complete() -> Case:
    made = cast.recorded(entry=cast.before_the_radiograph())
    return (
        reverse("assessment-complete", args=[made.pk]),
        {"radiograph_date": "13-Ma"},
        Assessment.objects.count,
    )


def _amend() -> Case:
    typed = {"t_score": "-2.5x", "reason": "Chloride misr", "dxa_date": "", "pdw_unit": "%"}
    address = reverse("assessment-amend", args=[cast.recorded().pk])
    return address, typed, Assessment.objects.count


def _void() -> Case:
    address = reverse("assessment-void", args=[cast.recorded().pk])
    return address, {"reason": "<b>entered for the wrong"}, Assessment.objects.count


def _reinstate() -> Case:
    address = reverse("assessment-reinstate", args=[acts.voided(cast.recorded()).pk])
    return address, {"reason": "it was the ri"}, Assessment.objects.count


def _outcome() -> Case:
    address = reverse("outcome-day-3", args=[cast.recorded().pk])
    return address, {"vas": "3,5", "measured_on": "16-Mar-20"}, Outcome.objects.count


def _patient() -> Case:
    patient = cast.registered(birth_date=None)
    typed = {"given_name": "Xiu", "birth_date": "1944-07", "reason": "misspelt"}
    address = reverse("patient-correct", args=[patient.pk])
    return address, typed, PatientCorrection.objects.count


CASES = [_new, _new_of_a_known_patient, _complete, _amend, _void, _reinstate, _outcome, _patient]


@pytest.mark.parametrize(
    ("make", "sent_by"),
    [*((make, "a late press") for make in CASES), (_new, "the clock"), (_void, "the clock")],
)
def test_the_same_user_returns_to_the_form_as_it_was(
    make: Callable[[], Case], sent_by: str
) -> None:
    address, typed, count = make()
    client = signed_in(cast.alice())
    form = opened_form(client, address) | typed
    before = count()
    if sent_by == "a late press":
        _timed_out(client)
        sign_in = led_to(client.post(address, form))
    else:
        signed_in_as = {"signed_in": client.session["_auth_user_id"]}
        sign_in = client.post(reverse("session-end"), form | signed_in_as).json()["next"]
    one_message = "a session ends after 15 minutes without activity. What you typed is kept."
    assert one_message in Page(client.get(sign_in)).text
    back = _signs_in(client, "alice", sign_in)
    assert back.split("?")[0] == address
    page = Page(client.get(back))
    assert BACK in page.text
    shown = as_shown(page)
    for name, value in form.items():
        if name != "kept_for" and value:
            assert shown.get(name) == value, name
    assert count() == before
    # Until it is saved or discarded. The page without the draft is empty, for another patient say.
    assert BACK in Page(client.get(back)).text
    again = Page(client.get(address))
    assert BACK not in again.text
    assert as_shown(again)["form_token"] != form["form_token"]


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_a_computer_that_slept_for_days_still_hands_its_form_in(days: int, is_kept: bool) -> None:
    address, typed, _count = _void()
    client = signed_in(cast.alice())
    form = opened_form(client, address) | typed
    _timed_out(client)
    with patch("django.core.signing.time.time", return_value=time.time() + days * 86_400):
        sign_in = led_to(client.post(address, form))
    assert ("What you typed is kept." in Page(client.get(sign_in)).text) == is_kept


@pytest.mark.parametrize("make", [_new, _void, _patient])
def test_another_user_gets_nothing(make: Callable[[], Case]) -> None:
    address, typed, count = make()
    client = signed_in(cast.alice())
    cast.bob()
    opened = opened_form(client, address)
    before = count()
    _timed_out(client)
    sign_in = led_to(client.post(address, opened | typed))
    back = _signs_in(client, "bob", sign_in)
    page = Page(client.get(back))
    assert BACK not in page.text
    shown = as_shown(page)
    assert shown["form_token"] != opened["form_token"]
    always_new = {"form_token": "", "kept_for": ""}
    assert shown | always_new == opened | always_new
    token = Draft.objects.get().token
    assert "Unfinished" not in Page(client.get(reverse("worklist"))).text
    assert client.post(reverse("draft-discard", args=[token])).status_code == 404
    client.post(reverse("sign-out"))
    # Whoever typed it still has it.
    assert BACK in Page(client.get(_signs_in(client, "alice", sign_in))).text
    assert count() == before


def test_what_came_back_is_saved_once_with_the_same_token() -> None:
    client = signed_in(cast.alice())
    form = opened_form(client, reverse("assessment-new")) | cast.form_data()
    _timed_out(client)
    back = _signs_in(client, "alice", led_to(client.post(reverse("assessment-new"), form)))
    shown = as_shown(Page(client.get(back)))
    assert shown["form_token"] == form["form_token"]
    first = led_to(client.post(reverse("assessment-new"), shown))
    assert led_to(client.post(reverse("assessment-new"), shown)) == first
    assert Assessment.objects.count() == 1
    assert not Draft.objects.exists()


def test_two_windows_are_both_kept() -> None:
    client = signed_in(cast.alice())
    new = reverse("assessment-new")
    forms = [opened_form(client, new) | {"hospital_number": number} for number in ("H1", "H2")]
    me = {"signed_in": client.session["_auth_user_id"]}
    pages = [client.post(reverse("session-end"), form | me).json()["next"] for form in forms]
    first = _signs_in(client, "alice", pages[0])
    # The sign-in page of the second window, loaded again, leads on.
    second = led_to(client.get(pages[1]))
    for number, address in (("H1", first), ("H2", second)):
        assert Page(client.get(address)).value("hospital_number") == number


def test_a_user_has_no_more_than_fifty() -> None:
    alice = cast.alice()
    for number in range(52):
        actions.keep_draft(
            owner=alice, token=uuid4(), address="/", fields={"n": [str(number)]}, patient=None
        )
    numbers = {draft.fields["n"][0] for draft in Draft.objects.all()}
    assert numbers == {str(number) for number in range(2, 52)}


def test_a_form_without_its_mark_is_not_kept(client: Client) -> None:
    """Nobody who was never signed in can leave anything for anybody."""
    for mark in ("", "1", "WzEsIi8iXQ:1tXXXX:AAAA", "\x00", "x" * 5000):
        response = client.post(reverse("assessment-new"), cast.form_data(kept_for=mark))
        assert "draft" not in led_to(response)
    assert not Draft.objects.exists()


def test_a_mark_is_good_for_as_long_as_a_session(client: Client) -> None:
    alice = cast.alice()
    with patch("django.core.signing.time.time", lambda: 0):
        form = opened_form(signed_in(alice), reverse("assessment-new"))
    assert "draft" not in led_to(client.post(reverse("assessment-new"), form))


def test_a_form_that_somebody_else_opened_is_refused() -> None:
    cast.bob()
    form = opened_form(signed_in(cast.alice()), reverse("assessment-new")) | cast.form_data()
    client = signed_in(cast.bob())
    assert client.post(reverse("assessment-new"), form).status_code == 403
    assert Assessment.objects.count() == 0


def _checked(user_name: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(getattr(cast, user_name)())
    return client


def test_a_window_from_before_the_sign_in_keeps_its_form() -> None:
    """Signing in changes the secret of forms: the old one is shown again, filled in."""
    client = _checked("alice")
    address = reverse("assessment-new")
    form = opened_form(client, address) | {"hospital_number": "H5"}
    back = led_to(client.post(address, form | {"csrfmiddlewaretoken": "x" * 64}))
    page = Page(client.get(back))
    assert page.value("hospital_number") == "H5"
    assert Assessment.objects.count() == 0


def test_the_same_of_somebody_else_is_refused() -> None:
    form = opened_form(_checked("alice"), reverse("assessment-new"))
    client = _checked("bob")
    assert client.post(reverse("assessment-new"), form).status_code == 403
    assert not Draft.objects.exists()


def test_what_is_kept_is_neither_in_an_address_nor_in_a_cookie() -> None:
    client = signed_in(cast.alice())
    typed = {"hospital_number": "H5", "family_name": "Wang"}
    form = opened_form(client, reverse("assessment-new")) | typed
    _timed_out(client)
    response = client.post(reverse("assessment-new"), form)
    told = str(response.headers) + str(client.cookies)
    assert "Wang" not in told
    assert "H5" not in told
    assert response.content == b""


def test_an_amended_form_comes_back_where_somebody_was_quicker() -> None:
    first = cast.recorded()
    client = signed_in(cast.alice())
    address = reverse("assessment-amend", args=[first.pk])
    form = opened_form(client, address) | {"t_score": "-2.7", "reason": "misread"}
    _timed_out(client)
    sign_in = led_to(client.post(address, form))
    acts.amended(first, cast.worked_example(chloride_mmol_l=cast.measured("100")), by=cast.bob())
    page = Page(client.get(_signs_in(client, "alice", sign_in)))
    assert "Dr Bob Keller saved version 2 on" in page.text
    assert (page.value("t_score"), page.value("reason")) == ("-2.7", "misread")


def test_a_known_patient_of_a_form_that_came_back_is_a_look_at_that_patient() -> None:
    address, typed, _count = _new_of_a_known_patient()
    client = signed_in(cast.alice())
    form = opened_form(client, address) | typed
    _timed_out(client)
    back = _signs_in(client, "alice", led_to(client.post(address, form)))
    looks = AuditEvent.objects.filter(action=AuditEvent.Action.PATIENT_LOOKED_UP)
    assert looks.count() == 0
    assert "Wang, Xiulan" in Page(client.get(back)).text
    assert looks.get().patient_id == Patient.objects.get().pk


def test_the_place_on_the_board_alone_is_not_kept() -> None:
    """It is in the form before anything is typed."""
    address = reverse("assessment-void", args=[cast.recorded().pk])
    client = signed_in(cast.alice())
    form = opened_form(client, f"{address}?board=list%3Dradiographs")
    assert form["board"]
    _timed_out(client)
    client.post(address, form)
    assert not Draft.objects.exists()
