"""Unfinished forms: kept while they are typed, offered, gone on with, discarded."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring import actions
from scoring.models import Assessment, AuditEvent, Draft
from tests import cast
from tests.life import acts
from tests.life.browse import led_to
from tests.web.html import Page, signed_in
from tests.web.test_drafts import opened_form

pytestmark = pytest.mark.django_db


def _typed_live(client: Client, address: str, **typed: str) -> dict[str, str]:
    """The form of a page as it is sent for its points while somebody types in it."""
    form = opened_form(client, address) | typed
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
    assert led_to(client.post(new, opened_form(client, new) | {"save": "unfinished"})) == "/"
    assert "Kept as unfinished" not in Page(client.get("/")).text
    assert led_to(client.post(new, opened_form(client, new) | typed)) == reverse("worklist")
    assert "Kept as unfinished" in Page(client.get("/")).text
    typed = {"hospital_number": "H77", "known_patient": str(known.pk), "save": "unfinished"}
    client.post(new, opened_form(client, new) | typed)
    typed = {"hospital_number": "A2", "birth_date": "02-Feb-1950", "save": "unfinished"}
    client.post(new, opened_form(client, new) | typed)
    page = Page(client.get(reverse("worklist")))
    for said in (
        "A1, Li · ",
        "A2, born 02-Feb-1950",
        "H77, Wang, Xiulan, born 14-Jul-1944",
    ):
        assert said in page.text
    assert Assessment.objects.count() == 0


def test_a_form_that_offers_what_is_unfinished_is_a_look_at_its_patients() -> None:
    known, client, new = cast.registered("H77"), signed_in(cast.alice()), reverse("assessment-new")
    for _window in range(2):
        _typed_live(client, new, hospital_number="H77", known_patient=str(known.pk))
    looks = AuditEvent.objects.filter(action=AuditEvent.Action.PATIENT_LOOKED_UP)
    before = looks.count()
    assert "H77, Wang, Xiulan" in Page(client.get(new)).text
    assert looks.count() == before + 1


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


def test_a_draft_that_is_gone_by_now_leaves_no_line() -> None:
    """Pressed twice, both presses found it."""
    alice, known = cast.alice(), cast.registered("H77")
    _typed_live(
        signed_in(alice),
        reverse("assessment-new"),
        hospital_number="H77",
        known_patient=str(known.pk),
    )
    for draft in [Draft.objects.get(), Draft.objects.get()]:
        actions.discard_draft(by=alice, draft=draft, origin=actions.NOWHERE)
    assert AuditEvent.objects.filter(action=AuditEvent.Action.DRAFT_DISCARDED).count() == 1


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


def test_what_is_kept_once_more_unchanged_is_no_younger() -> None:
    """A row of the worklist shows it again each day: it would be kept for good."""
    client = signed_in(cast.alice())
    form = opened_form(client, reverse("outcome-day-3", args=[cast.recorded().pk])) | {"vas": "7"}
    before = timezone.now() - timedelta(days=29)
    for vas, is_changed in (("7", False), ("8", True)):
        client.post(reverse("draft-keep"), form)
        Draft.objects.update(updated_at=before)
        client.post(reverse("draft-keep"), form | {"vas": vas})
        assert (Draft.objects.get().updated_at > before) == is_changed
        assert Draft.objects.get().fields["vas"] == [vas]


def test_a_correction_in_which_nothing_is_typed_is_not_kept() -> None:
    """It carries the outcome that its user saw."""
    of = cast.recorded()
    acts.outcome(of, acts.measured(3, 5))
    client = signed_in(cast.alice())
    form = opened_form(client, reverse("outcome-day-3", args=[of.pk]))
    assert form["expected"]
    client.post(reverse("draft-keep"), form)
    assert not Draft.objects.exists()


def test_what_was_typed_into_its_row_is_forgotten_when_the_vas_is_saved_on_its_page() -> None:
    client, bob = signed_in(cast.alice()), signed_in(cast.bob())
    address = reverse("outcome-day-3", args=[cast.recorded().pk])
    for each in (client, bob):
        each.post(reverse("draft-keep"), opened_form(each, address) | {"vas": "7", "in_row": ""})
    typed = {"vas": "6", "measured_on": "16-Mar-2025"}
    led_to(client.post(address, opened_form(client, address) | typed))
    # What somebody else typed stays theirs.
    assert Draft.objects.get().owner == cast.bob()


def test_the_worklist_names_a_postponed_operation_and_a_decision_about_nobody() -> None:
    alice, of = cast.alice(), cast.recorded()
    for name, key, patient in (
        ("assessment-postpone", of.pk, of.patient),
        ("recalibration-detail", uuid4(), None),
    ):
        address = reverse(name, args=[key])
        actions.keep_draft(
            owner=alice, token=uuid4(), address=address, fields={"reason": ["x"]}, patient=patient
        )
    said = Page(signed_in(alice).get(reverse("worklist"))).text
    assert "Operation postponed · H100234, Wang, Xiulan" in said
    assert re.search(r"Recalibration · \d", said)
    assert "patient not entered yet" not in said


def test_every_form_that_makes_a_record_can_be_kept() -> None:
    templates = list((settings.BASE_DIR / "templates").rglob("*.html"))
    once = [path for path in templates if ".form_token }}" in path.read_text()]
    assert len(once) >= 6
    assert [path.name for path in once if "{% kept_for " not in path.read_text()] == []
    pages = [path for path in templates if " data-once" in path.read_text()]
    not_kept = {path.name for path in pages if " data-keep" not in path.read_text()}
    # Nothing is typed to undo something; secrets are never kept, and accounts are no record.
    secrets = {"authenticator_set_up.html", "confirm.html", "password_change.html"}
    secrets |= {"second_factor.html", "sign_in.html", "tokens.html"}
    assert not_kept == {"undo.html", "user_new.html", "user_deeds.html"} | secrets
