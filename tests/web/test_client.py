"""Where a request comes from, with and without servers in front."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from scoring.http.client import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        # Nothing in front: the header is whatever the browser made up.
        (0, "203.0.113.9", "192.0.2.7", "192.0.2.7"),
        (0, "", "192.0.2.7", "192.0.2.7"),
        # One: the last entry is its own.
        (1, "192.0.2.7", "127.0.0.1", "192.0.2.7"),
        (1, "203.0.113.9, 192.0.2.7", "127.0.0.1", "192.0.2.7"),
        (1, " 2001:DB8::7 ", "127.0.0.1", "2001:db8::7"),
        # Two: the last but one.
        (2, "203.0.113.9, 192.0.2.7, 10.0.0.2", "127.0.0.1", "192.0.2.7"),
        # A request past the proxies, such as a health check, or nonsense.
        (1, "", "127.0.0.1", "127.0.0.1"),
        (2, "192.0.2.7", "127.0.0.1", "127.0.0.1"),
        (1, "unknown", "127.0.0.1", "127.0.0.1"),
        (1, "192.0.2.7'; drop table", "127.0.0.1", "127.0.0.1"),
        # A socket has no address.
        (0, "", "", None),
        (1, "192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_the_address_is_what_the_outermost_trusted_server_saw(
    settings: Settings, proxies: int, forwarded: str, remote: str, address: str | None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    assert client_address(request) == address
