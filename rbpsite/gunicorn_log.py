"""Gunicorn's messages among those of the site, without what they quote of requests."""

import logging
from typing import Any

from gunicorn.glogging import Logger


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn comes without types
    """No files and formats of gunicorn's own. Requests are logged by ``rbpsite.middleware``."""

    def setup(self, cfg: Any) -> None:
        """Leave the handlers to the site's logging, which formats with ``rbpsite.logs``."""
        self.cfg = cfg
        self.error_log.setLevel(logging.INFO)
        # Where the site gave it a file of its own, that is enough.
        self.error_log.propagate = not self.error_log.handlers
