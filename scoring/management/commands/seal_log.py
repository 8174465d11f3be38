"""``manage.py seal_log``: seal and ship what waits; the server does so by itself while it runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.actions import seal_waiting, ship_seals
from scoring.management.help_text import describe


class Command(BaseCommand):
    """For a timer, before a backup, and after a server was killed."""

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is for."""
        text = _("Seal the lines of the access log that wait; ship them where RBP_AUDIT_SHIP says.")
        describe(parser, text)
        parser.add_argument(
            "--no-ship",
            action="store_false",
            dest="ship",
            help=_("seal alone; the background process ships later"),
        )

    def handle(self, *args: Any, ship: bool, **options: Any) -> None:
        """Raises CommandError where the lines are sealed but could not be shipped."""
        sealed = seal_waiting()
        self.stdout.write(
            ngettext("%(count)s line sealed.", "%(count)s lines sealed.", sealed)
            % {"count": f"{sealed:,}"}
        )
        if not ship:
            return
        try:
            is_shipped = ship_seals()
        except OSError as error:
            raise CommandError(
                _("The access log could not be shipped: %(reason)s. It is tried again next time.")
                % {"reason": error.strerror or error}
            ) from error
        if not is_shipped:
            self.stdout.write(_("Another process is shipping the access log just now."))
