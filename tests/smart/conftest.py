"""What tests of SMART App Launch share."""

from collections.abc import Iterator

import pytest

from tests.smart.ehr import Ehr, serving


@pytest.fixture
def ehr(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ehr]:
    """A hospital's server for one test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as started:
        yield started
