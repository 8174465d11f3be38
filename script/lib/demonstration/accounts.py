"""The accounts of the demonstration: one for each role to sign in with, and two colleagues."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.utils import timezone

from scoring.actions import create_user, given_password
from scoring.models import Role, User
from script.lib.demonstration.texts import texts

_TO_SIGN_IN = {
    "administrator": Role.ADMINISTRATOR,
    "clinician": Role.CLINICIAN,
    "reviewer": Role.REVIEWER,
}
# They assess patients, too; without a password nobody signs in as them.
_COLLEAGUES = ("keller", "liang")


def make_accounts(at: datetime) -> dict[str, User]:
    """The staff by username, as if made at that moment; passwords differ by installation."""
    passwords = {username: given_password() for username in _TO_SIGN_IN}
    names = texts().staff
    # Accounts have no moment of their own to give: the action looks at the clock.
    with patch.object(timezone, "now", return_value=at):
        staff: dict[str, User] = {}
        for username, role in _TO_SIGN_IN.items():
            staff[username] = create_user(
                by=staff.get("administrator"),
                username=username,
                display_name=names[username],
                password=passwords[username],
                roles=[role],
            )
        for username in _COLLEAGUES:
            staff[username] = create_user(
                by=staff["administrator"],
                username=username,
                display_name=names[username],
                password=None,
                roles=[Role.CLINICIAN],
            )
    User.objects.filter(username__in=staff).update(date_joined=at)
    _keep(passwords)
    return staff


def shown_passwords() -> dict[str, str]:
    """The passwords of the accounts to sign in with; empty where no demonstration was made."""
    if not _file().exists():
        return {}
    passwords: dict[str, str] = json.loads(_file().read_text())
    return passwords


def table(passwords: Mapping[str, str]) -> str:
    """Role, username and password of each account; not the password that was changed since."""
    lines = []
    for user in User.objects.filter(username__in=passwords).order_by("username"):
        known = passwords[user.username]
        shown = known if user.check_password(known) else "(changed since)"
        lines.append(f"  {', '.join(user.roles):<15}{user.username:<15}{shown}")
    return "\n".join(lines)


def _file() -> Path:
    return Path(settings.DATA_DIR) / "secrets" / "demonstration.json"


def _keep(passwords: Mapping[str, str]) -> None:
    """Beside the secret key, in the folder that is closed to others."""
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().touch(mode=0o600)
    _file().write_text(json.dumps(passwords))
