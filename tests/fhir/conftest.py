import pytest
from pytest_django import Settings

from tests.fhir.cds_client import CLIENTS, SITE
from tests.fhir.reader import Reader


@pytest.fixture
def reader(settings: Settings) -> Reader:
    """An application that may read, of a site that says by which address it is reached."""
    settings.PUBLIC_URL = "https://rbp.hospital.example"
    return Reader()


@pytest.fixture
def cds_clients(settings: Settings) -> None:
    """A site that clients of CDS Hooks may call."""
    settings.PUBLIC_URL = SITE
    settings.CDS_CLIENTS = CLIENTS
    settings.CDS_ORIGINS = ["https://ehr.hospital.example"]
