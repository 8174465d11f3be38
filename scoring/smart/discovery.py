"""What a server says of itself: .well-known/smart-configuration (section "Conformance")."""

from dataclasses import dataclass

from scoring.smart.addresses import resolved
from scoring.smart.fetching import Fetcher, Resource
from scoring.smart.trouble import SmartError, Trouble

PATH = ".well-known/smart-configuration"


@dataclass(frozen=True)
class Configuration:
    """Where the server signs in and gives tokens, and whether it knows scopes of version 2."""

    authorization_endpoint: str
    token_endpoint: str
    has_scopes_v2: bool


def discovered(base: str, fetcher: Fetcher) -> Configuration:
    """The configuration of the server at a FHIR base. Raises SmartError."""
    base = base.rstrip("/")
    answer = fetcher.get(f"{base}/{PATH}")
    if "S256" not in _texts(answer, "code_challenge_methods_supported"):
        raise SmartError(Trouble.NO_PKCE)
    capabilities = _texts(answer, "capabilities")
    return Configuration(
        authorization_endpoint=_address(base, answer, "authorization_endpoint"),
        token_endpoint=_address(base, answer, "token_endpoint"),
        # Servers of version 1 don't name the versions of scopes at all.
        has_scopes_v2="permission-v2" in capabilities,
    )


def _texts(answer: Resource, name: str) -> list[str]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _address(base: str, answer: Resource, name: str) -> str:
    found = answer.get(name)
    if not isinstance(found, str) or not found:
        raise SmartError(Trouble.BAD_ANSWER, f"no {name}")
    address = resolved(base, found)
    if not address:
        raise SmartError(Trouble.UNSAFE_ADDRESS, name)
    return address
