"""Who sits at the computer."""

import pytest
from django.test import Client

from scoring.models import User
from tests import cast
from tests.life import acts
from tests.web.html import signed_in


@pytest.fixture
def client() -> Client:
    """A browser in which Alice is signed in."""
    return signed_in(cast.alice())


@pytest.fixture
def bobs() -> Client:
    """A browser in which Bob is signed in."""
    return signed_in(cast.bob())


@pytest.fixture
def staff() -> list[User]:
    """Whoever presses; made beforehand, so that only the presses meet."""
    return [cast.alice(), cast.bob(), acts.cara()]
