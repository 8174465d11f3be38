import pytest
from pytest_django import Settings

from tests.fhir.reader import Reader


@pytest.fixture
def reader(settings: Settings) -> Reader:
    """An application that may read, of a site that says by which address it is reached."""
    settings.PUBLIC_URL = "https://rbp.hospital.example"
    return Reader()
