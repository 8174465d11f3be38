"""``manage.py reset_second_factor``: for when no administrator is left who can sign in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring import queries
from scoring.actions import NOWHERE, reset_second_factor
from scoring.management.help_text import describe


class Command(BaseCommand):
    """Removes app, passkeys and recovery codes; the access log keeps that it was done."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        describe(
            parser,
            _("Remove the second factor of a user who has lost it, with all recovery codes."),
        )
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Raises CommandError where there is no such user."""
        user = queries.people().filter(username=username).first()
        if user is None:
            raise CommandError(_('There is no user "%(name)s".') % {"name": username})
        reset_second_factor(by=None, user=user, origin=NOWHERE)
        self.stdout.write(
            _('"%(name)s" can now sign in without a second factor, until a new one is set up.')
            % {"name": username}
        )
