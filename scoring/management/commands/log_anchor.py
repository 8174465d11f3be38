"""``manage.py log_anchor``: the last seal of the access log, signed, to be kept elsewhere.

And how far a restored database is behind one.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.management.anchors import read_anchor
from scoring.management.help_text import describe
from scoring.models import AuditSeal
from scoring.queries.log_anchor import signed_anchor


class Command(BaseCommand):
    """Prints one line and changes nothing."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which seal."""
        describe(
            parser,
            _(
                "Print an anchor: the last seal of the access log with the site's signature. Keep "
                "it where nobody who can alter the database has rights; verify_log --anchor takes "
                "it."
            ),
        )
        parser.add_argument("--seal", type=int, metavar="NUMBER", help=_("default: the last one"))
        parser.add_argument(
            "--compare",
            metavar="ANCHOR",
            help=_("say how far the access log is behind this anchor"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where there is no such seal, or another one."""
        if options["compare"] is not None:
            self.stdout.write(_compared(options["compare"]))
            return
        seals = AuditSeal.objects.order_by("-number")
        if options["seal"] is not None:
            seals = seals.filter(pk=options["seal"])
        seal = seals.first()
        if seal is None:
            raise CommandError(_("There is no such seal. manage.py seal_log seals what waits."))
        self.stdout.write(signed_anchor(seal))


def _compared(text: str) -> str:
    anchor = read_anchor(text)
    known = AuditSeal.objects.filter(pk=anchor.number).first()
    if known is not None and known.digest != anchor.digest:
        raise CommandError(
            _("Seal %(number)s is not the one of this anchor: it is another log, or a forged one.")
            % {"number": anchor.number}
        )
    last = AuditSeal.objects.order_by("-number").first()
    number, lines = (last.number, last.events_total) if last else (0, 0)
    if known is not None:
        since = lines - known.events_total
        return ngettext(
            "The access log holds this anchor; %(count)s line was sealed since.",
            "The access log holds this anchor; %(count)s lines were sealed since.",
            since,
        ) % {"count": f"{since:,}"}
    words = {"seals": f"{anchor.number - number:,}"}
    if anchor.events_total is None or anchor.sealed_at is None:
        return _("The access log is behind this anchor by %(seals)s seals.") % words
    return _(
        "The access log is behind this anchor by %(seals)s seals and %(lines)s lines; the anchor "
        "is of %(at)s (UTC)."
    ) % (
        words
        | {
            "lines": f"{anchor.events_total - lines:,}",
            "at": anchor.sealed_at.strftime("%Y-%m-%d %H:%M:%S"),
        }
    )
