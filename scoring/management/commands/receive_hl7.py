"""``manage.py receive_hl7``: takes laboratory results by HL7 v2 over MLLP, until it is stopped."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.limits import limit_waiting
from scoring.management.help_text import describe
from scoring.management.hl7_listener import Listener


class Command(BaseCommand):
    """Started and kept running by script/server, the systemd unit or the container."""

    # They would load every page of the site into this process.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is for."""
        text = _(
            "Take laboratory results (HL7 v2, ORU^R01) over MLLP at RBP_HL7_LISTEN and offer them "
            "in the form of an assessment. SIGTERM ends it."
        )
        describe(parser, text)

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen until a signal comes; what is being kept is answered first."""
        limit_waiting()
        try:
            asyncio.run(self._listen())
        except OSError as reason:
            raise CommandError(
                f"{settings.HL7_LISTEN} can't be used: {reason.strerror}. Choose another address "
                "or port with RBP_HL7_LISTEN."
            ) from reason

    async def _listen(self) -> None:
        listener = Listener()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, listener.stop)
        await listener.run()
