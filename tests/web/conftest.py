"""What tests of single sign-on share."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
from pytest_django import Settings

from tests.web.sign_in_service import Provider


@contextmanager
def serving_for(lasting: timedelta) -> Iterator[str]:
    """The address of a provider whose tokens last so long; it runs until the end of the block."""
    # Only where it is needed: it takes a second, and what it is made of warns of itself.
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        from oidc_provider_mock import run_server_in_thread
    # What it is made of is to be replaced one day, and says so in spite of any filter.
    assert {str(one.category.__name__) for one in told} <= {"AuthlibDeprecationWarning"}
    with (
        pytest.MonkeyPatch.context() as patched,
        run_server_in_thread(access_token_max_age=lasting) as server,
    ):
        patched.setenv("NO_PROXY", "localhost")
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """The address of a provider that runs while tests need it."""
    with serving_for(timedelta(hours=1)) as address:
        yield address


@pytest.fixture
def provider(service: str, settings: Settings) -> Provider:
    """The service, and this site set up for it."""
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        "scoring.web.single_sign_on.SingleSignOnBackend",
    ]
    return set_up_for(service, settings)


def set_up_for(service: str, settings: Settings) -> Provider:
    """Let this site use the service at an address."""
    known = requests.get(f"{service}/.well-known/openid-configuration", timeout=5).json()
    settings.OIDC_ENABLED = True
    settings.OIDC_NAME = "St Example"
    settings.OIDC_RP_CLIENT_ID = "rbp-risk"
    settings.OIDC_RP_CLIENT_SECRET = "kept between the two"
    settings.OIDC_ISSUER = known["issuer"]
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = known["authorization_endpoint"]
    settings.OIDC_OP_TOKEN_ENDPOINT = known["token_endpoint"]
    settings.OIDC_OP_USER_ENDPOINT = known["userinfo_endpoint"]
    settings.OIDC_OP_JWKS_ENDPOINT = known["jwks_uri"]
    # Its tokens don't name the one key it has; those of a hospital's service do.
    settings.OIDC_VERIFY_KID = False
    return Provider(service)
