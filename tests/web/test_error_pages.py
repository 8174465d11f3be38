"""What a user sees when something is not there, not allowed, or went wrong."""

from contextlib import ExitStack
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from scoring import actions
from scoring.models import Draft
from scoring.web.drafts import owner_mark
from tests import cast
from tests.web.html import Page
from tests.web.unavailable import LOST, NEW, SESSIONS, fields_of

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
    page = render_to_string("500_plain.html")
    assert "Your last step was not saved" in page
    assert 'href="/"' in page


def test_a_form_that_cannot_be_read_is_answered_plainly() -> None:
    """Also where its secret stands in what cannot be read."""
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("sign-in"))
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    response = client.post(reverse("sign-in"), b"a=b", content_type=kind)
    assert response.status_code == 400
    assert "Request not understood" in response.content.decode()


def test_an_address_that_is_not_set_up_is_said(client: Client) -> None:
    response = client.get(reverse("sign-in"), headers={"host": "other.example"})
    assert response.status_code == 400
    assert "The site is not set up for this address" in response.content.decode()
    assert "other.example" not in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "status"), [({"q": "x" * 300_000}, 413), ({f"n{n}": "" for n in range(201)}, 400)]
)
def test_more_than_a_form_can_hold_is_refused(sent: dict[str, str], status: int) -> None:
    client = Client()
    client.force_login(cast.alice())
    kind = "application/x-www-form-urlencoded"
    response = client.post(reverse("history"), urlencode(sent), content_type=kind)
    assert response.status_code == status
    assert_look_and_number(response)


# A browser names the origin of each form that it sends.
OURS = {"Origin": "http://testserver"}
TYPED = {"reason": "<b>wrong level</b>", "mvh_restored": "yes", "password": "Geheim-71"}


def assert_look_and_number(response: Any) -> None:
    """The site's own look, and the number by which its lines in the log are found."""
    html = response.content.decode()
    assert "scoring/site" in html
    assert '<main class="page' in html
    assert response.headers["X-Request-ID"][:8] in html


@pytest.mark.parametrize(
    ("name", "method", "status"),
    [
        ("assessment-void", "post", 403),
        ("users", "get", 403),
        ("sign-out", "get", 405),
        ("about", "post", 405),
    ],
)
def test_a_refusal_has_look_and_number(name: str, method: str, status: int) -> None:
    version = cast.recorded()
    client = Client()
    client.force_login(cast.rita())
    address = reverse(name, args=[version.pk] if name == "assessment-void" else [])
    response = getattr(client, method)(address, TYPED, headers=OURS)
    assert response.status_code == status
    assert_look_and_number(response)
    if method == "post":
        page = Page(response)
        assert "&lt;b&gt;wrong level&lt;/b&gt;" in page.html
        assert " Yes " in page.text
        assert "Geheim-71" not in page.html
    else:
        assert "to copy it" not in response.content.decode()
    if status == 405:
        assert response.headers["Allow"]


def test_what_comes_from_elsewhere_is_not_shown() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice())
    for headers in ({}, {"Origin": "https://evil.example"}):
        response = client.post(reverse("history"), TYPED, headers=headers)
        assert response.status_code == 403
        assert "wrong level" not in response.content.decode()


def test_a_form_whose_secret_is_old_shows_what_was_typed() -> None:
    """One that is not kept as a draft."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.adam())
    response = client.post(reverse("ward-settings"), {"ward_name": "骨科"}, headers=OURS)
    assert response.status_code == 403
    page = Page(response)
    assert "Ward 骨科" in page.text
    assert f'href="{reverse("ward-settings")}"' in page.html
    assert_look_and_number(response)


@pytest.mark.parametrize(
    ("name", "stands_on"), [("sign-in", "/sign-in?next=/history"), ("keys-switch", "/help")]
)
def test_a_form_whose_secret_is_old_leads_back_to_its_page(name: str, stands_on: str) -> None:
    """Not to its own address, which may take forms alone, or forget where the user wanted to go."""
    client = Client(enforce_csrf_checks=True)
    if name != "sign-in":
        client.force_login(cast.alice())
    page = f"http://testserver{stands_on}"
    response = client.post(reverse(name), headers=OURS | {"Referer": page})
    assert response.status_code == 403
    assert f'href="{page}"' in response.content.decode()


def test_an_unknown_address_shows_what_was_sent_there() -> None:
    client = Client()
    client.force_login(cast.alice())
    response = client.post("/assessments/gone", TYPED, headers=OURS)
    assert response.status_code == 404
    assert "wrong level" in response.content.decode()
    assert_look_and_number(response)


def _post_that_fails(*, breaks_pages: bool) -> Any:
    client = Client()
    client.force_login(cast.alice())
    client.raise_request_exception = False
    data = cast.form_data(family_name="Wolfeschlegel")
    with ExitStack() as broken:
        failing = mock.Mock(side_effect=RuntimeError("defect"))
        broken.enter_context(mock.patch.object(actions, "record_assessment", failing))
        if breaks_pages:
            look_up = "django.contrib.staticfiles.storage.staticfiles_storage.url"
            broken.enter_context(mock.patch(look_up, failing))
        return client.post(reverse("assessment-new"), data), data


def test_a_defect_gives_the_form_back() -> None:
    response, data = _post_that_fails(breaks_pages=False)
    assert response.status_code == 500
    assert_look_and_number(response)
    assert "saved only once" in Page(response).text
    assert fields_of(response) == data
    client = Client()
    client.force_login(cast.alice())
    assert client.post(reverse("assessment-new"), data).status_code == 302


def test_a_defect_of_the_look_itself_is_answered_plainly() -> None:
    response, _ = _post_that_fails(breaks_pages=True)
    assert response.status_code == 500
    html = response.content.decode()
    assert "Your last step was not saved" in html
    assert response.headers["X-Request-ID"][:8] in html


@pytest.mark.parametrize(("cookie", "asked"), [("zh-hans", "en-GB"), ("", "zh-CN,zh;q=0.9")])
def test_pages_of_failures_are_in_the_users_language(cookie: str, asked: str) -> None:
    """Also where it fails before that is set: the thread has the one of the request before."""
    client = Client(headers={"accept-language": asked})
    client.force_login(cast.alice())
    if cookie:
        client.cookies["django_language"] = cookie
    client.raise_request_exception = False
    form = "application/x-www-form-urlencoded"
    broken = mock.patch.object(actions, "record_assessment", side_effect=RuntimeError("defect"))
    lost = mock.patch(SESSIONS, side_effect=LOST)
    sent: list[tuple[int, Any, Any, dict[str, Any]]] = [
        (400, ExitStack(), b"a", {"content_type": f"{form}; charset=utf-16"}),
        (400, ExitStack(), {}, {"headers": {"host": "other.example"}}),
        (413, ExitStack(), b"q=" + b"x" * 300_000, {"content_type": form}),
        (500, broken, cast.form_data(), {}),
        (503, lost, {}, {}),
    ]
    for last_one in ("en", "zh-hans"):
        for status, during, data, more in sent:
            translation.activate(last_one)
            with during:
                answer = client.post(NEW, data, **more)
            assert answer.status_code == status
            assert '<html lang="zh-Hans">' in answer.content.decode(), (status, last_one)
