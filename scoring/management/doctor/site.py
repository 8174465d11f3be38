"""What the running site says of itself: its own processes may fail where this command does not."""

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.utils.translation import gettext as _
from gunicorn.util import parse_address

from scoring.health import WELL
from scoring.management.doctor.finding import Finding

# Longer than /readyz takes where a report hangs.
_SECONDS = 20


def running_site_is_ready() -> Iterator[Finding]:
    """Ask ``/readyz`` at ``BIND`` which parts fail; advice where no site answers."""
    try:
        is_ready, parts = _answer()
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        text = _(
            "No site answers at %(address)s, so only this command's own processes were checked. "
            "If the site runs elsewhere, set RBP_BIND."
        )
        yield Finding("no_site", text % {"address": settings.BIND}, wrong=False)
        return
    for name, problem in parts.items():
        # The rest is checked by this command itself.
        if not is_ready and problem != WELL:
            text = _("The running site reports a problem with %(name)s: %(problem)s.")
            yield Finding(f"site_{name}", text % {"name": name, "problem": problem})


def _answer() -> tuple[bool, dict[str, str]]:
    """Whether the site is ready, name and state of each part; any error of the network."""
    connection = HTTPConnection(_host(), timeout=_SECONDS)
    try:
        _connect(connection, parse_address(settings.BIND))
        connection.request("GET", "/readyz")
        answer = json.loads(connection.getresponse().read())
        return bool(answer["ready"]), dict(answer["parts"])
    finally:
        connection.close()


def _connect(connection: HTTPConnection, address: str | tuple[str, int]) -> None:
    if isinstance(address, tuple):
        connection.sock = socket.create_connection(address, timeout=_SECONDS)
    else:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(_SECONDS)
        connection.sock.connect(address)


def _host() -> str:
    """A name under which the site answers."""
    return str(settings.ALLOWED_HOSTS[0]).lstrip(".").replace("*", "localhost")
