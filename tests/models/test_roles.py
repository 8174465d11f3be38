"""Roles: what the migration made, and what it makes of a site that had none."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from scoring.models import RIGHTS_OF, AuditEvent, Right, Role, User
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_groups_hold_what_the_roles_mean() -> None:
    made = {
        group.name: {f"scoring.{right.codename}" for right in group.permissions.all()}
        for group in Group.objects.all()
    }
    assert made == {role.value: set(rights) for role, rights in RIGHTS_OF.items()}


def test_every_right_is_a_permission_declared_once() -> None:
    for right in Right:
        codename = right.removeprefix("scoring.")
        assert Permission.objects.filter(codename=codename).count() == 1, right


def test_no_account_stands_above_the_roles() -> None:
    with pytest.raises(IntegrityError, match="user_has_roles_alone"):
        User.objects.create(username="root", display_name="Root", is_superuser=True)


def test_an_upgrade_keeps_what_people_could_do() -> None:
    """Backwards and forwards in one transaction, which the test rolls back."""
    cast.adam()
    with connection.cursor() as cursor:
        # What is deferred until the commit would stop tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    executor = MigrationExecutor(connection)
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "scoring"]
    executor.migrate([("scoring", "0010_access_log")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_superuser FROM scoring_user WHERE username = 'adam'")
        assert cursor.fetchone() == (True,)
        cursor.execute(
            """
            INSERT INTO scoring_user (username, display_name, password, is_active, is_superuser,
                is_staff, first_name, last_name, email, date_joined)
            VALUES ('active', 'Dr Active', '', true, false, false, '', '', '', now()),
                   ('left', 'Dr Left', '', false, false, false, '', '', '', now()),
                   ('root', 'Root', '', true, true, true, '', '', '', now())
            """
        )
    MigrationExecutor(connection).migrate(newest)
    users = {user.username: user for user in User.objects.all()}
    assert users["active"].roles == ["Clinician"]
    assert users["left"].roles == []
    assert users["root"].roles == list(Role)
    assert not users["root"].is_superuser
    assert len({user.uuid for user in users.values()}) == len(users)
    told = AuditEvent.objects.get(action="user_roles_changed", detail__username="active")
    assert told.detail["roles_added"] == ["Clinician"]
    assert len(told.digest) == 64
