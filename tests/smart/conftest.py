"""What tests of SMART App Launch share."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from scoring.smart.servers import Server
from tests.smart.ehr import CLIENT, Ehr, serving
from tests.smart.launches import BACK, NAME


@pytest.fixture
def ehr(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ehr]:
    """A hospital's server for one test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as started:
        yield started


@pytest.fixture
def server(ehr: Ehr, settings: Settings) -> Server:
    """This site, set up for the server."""
    ehr.redirect_uris.add(BACK)
    server = Server(NAME, ehr.base, CLIENT)
    settings.SMART_SERVERS = [server]
    return server
