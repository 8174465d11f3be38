"""Changes to accounts by Django's commands and in a shell: each leaves its line."""

import io
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent, Role, User
from tests import cast

pytestmark = pytest.mark.django_db


def _told(action: Callable[[], Any]) -> list[tuple[str, dict[str, Any]]]:
    """The lines that an action leaves, without which program it was."""
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    action()
    events = AuditEvent.objects.exclude(pk__in=before).order_by("id")
    assert {event.actor for event in events} <= {""}
    assert all(event.detail.pop("outside") for event in events)
    return [(event.action, event.detail) for event in events]


def test_createsuperuser_makes_an_account_with_every_role() -> None:
    told = _told(
        lambda: call_command(
            "createsuperuser", username="root", display_name="Root", interactive=False, verbosity=0
        )
    )
    root = User.objects.get(username="root")
    assert root.roles == list(Role)
    assert not root.is_superuser
    assert told == [
        ("user_created", {"username": "root"}),
        ("user_roles_changed", {"username": "root", "roles_added": list(Role)}),
    ]


@pytest.mark.as_owner
def test_changepassword() -> None:
    alice = cast.alice()
    actions.reset_password(by=cast.adam(), user=alice, password="x", origin=actions.NOWHERE)
    with (
        patch("getpass.getpass", return_value="a long new phrase 7"),
        patch("sys.argv", ["/opt/rbp-risk/manage.py", "changepassword", "alice"]),
    ):
        call_command("changepassword", "alice", stdout=io.StringIO())
    event = AuditEvent.objects.latest("id")
    assert (event.actor, event.action) == ("", "user_password_reset")
    assert event.detail == {"username": "alice", "outside": "manage.py changepassword"}
    alice.refresh_from_db()
    # Who types it at the terminal chooses it.
    assert alice.temporary_password_until is None


@pytest.mark.as_owner
def test_a_user_saved_in_a_shell() -> None:
    alice = cast.alice()

    def change() -> None:
        alice.is_active = False
        alice.display_name = "Dr A. Moore"
        alice.save()

    assert _told(change) == [
        ("user_disabled", {"username": "alice"}),
        (
            "user_changed",
            {"username": "alice", "name": "Dr A. Moore", "name_before": "Dr Alice Moore"},
        ),
    ]
    assert _told(alice.save) == []


def test_roles_from_either_side() -> None:
    alice, bob = cast.alice(), cast.bob()
    reviewers = Group.objects.get(name="Reviewer")
    added = ("user_roles_changed", {"username": "alice", "roles_added": ["Reviewer"]})
    removed = ("user_roles_changed", {"username": "alice", "roles_removed": ["Reviewer"]})
    assert _told(lambda: alice.groups.add(reviewers)) == [added]
    assert _told(lambda: reviewers.user_set.remove(alice)) == [removed]
    assert _told(lambda: reviewers.user_set.add(alice, bob)) == [
        added,
        ("user_roles_changed", {"username": "bob", "roles_added": ["Reviewer"]}),
    ]
    assert [detail["username"] for _, detail in _told(reviewers.user_set.clear)] == ["alice", "bob"]


@pytest.mark.as_owner
def test_rights_past_the_roles() -> None:
    alice, right = cast.alice(), Permission.objects.get(codename="view_access_log")
    detail = {"change": "added", "of": "alice", "rights": ["view_access_log"]}
    assert _told(lambda: alice.user_permissions.add(right)) == [("role_rights_changed", detail)]
    group = Group.objects.get(name="Clinician")
    ((action, told),) = _told(lambda: group.permissions.add(right))
    assert (action, told["of"]) == ("role_rights_changed", "Clinician")


def test_signing_in_is_no_change_even_where_the_hash_is_renewed(settings: Settings) -> None:
    cast.alice()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    sent = {"username": "alice", "password": cast.PASSWORD}
    assert Client().post(reverse("sign-in"), sent).status_code == 302
    assert User.objects.get(username="alice").password.startswith("scrypt")
    assert not AuditEvent.objects.filter(action="user_password_reset").exists()


@pytest.mark.as_owner
def test_the_line_and_the_change_are_one_transaction() -> None:
    alice = cast.alice()
    alice.display_name = "Dr A. Moore"
    with (
        patch("scoring.actions.users_outside.log_event", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        alice.save()
    alice.refresh_from_db()
    assert alice.display_name == "Dr Alice Moore"


def test_an_action_tells_once() -> None:
    before = AuditEvent.objects.count()
    cast.alice()
    assert AuditEvent.objects.count() == before + 1
