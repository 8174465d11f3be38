"""Several forms kept at once, forms that were saved before, and what is said of either."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from scoring import actions, queries
from scoring.models import Assessment, Draft, Outcome
from scoring.web.drafts import owner_mark
from tests import cast
from tests.life.browse import led_to, notes
from tests.web.html import Page, signed_in
from tests.web.test_drafts import opened_form

pytestmark = pytest.mark.django_db
KEPT = "What you typed is kept"
SAVED = "This form was already saved. Changes you made after that are not kept."


def _outcome_of(hospital_number: str) -> str:
    return reverse("outcome-day-3", args=[cast.recorded(cast.person(hospital_number)).pk])


def _ended(client: Client, form: dict[str, str], *others: dict[str, str]) -> str:
    """The session ends with these forms on the page; where the browser is led."""
    me = {"signed_in": client.session["_auth_user_id"]}
    sent = form | me | {"other_form": [urlencode(other) for other in others]}
    answer = client.post(reverse("session-end"), sent)
    address: str = answer.json()["next"]
    return address


def test_all_forms_of_a_page_come_back() -> None:
    client = signed_in(cast.alice())
    addresses = [_outcome_of(number) for number in ("H1", "H2", "H3")]
    forms = [opened_form(client, each) | {"vas": "7"} for each in addresses]
    page = Page(client.get(_ended(client, *forms)))
    assert "What you typed is kept, 3 forms." in page.text
    assert page.value("next") == reverse("worklist")
    client.force_login(cast.alice())
    # These are of last year: no row of the worklist has them.
    listed = Page(client.get(reverse("worklist"))).text
    for number in ("H1", "H2", "H3"):
        assert f"VAS of day 3 · {number}, " in listed
    for each, form in zip(addresses, forms, strict=True):
        draft = Draft.objects.get(token=form["form_token"])
        assert Page(client.get(f"{each}?draft={draft.token.hex}")).value("vas") == "7"


def test_a_form_in_which_nothing_is_typed_is_not_said_to_be_kept() -> None:
    client = signed_in(cast.alice())
    new, vas = opened_form(client, reverse("assessment-new")), _outcome_of("H1")
    typed = opened_form(client, vas) | {"vas": "7"}
    alone = Page(client.get(_ended(client, new)))
    assert KEPT not in alone.text
    assert alone.value("next") == reverse("assessment-new")
    client.force_login(cast.alice())
    both = Page(client.get(_ended(client, new, typed)))
    assert f"{KEPT}. Sign in" in both.text
    assert both.value("next").startswith(f"{vas}?draft=")


def _outcome() -> tuple[str, dict[str, str], dict[str, str]]:
    return _outcome_of("H1"), {"vas": "3", "measured_on": "16-Mar-2025"}, {"vas": "4"}


def _correction() -> tuple[str, dict[str, str], dict[str, str]]:
    address = reverse("patient-correct", args=[cast.registered().pk])
    return address, {"given_name": "Xiu", "reason": "misspelt"}, {"given_name": "Xiulin"}


def _assessment() -> tuple[str, dict[str, str], dict[str, str]]:
    return reverse("assessment-new"), cast.form_data(), {"t_score": "-2,7"}


@pytest.mark.parametrize("make", [_outcome, _correction, _assessment])
def test_a_form_whose_answer_was_lost_is_not_said_to_be_unsaved(
    make: Callable[[], tuple[str, dict[str, str], dict[str, str]]],
) -> None:
    client = signed_in(cast.alice())
    address, typed, later = make()
    form = opened_form(client, address)
    form |= {name: text for name, text in typed.items() if name != "form_token"}
    record = led_to(client.post(address, form))
    page = Page(client.get(_ended(client, form | later)))
    assert SAVED in page.text
    assert KEPT not in page.text
    assert page.value("next") == record
    assert not Draft.objects.exists()


def test_a_draft_that_outlived_its_form_is_not_offered() -> None:
    """The site was stopped between recording and deleting the draft."""
    client, address = signed_in(cast.alice()), _outcome_of("H1")
    form = opened_form(client, address) | {"vas": "3", "measured_on": "16-Mar-2025"}
    with patch.object(actions, "forget_draft"):
        _ended(client, form)
        client.force_login(cast.alice())
        client.post(address, form)
    assert Outcome.objects.count() == Draft.objects.count() == 1
    assert "Unfinished" not in Page(client.get(reverse("worklist"))).text


def test_a_draft_that_is_written_while_its_form_is_saved_is_deleted() -> None:
    """The form is saved after the draft was looked for and before it is written."""
    client, new = signed_in(cast.alice()), reverse("assessment-new")
    form = cast.form_data() | {"form_token": opened_form(client, new)["form_token"]}
    form["kept_for"] = owner_mark(cast.alice(), new)
    late, write = signed_in(cast.alice()), Draft.objects.bulk_create

    def saved_first(*args: object, **options: object) -> object:
        led_to(client.post(new, form))
        return write(*args, **options)  # type: ignore[arg-type]

    with patch.object(Draft.objects, "bulk_create", saved_first):
        assert late.post(reverse("assessment-points"), form).status_code == 200
    assert Assessment.objects.count() == 1
    assert not Draft.objects.exists()


def test_what_one_user_typed_is_kept_where_another_is_signed_in_by_now() -> None:
    alice, bob, address = cast.alice(), cast.bob(), _outcome_of("H1")
    form = opened_form(signed_in(alice), address) | {"vas": "7"}
    client = signed_in(bob)
    sent = form | {"signed_in": str(alice.pk)}
    assert client.post(reverse("session-end"), sent).json() == {"next": reverse("worklist")}
    assert Draft.objects.get().owner == alice
    page = Page(client.get(reverse("worklist")))
    assert not notes(page)
    assert "Unfinished" not in page.text


def test_a_window_of_before_a_sign_in_is_told_the_secret_of_forms_when_all_is_over() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice())
    form = opened_form(client, reverse("assessment-new")) | {"hospital_number": "H5"}
    me = {"signed_in": client.session["_auth_user_id"]}
    client.logout()
    client.cookies["csrftoken"] = "x" * 32
    secret = client.get(reverse("session")).json()["form_secret"]
    answer = client.post(reverse("session-end"), form | me | {"csrfmiddlewaretoken": secret})
    assert "draft" in answer.json()["next"]
    assert queries.draft(cast.alice(), Draft.objects.get().token) is not None
