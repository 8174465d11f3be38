"""``manage.py model_card``: the model card on the terminal, or as JSON.

Needs no database, so it has no figure of the hospital.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from scoring.management.help_text import describe
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.model_card import card_lines, model_card


class Command(BaseCommand):
    """Print the model card."""

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One switch."""
        describe(
            parser,
            _("Print the model card: use, inputs, training data, published performance, limits."),
        )
        parser.add_argument("--json", action="store_true", help=_("as JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Everything at once."""
        card = model_card(RONG_2025, EVIDENCE)
        if options["json"]:
            self.stdout.write(json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False))
            return
        for line in card_lines(card):
            self.stdout.write(line)
