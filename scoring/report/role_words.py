"""Roles in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from scoring.models import Role
from scoring.words.marks import listed
from scoring.words.types import Words

# What a role is for, as the administrator who gives it reads it.
ROLE_MEANINGS: dict[str, Words] = {
    Role.CLINICIAN: _("assesses, amends and voids, records outcomes, prints"),
    Role.REVIEWER: _("reads every record, exports, local validation, access log; changes nothing"),
    Role.ADMINISTRATOR: _("manages users and ward settings; sees no patient"),
}


def role_names(roles: Iterable[str]) -> str:
    """The roles as a list in one line."""
    return listed(Role(role).label for role in roles)
