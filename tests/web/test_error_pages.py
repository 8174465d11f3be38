"""What a user sees when something is not there, not allowed, or went wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests import cast

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_answered_in_the_look_of_the_site(client: Client) -> None:
    client.force_login(cast.alice())
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    assert reverse("worklist") in response.content.decode()


def test_a_form_without_its_token_is_refused_and_nothing_is_saved() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice())
    response = client.post(reverse("assessment-new"), cast.form_data())
    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()


def test_the_page_of_last_resort_needs_nothing_to_be_drawn() -> None:
    page = render_to_string("500.html")
    assert "Nothing was saved by the last step" in page
    assert 'href="/"' in page
