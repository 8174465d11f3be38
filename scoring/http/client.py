"""The address a request comes from: one function for the access log and the lock-out."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the browser, as the outermost trusted proxy saw it.

    Each of the ``RBP_TRUSTED_PROXIES`` servers in front appends the address it was reached from to
    ``X-Forwarded-For``: counted from the right, so that what a browser itself puts there never
    counts. None where the server was reached through a socket without addresses.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(forwarded) >= proxies and (address := _address(forwarded[-proxies])):
        return address
    return _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None
