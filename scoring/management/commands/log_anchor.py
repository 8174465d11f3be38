"""``manage.py log_anchor``: the last seal of the access log, signed, to be kept elsewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.models import AuditSeal
from scoring.queries.log_anchor import signed_anchor


class Command(BaseCommand):
    """Prints one word and changes nothing."""

    help = (
        "Print an anchor: the last seal of the access log with the site's signature. Keep it where "
        "nobody who can alter the database has rights; verify_log --anchor takes it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which seal."""
        parser.add_argument("--seal", type=int, metavar="NUMBER", help="default: the last one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where there is no such seal."""
        seals = AuditSeal.objects.order_by("-number")
        if options["seal"] is not None:
            seals = seals.filter(pk=options["seal"])
        seal = seals.first()
        if seal is None:
            raise CommandError(_("There is no such seal. manage.py seal_log seals what waits."))
        self.stdout.write(signed_anchor(seal))
