"""Forms of accounts whose second press, sent before the first is answered, does harm.

Where the answer shows a secret once, the browser shows the answer to the second press: a taken
name, another password. Where it has the session go on under a new key, the second press comes with
the old one, and its answer signs the user out. static/scoring/site.js sends them once.
"""

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.web.html import Page, elements, signed_in
from tests.web.second_factor_steps import CODE, set_up_app

pytestmark = pytest.mark.django_db


def _is_sent_once(page: Page, action: str = "") -> bool:
    tags = (dict(e.attributes) for e in elements(page.root) if e.name == "form")
    (form,) = (tag for tag in tags if tag.get("action", "") == action)
    return "data-once" in form


def test_what_shows_a_secret_once() -> None:
    client, alice = signed_in(cast.adam()), cast.alice()
    assert _is_sent_once(Page(client.get(reverse("user-new"))))
    reset = reverse("user-password-reset", args=[alice.uuid])
    page = Page(client.get(reverse("user-change", args=[alice.uuid])))
    assert _is_sent_once(page, reset)
    page = Page(client.get(reverse("connections")))
    assert _is_sent_once(page, reverse("token-create"))


def test_what_goes_on_under_a_new_key() -> None:
    client = signed_in(cast.alice())
    assert _is_sent_once(Page(client.get(reverse("password-change"))))
    set_up = reverse("authenticator-set-up")
    # The password first, then the key.
    assert _is_sent_once(Page(client.get(set_up)))
    assert _is_sent_once(Page(client.post(set_up, {"password": cast.PASSWORD})))


def test_a_sign_in() -> None:
    cast.alice()
    client = Client(enforce_csrf_checks=True)
    page = Page(client.get(reverse("sign-in")))
    assert _is_sent_once(page)
    sent = {"username": "alice", "password": cast.PASSWORD}
    sent |= {"csrfmiddlewaretoken": page.value("csrfmiddlewaretoken")}
    assert client.post(reverse("sign-in"), sent).status_code == 302
    # With the old secret, as from a page that stood open in another window meanwhile.
    wanted = f"{reverse('sign-in')}?next={reverse('history')}"
    assert client.post(wanted, sent).headers["Location"] == wanted
    late = client.post(wanted, sent, follow=True)
    assert late.request["PATH_INFO"] == reverse("history")
    said = "You are not signed in: Dr Alice Moore is signed in here. Sign out first."
    assert said not in Page(late).text
    assert said in Page(client.post(wanted, sent | {"username": "bob"}, follow=True)).text


def test_the_old_key_signs_out() -> None:
    codes = set_up_app(cast.alice())
    first, second = signed_in(cast.alice()), Client()
    second.cookies["sessionid"] = first.cookies["sessionid"].value
    assert _is_sent_once(Page(first.get(CODE)))
    assert first.post(CODE, {"code": codes[0]}).status_code == 302
    late = second.post(CODE, {"code": codes[0]})
    assert late.headers["Location"].startswith(reverse("sign-in"))
    assert not late.cookies["sessionid"].value
