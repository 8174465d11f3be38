"""``manage.py unlock_user``: end a lock-out, for when no administrator can sign in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.actions import NOWHERE, unlock_user
from scoring.management.help_text import describe
from scoring.models import User


class Command(BaseCommand):
    """Forgets failed sign-ins under a user name; the access log keeps that it was done."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom."""
        describe(
            parser,
            _("Let a user who is locked out after failed sign-ins try again."),
        )
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Raises CommandError where there is no such user."""
        if not User.objects.filter(username=username).exists():
            raise CommandError(_('There is no user "%(name)s".') % {"name": username})
        unlock_user(by=None, username=username, origin=NOWHERE)
        self.stdout.write(_('"%(name)s" can try to sign in again.') % {"name": username})
