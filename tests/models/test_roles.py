"""Roles: what the migrations made."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError

from scoring.models import RIGHTS_OF, Right, User

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
