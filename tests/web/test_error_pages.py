"""What a user sees when something is not there, not allowed, or went wrong."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from scoring.models import Draft
from scoring.web.drafts import owner_mark
from tests import cast

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_answered_in_the_look_of_the_site(client: Client) -> None:
    client.force_login(cast.alice())
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()
    assert reverse("worklist") in response.content.decode()


def test_a_form_without_its_token_is_refused_and_nothing_is_saved() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice())
    response = client.post(reverse("assessment-new"), cast.form_data())
    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()


def test_a_form_of_another_user_is_refused_with_the_reason() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bob())
    address = reverse("assessment-new")
    form = cast.form_data() | {"kept_for": owner_mark(cast.alice(), address)}
    response = client.post(address, form)
    assert response.status_code == 403
    assert "Another user opened this form" in response.content.decode()
    assert "This page was open too long" not in response.content.decode()
    assert not Draft.objects.exists()


def test_the_page_of_last_resort_needs_nothing_to_be_drawn() -> None:
    page = render_to_string("500.html")
    assert "Your last step was not saved" in page
    assert 'href="/"' in page


def test_a_form_that_cannot_be_read_is_answered_plainly() -> None:
    """Also where its secret stands in what cannot be read."""
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("sign-in"))
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    response = client.post(reverse("sign-in"), b"a=b", content_type=kind)
    assert response.status_code == 400
    assert "This request was not understood" in response.content.decode()


def test_an_address_that_is_not_set_up_is_said(client: Client) -> None:
    response = client.get(reverse("sign-in"), headers={"host": "other.example"})
    assert response.status_code == 400
    assert "The site is not set up for this address" in response.content.decode()
    assert "other.example" not in response.content.decode()


def test_a_file_is_refused() -> None:
    """Nothing is uploaded anywhere."""
    client = Client()
    client.force_login(cast.alice())
    sent = {"q": SimpleUploadedFile("wang.svg", b"<svg/>")}
    assert client.post(reverse("history"), sent).status_code == 400


@pytest.mark.parametrize("sent", [{"q": "x" * 300_000}, {f"n{n}": "" for n in range(201)}])
def test_more_than_a_form_can_hold_is_refused(sent: dict[str, str]) -> None:
    client = Client()
    client.force_login(cast.alice())
    kind = "application/x-www-form-urlencoded"
    response = client.post(reverse("history"), urlencode(sent), content_type=kind)
    assert response.status_code == 400
