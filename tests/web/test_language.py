"""The switch between English and 中文: kept for each user, and for nobody else."""

from collections.abc import Mapping

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from scoring.models import AuditEvent, Draft, User
from scoring.web import drafts
from scoring.web.language import PAGES_OF_FORMS
from tests import cast
from tests.web.html import Page, signed_in
from tests.web.url_roles import NOT_CORRECT, SHOWN, TABLE

pytestmark = pytest.mark.django_db
CHINESE = "zh-CN,zh;q=0.9,en;q=0.8"
ENGLISH = "en-GB,en;q=0.9"


def language_of(client: Client, address: str = "/about", *, asked: str) -> str:
    """The language that a page says it is in."""
    response = client.get(address, follow=True, HTTP_ACCEPT_LANGUAGE=asked)
    html = response.content.decode()
    return html.split('<html lang="')[1].split('"')[0]


def switch(client: Client, language: str, fields: Mapping[str, object] | None = None) -> str:
    """Press the switch; the address one is led to."""
    response = client.post(
        reverse("language"), {"language": language, "switched_on": "/help", **(fields or {})}
    )
    assert response.status_code == 302
    return response.headers["Location"]


def sign_in(client: Client, user: User) -> None:
    response = client.post(
        reverse("sign-in"), {"username": user.username, "password": cast.PASSWORD}
    )
    assert response.status_code == 302


def test_the_sign_in_page_is_in_the_language_of_the_browser(client: Client) -> None:
    assert language_of(client, "/sign-in", asked=CHINESE) == "zh-Hans"
    assert language_of(client, "/sign-in", asked=ENGLISH) == "en"
    assert language_of(client, "/sign-in", asked="fr") == settings.LANGUAGE_CODE


def test_every_page_has_the_switch(client: Client) -> None:
    inside = signed_in(cast.alice())
    for answer in (
        client.get("/sign-in"),
        inside.get("/about"),
        inside.get("/no-such-page"),
        inside.get("/access-log"),
    ):
        html = answer.content.decode()
        assert '<button type="submit" name="language" value="zh-hans" lang="zh-hans">中文' in html
        assert '<span lang="en" aria-current="true">English</span>' in html


def test_a_user_keeps_the_language_from_sign_in_to_sign_in() -> None:
    alice = cast.alice()
    client = Client()
    sign_in(client, alice)
    assert switch(client, "zh-hans") == "/help"
    assert language_of(client, asked=ENGLISH) == "zh-Hans"
    elsewhere = Client()
    sign_in(elsewhere, alice)
    assert language_of(elsewhere, asked=ENGLISH) == "zh-Hans"
    switch(elsewhere, "en")
    client.post(reverse("sign-out"))
    sign_in(client, alice)
    assert language_of(client, asked=CHINESE) == "en"


def test_on_a_shared_computer_nobody_inherits_a_language() -> None:
    alice, bob = cast.alice(), cast.bob()
    client = Client()
    sign_in(client, alice)
    switch(client, "zh-hans")
    client.post(reverse("sign-out"))
    assert language_of(client, "/sign-in", asked=ENGLISH) == "en"
    sign_in(client, bob)
    assert language_of(client, asked=ENGLISH) == "en"
    bob.refresh_from_db()
    assert bob.language == ""


def test_a_session_that_ran_out_takes_its_language_along(client: Client) -> None:
    sign_in(client, cast.alice())
    switch(client, "zh-hans")
    client.session.flush()
    client.get("/sign-in")
    assert language_of(client, "/sign-in", asked=ENGLISH) == "en"


def test_the_choice_on_the_sign_in_page_becomes_the_users_first(client: Client) -> None:
    alice = cast.alice()
    switch(client, "zh-hans")
    sign_in(client, alice)
    alice.refresh_from_db()
    assert alice.language == "zh-hans"
    assert language_of(client, asked=ENGLISH) == "zh-Hans"


def test_the_users_own_language_counts_more_than_the_sign_in_pages(client: Client) -> None:
    alice = cast.alice()
    User.objects.filter(pk=alice.pk).update(language="en")
    switch(client, "zh-hans")
    sign_in(client, alice)
    assert language_of(client, asked=CHINESE) == "en"


def test_a_switch_is_no_line_in_the_access_log() -> None:
    client = signed_in(cast.alice())
    before = AuditEvent.objects.count()
    switch(client, "zh-hans")
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("language", ["", "fr", "zh-tw", "en'--"])
def test_another_language_is_refused(client: Client, language: str) -> None:
    assert client.post(reverse("language"), {"language": language}).status_code == 400


def test_the_switch_leads_to_no_other_site(client: Client) -> None:
    fields = {"switched_on": "https://evil.example/"}
    assert switch(client, "en", fields) == reverse("sign-in")


def test_a_form_that_is_sent_along_is_opened_again_filled_in() -> None:
    alice = cast.alice()
    client = signed_in(alice)
    address = reverse("assessment-new")
    typed = cast.form_data() | {drafts.OWNER_FIELD: drafts.owner_mark(alice, address)}
    back = switch(client, "zh-hans", typed)
    assert back.startswith(f"{address}?draft=")
    assert Page(client.get(back)).value("family_name") == typed["family_name"]
    assert Draft.objects.get().owner == alice


def test_addresses_of_forms_alone_lead_to_the_page_of_the_form() -> None:
    methods: dict[str, set[str]] = {}
    shown = set()
    for row in TABLE:
        methods.setdefault(row.name, set()).add(row.method)
        if row.method == "POST" and {SHOWN, NOT_CORRECT} & set(row.answers):
            shown.add(row.name)
    without_page = {name for name in shown if "GET" not in methods[name]}
    # Pieces of pages, files, and what scripts ask.
    no_pages = {
        "assessment-points",
        "day-read",
        "draft-keep",
        "patient-lookup",
        "patient-same-name",
        "session-end",
        "session-extend",
    } | {name for name in without_page if name.endswith(("-export", "-json", "-pdf"))}
    assert without_page - no_pages <= set(PAGES_OF_FORMS)
    client = signed_in(cast.adam())
    assert switch(client, "en", {"switched_on": reverse("ward-add")}) == reverse("ward-settings")
