"""What the tests of the access log share."""

from contextlib import nullcontext

import pytest

from scoring.queries import log_check


@pytest.fixture
def within_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the log within the transaction that is rolled back at the end of the test."""
    monkeypatch.setattr(log_check, "snapshot", nullcontext)
