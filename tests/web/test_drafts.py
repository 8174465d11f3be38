"""An unfinished form comes back to who typed it, whole, and to nobody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

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


def _open(client: Client, address: str) -> dict[str, str]:
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
    form = _open(client, address) | typed
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


@pytest.mark.parametrize("make", [_new, _void, _patient])
def test_another_user_gets_nothing(make: Callable[[], Case]) -> None:
    address, typed, count = make()
    client = signed_in(cast.alice())
    cast.bob()
    opened = _open(client, address)
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
    form = _open(client, reverse("assessment-new")) | cast.form_data()
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
    forms = [_open(client, new) | {"hospital_number": number} for number in ("H1", "H2")]
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
        form = _open(signed_in(alice), reverse("assessment-new"))
    assert "draft" not in led_to(client.post(reverse("assessment-new"), form))


def test_a_form_that_somebody_else_opened_is_refused() -> None:
    cast.bob()
    form = _open(signed_in(cast.alice()), reverse("assessment-new")) | cast.form_data()
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
    form = _open(client, address) | {"hospital_number": "H5"}
    back = led_to(client.post(address, form | {"csrfmiddlewaretoken": "x" * 64}))
    page = Page(client.get(back))
    assert page.value("hospital_number") == "H5"
    assert Assessment.objects.count() == 0


def test_the_same_of_somebody_else_is_refused() -> None:
    form = _open(_checked("alice"), reverse("assessment-new"))
    client = _checked("bob")
    assert client.post(reverse("assessment-new"), form).status_code == 403
    assert not Draft.objects.exists()


def test_what_is_kept_is_neither_in_an_address_nor_in_a_cookie() -> None:
    client = signed_in(cast.alice())
    typed = {"hospital_number": "H5", "family_name": "Wang"}
    form = _open(client, reverse("assessment-new")) | typed
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
    form = _open(client, address) | {"t_score": "-2.7", "reason": "misread"}
    _timed_out(client)
    sign_in = led_to(client.post(address, form))
    acts.amended(first, cast.worked_example(chloride_mmol_l=cast.measured("100")), by=cast.bob())
    page = Page(client.get(_signs_in(client, "alice", sign_in)))
    assert "Dr Bob Keller saved version 2 on" in page.text
    assert (page.value("t_score"), page.value("reason")) == ("-2.7", "misread")


def test_a_known_patient_of_a_form_that_came_back_is_a_look_at_that_patient() -> None:
    address, typed, _count = _new_of_a_known_patient()
    client = signed_in(cast.alice())
    form = _open(client, address) | typed
    _timed_out(client)
    back = _signs_in(client, "alice", led_to(client.post(address, form)))
    looks = AuditEvent.objects.filter(action=AuditEvent.Action.PATIENT_LOOKED_UP)
    assert looks.count() == 0
    assert "Wang, Xiulan" in Page(client.get(back)).text
    assert looks.get().patient_id == Patient.objects.get().pk


def _typed_live(client: Client, address: str, **typed: str) -> dict[str, str]:
    """The form of a page as it is sent for its points while somebody types in it."""
    form = _open(client, address) | typed
    assert client.post(reverse("assessment-points"), form).status_code == 200
    return form


def _offered(client: Client, address: str) -> list[str]:
    """The links of a page that lead back to a draft."""
    return re.findall(r'href="([^"]+\?draft=[^"]+)"', Page(client.get(address)).html)


@pytest.mark.parametrize("name", ["assessment-new", "assessment-amend"])
def test_what_is_typed_is_kept_while_it_is_typed_and_offered_until_saved(name: str) -> None:
    client = signed_in(cast.alice())
    address = reverse(name, args=[cast.recorded().pk] if name.endswith("amend") else [])
    form = _typed_live(client, address, t_score="-2,")
    _typed_live(client, address, t_score="-2,5")
    again = form | {"t_score": "-2,7", "reason": "misread"}
    client.post(reverse("assessment-points"), again)
    assert Draft.objects.count() == 2
    client.post(reverse("sign-out"))
    client.force_login(cast.alice())
    assert len(_offered(client, reverse("worklist"))) == 2
    back = _offered(client, address)[0]
    page = Page(client.get(back))
    assert (page.value("t_score"), page.value("form_token")) == ("-2,7", form["form_token"])
    # The one that is open is not offered a second time.
    assert len(_offered(client, back)) == 1
    data = cast.form_data() if name == "assessment-new" else again | {"t_score": "-2.7"}
    led_to(client.post(address, data | {"form_token": form["form_token"]}))
    assert [draft.fields["t_score"] for draft in Draft.objects.all()] == [["-2,5"]]
    # The page is still open somewhere: its late request for points brings nothing back.
    client.post(reverse("assessment-points"), again)
    assert Draft.objects.count() == 1


def test_only_the_latest_unfinished_forms_stand_open_and_all_can_be_reached() -> None:
    client = signed_in(cast.alice())
    address = reverse("assessment-new")
    for number in range(4):
        _typed_live(client, address, hospital_number=f"A{number}")
        assert ("Left before that" in Page(client.get("/")).text) == (number == 3)
    page = Page(client.get(reverse("worklist")))
    assert "Left before that (1)" in page.text
    folded = page.text.partition("Left before that")[2]
    assert "A0" in folded
    assert "A1" not in folded
    assert len(_offered(client, reverse("worklist"))) == 4


def test_a_form_in_which_nothing_is_typed_is_not_kept() -> None:
    client = signed_in(cast.alice())
    form = _typed_live(client, reverse("assessment-new"))
    assert not Draft.objects.exists()
    client.post(reverse("assessment-points"), form | {"hospital_number": "H1"})
    client.post(reverse("assessment-points"), form | {"hospital_number": " "})
    assert not Draft.objects.exists()


def test_save_unfinished_leads_to_the_worklist_which_says_who_it_is() -> None:
    known = cast.registered("H77")
    client = signed_in(cast.alice())
    new = reverse("assessment-new")
    typed = {"hospital_number": "A1", "family_name": "Li", "save": "unfinished"}
    assert led_to(client.post(new, _open(client, new) | {"save": "unfinished"})) == "/"
    assert "Kept as unfinished" not in Page(client.get("/")).text
    assert led_to(client.post(new, _open(client, new) | typed)) == reverse("worklist")
    assert "Kept as unfinished" in Page(client.get("/")).text
    typed = {"hospital_number": "H77", "known_patient": str(known.pk), "save": "unfinished"}
    client.post(new, _open(client, new) | typed)
    typed = {"hospital_number": "A2", "birth_date": "02-Feb-1950", "save": "unfinished"}
    client.post(new, _open(client, new) | typed)
    page = Page(client.get(reverse("worklist")))
    for said in (
        "A1, Li · ",
        "A2, born 02-Feb-1950",
        "H77, Wang, Xiulan, born 14-Jul-1944",
    ):
        assert said in page.text
    assert Assessment.objects.count() == 0


def test_a_discarded_draft_is_gone_and_logged_where_it_names_a_patient() -> None:
    known = cast.registered("H77")
    client = signed_in(cast.alice())
    new = reverse("assessment-new")
    _typed_live(client, new, hospital_number="A1")
    _typed_live(client, new, hospital_number="H77", known_patient=str(known.pk))
    for draft in Draft.objects.all():
        assert led_to(client.post(reverse("draft-discard", args=[draft.pk]))) == reverse("worklist")
    assert not Draft.objects.exists()
    line = AuditEvent.objects.get(action=AuditEvent.Action.DRAFT_DISCARDED)
    assert (line.actor, line.hospital_number) == ("alice", "H77")


def test_a_sign_in_removes_drafts_that_are_older_than_thirty_days() -> None:
    client = signed_in(cast.alice())
    new = reverse("assessment-new")
    for number in ("OLD", "NEW"):
        _typed_live(client, new, hospital_number=number)
    for number, days in (("OLD", 31), ("NEW", 29)):
        mine = Draft.objects.filter(fields__hospital_number=[number])
        mine.update(updated_at=timezone.now() - timedelta(days=days))
    signed_in(cast.bob())
    assert [draft.fields["hospital_number"] for draft in Draft.objects.all()] == [["NEW"]]


def test_every_form_that_makes_a_record_can_be_kept() -> None:
    templates = list((settings.BASE_DIR / "templates").rglob("*.html"))
    once = [path for path in templates if ".form_token }}" in path.read_text()]
    assert len(once) >= 6
    assert [path.name for path in once if "{% kept_for " not in path.read_text()] == []
    pages = [path for path in templates if " data-once" in path.read_text()]
    # Nothing is typed to undo something.
    not_kept = [path.name for path in pages if " data-keep" not in path.read_text()]
    assert not_kept == ["undo.html"]
