"""Who sits at the computer."""

import pytest
from django.test import Client

from tests import cast
from tests.web.html import signed_in


@pytest.fixture
def client() -> Client:
    """A browser in which Alice is signed in."""
    return signed_in(cast.alice())


@pytest.fixture
def bobs() -> Client:
    """A browser in which Bob is signed in."""
    return signed_in(cast.bob())
