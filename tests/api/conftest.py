import pytest

from scoring.models import Role
from tests.api.client import Application


@pytest.fixture
def application() -> Application:
    return Application(Role.CLINICIAN)
