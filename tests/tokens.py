"""Tokens of applications, as an administrator makes them."""

from datetime import timedelta

from django.utils import timezone

from scoring import actions
from scoring.models import ApplicationToken, Role, Ward
from tests import cast


def token_of(
    name: str, role: Role | None = None, ward: Ward | None = None, *, days: int = 30
) -> tuple[ApplicationToken, str]:
    """A token for an application of this name, and its text."""
    return actions.create_token(
        by=cast.adam(),
        name=name,
        role=role,
        ward=ward,
        expires_at=timezone.now() + timedelta(days=days),
        origin=actions.NOWHERE,
    )
