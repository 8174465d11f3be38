"""``manage.py background``: seals and ships the access log, makes reports, until it is stopped."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from scoring.limits import limit_waiting
from scoring.management.background import Background
from scoring.management.help_text import describe


class Command(BaseCommand):
    """Started and kept running by script/server, the systemd unit or the container."""

    # They would load every page of the site into this process.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is for."""
        text = _(
            "Do the work that no page waits for: seal and ship the access log, make reports. "
            "SIGTERM ends it."
        )
        describe(parser, text)

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until a signal comes; what is under way is finished."""
        limit_waiting()
        background = Background()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: background.stop())
        background.run()
