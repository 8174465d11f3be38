"""``manage.py doctor``: whether this installation is sound, and what to mend where not."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from scoring.management.doctor import findings
from scoring.management.help_text import describe


class Command(BaseCommand):
    """Looks and changes nothing; the exit code is 1 where something has to be mended."""

    # Django's own checks are among what is looked at.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command."""
        describe(
            parser,
            _("Check this installation and say in sentences what to mend."),
        )
        parser.add_argument("--json", action="store_true", help=_("for machines: a JSON array"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell everything, what is wrong first."""
        found = sorted(findings(), key=lambda finding: not finding.wrong)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], indent=2))
        else:
            for finding in found:
                kind = _("To mend:") if finding.wrong else _("Advice:")
                self.stdout.write(f"{kind} {finding.text}")
            if not found:
                self.stdout.write(_("Everything is in order."))
        if any(finding.wrong for finding in found):
            raise SystemExit(1)
