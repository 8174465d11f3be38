"""The card "First steps" and the name that an account came without."""

import pytest
from django.test import Client
from pytest_django import Settings

from scoring import actions, queries
from scoring.models import AuditEvent, Role, User
from tests import cast
from tests.web.html import Page, elements, signed_in, text

pytestmark = pytest.mark.django_db


def first_account(*roles: Role) -> User:
    """The account that ``first_administrator`` makes without a terminal."""
    return cast.account("admin", "Administrator", *(roles or list(Role)))


def card(client: Client, address: str = "/") -> dict[str, bool]:
    """Each step of the card by its title, and whether it is done; empty without the card."""
    page = Page(client.get(address))
    found = {}
    for element in elements(page.root):
        classes = (dict(element.attributes).get("class") or "").split()
        if element.name == "section" and "first-steps" in classes:
            for item in elements(element):
                if item.name == "li":
                    title = next(text(part) for part in elements(item) if part.name == "b")
                    found[title] = "done" in (dict(item.attributes).get("class") or "")
    return found


def test_from_the_first_sign_in_to_the_last_step() -> None:
    client = signed_in(first_account())
    assert list(card(client).values()) == [False] * 5
    client.post("/account", {"display_name": "Dr Chen Lei"})
    entries = {"hospital_name": "North Hospital", "ward_name": "Spine 2"}
    more = {"time_zone": "Asia/Shanghai", "paper": "A4", "shows_first_steps": "on", "revision": "0"}
    client.post("/ward", entries | more)
    assert card(client) == {
        "Your name": True,
        "Hospital and ward": True,
        "Time zone": True,
        "PDW unit of the laboratory": False,
        "Accounts": False,
    }
    client.post("/ward", entries | more | {"pdw_unit": "fL", "revision": "1"})
    assert list(card(client).values()) == [True] * 4 + [False]
    cast.alice()
    assert card(client) == {}
    assert "First steps" not in client.get("/users").content.decode()


def test_an_administrator_without_patients_finds_it_on_the_users_page() -> None:
    client = signed_in(first_account(Role.ADMINISTRATOR))
    assert client.get("/").headers["Location"] == "/users"
    assert len(card(client, "/users")) == 5


@pytest.mark.parametrize("who", [cast.alice, cast.rita])
def test_others_never_see_it(who: object) -> None:
    assert callable(who)
    client = signed_in(who())
    assert card(client) == {}
    assert client.post("/ward/first-steps/hide").status_code == 403
    assert queries.ward_settings().shows_first_steps


def test_hidden_it_stays_away_for_all_and_can_be_shown_again() -> None:
    client = signed_in(first_account())
    other = signed_in(cast.account("eve", "Eve Lang", Role.ADMINISTRATOR))
    assert card(other, "/users")
    assert client.post("/ward/first-steps/hide", follow=True).status_code == 200
    assert card(client) == {}
    assert card(other, "/users") == {}
    (line,) = AuditEvent.objects.filter(action=AuditEvent.Action.WARD_SETTINGS_CHANGED)
    assert line.actor == "admin"
    assert line.detail.pop("record")
    assert line.detail == {"shows_first_steps": False, "shows_first_steps_before": True}
    shown = {"time_zone": "Asia/Shanghai", "paper": "A4", "shows_first_steps": "on"}
    client.post("/ward", shown | {"revision": "1"})
    assert card(client)


def test_a_second_factor_is_a_step_where_the_role_needs_one(settings: Settings) -> None:
    client = signed_in(first_account())
    assert "Second factor" not in card(client)
    settings.SECOND_FACTOR_ROLES = ["Administrator"]
    # The site leads there by itself before any other page opens.
    assert client.get("/").headers["Location"].startswith("/account/second-factor")


def test_a_name_is_given_once_and_is_in_the_log() -> None:
    user = first_account()
    client = signed_in(user)
    assert Page(client.get("/account")).control("display_name").value == ""
    response = client.post("/account", {"display_name": " "})
    assert response.status_code == 422
    assert "a name is needed" in response.content.decode()
    client.post("/account", {"display_name": "Dr Chen Lei"})
    user.refresh_from_db()
    assert str(user) == "Dr Chen Lei"
    line = AuditEvent.objects.get(action=AuditEvent.Action.USER_CHANGED)
    assert (line.actor, line.actor_name) == ("admin", "Administrator")
    assert line.detail == {
        "username": "admin",
        "name": "Dr Chen Lei",
        "name_before": "Administrator",
    }
    assert 'name="display_name"' not in client.get("/account").content.decode()
    client.post("/account", {"display_name": "Dr Bob Keller"})
    user.refresh_from_db()
    assert str(user) == "Dr Chen Lei"


def test_nobody_takes_the_name_of_somebody_else() -> None:
    cast.bob()
    user = first_account()
    response = signed_in(user).post("/account", {"display_name": "dr bob keller"})
    assert response.status_code == 422
    assert "already has an account" in response.content.decode()
    user.refresh_from_db()
    assert not user.has_own_name


def test_the_action_itself_refuses_a_second_name() -> None:
    with pytest.raises(actions.NameGivenError):
        actions.give_own_name(by=cast.alice(), display_name="Alice", origin=actions.NOWHERE)
