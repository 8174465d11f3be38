"""Settings of SMART App Launch: the FHIR servers from which the site may be opened.

``settings.py`` takes them over once it has read ``.env``; docs/integration.md explains the file.
"""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from rbpsite.environment import text

if TYPE_CHECKING:
    from scoring.smart.servers import Server

_NAME = "RBP_SMART_SERVERS"
_NEEDED, _OPTIONAL = {"name", "issuer", "client_id"}, {"credentials", "number_system"}


def _servers() -> "list[Server]":
    """The servers of the file. Raises ImproperlyConfigured, saying what is wrong where."""
    if not text(_NAME):
        return []
    file = Path(text(_NAME))
    if not file.is_absolute():
        raise ImproperlyConfigured(
            f'{_NAME} is "{file}"; set it to the whole path of a file, which begins with /.'
        )
    try:
        told = tomllib.loads(_content(file, f"{file}, which {_NAME} names,"))
    except tomllib.TOMLDecodeError as reason:
        raise ImproperlyConfigured(f"{file}, which {_NAME} names, is not TOML: {reason}.") from None
    listed = told.get("server")
    if set(told) != {"server"} or not isinstance(listed, list) or not listed:
        raise ImproperlyConfigured(
            f"{file}, which {_NAME} names, must hold one or more tables [[server]] and nothing else."
        )
    found = [_server(one, f"Server {place} in {file}") for place, one in enumerate(listed, 1)]
    for what in ("name", "issuer"):
        values = [getattr(server, what) for server in found]
        if len(set(values)) < len(values):
            raise ImproperlyConfigured(f"Two servers in {file} have the same {what}.")
    return found


def _server(told: Any, where: str) -> "Server":
    # Here, because it loads what signs: a site without servers needs none of it.
    from scoring.smart.addresses import is_safe  # noqa: PLC0415
    from scoring.smart.servers import Server  # noqa: PLC0415

    if not isinstance(told, dict):
        raise ImproperlyConfigured(f"{where} is no table.")
    for key, value in told.items():
        if key not in _NEEDED | _OPTIONAL:
            known = ", ".join(sorted(_NEEDED | _OPTIONAL))
            raise ImproperlyConfigured(f'{where} has "{key}"; there are {known}.')
        if not isinstance(value, str) or not value.strip():
            raise ImproperlyConfigured(f'{where}: write "{key}" as a text that is not empty.')
    for key in sorted(_NEEDED - set(told)):
        raise ImproperlyConfigured(f'{where} lacks "{key}".')
    issuer = told["issuer"].rstrip("/")
    if not is_safe(issuer) or "?" in issuer:
        raise ImproperlyConfigured(
            f'{where} has the issuer "{issuer}"; set it to the FHIR base address, for example '
            "https://ehr.hospital.example/fhir. Without TLS only this computer is allowed."
        )
    secret, key = _credentials(told.get("credentials", ""), where)
    return Server(
        name=told["name"],
        issuer=issuer,
        client_id=told["client_id"],
        secret=secret,
        key=key,
        number_system=told.get("number_system", ""),
    )


def _credentials(path: str, where: str) -> tuple[str, Any]:
    """The secret or the private key of a file; neither of a public client."""
    from scoring.smart.servers import CredentialsError, signing_key  # noqa: PLC0415

    if not path:
        return "", None
    file, named = Path(path), f"{where}: the file of credentials {path}"
    if not file.is_absolute():
        raise ImproperlyConfigured(f"{named} needs its whole path, which begins with /.")
    content = _content(file, named).strip()
    if file.stat().st_mode & 0o007:
        raise ImproperlyConfigured(f"{named} can be read by everybody. Run chmod 640 {path}.")
    if not content:
        raise ImproperlyConfigured(f"{named} is empty.")
    if not content.startswith("-----BEGIN"):
        return content, None
    try:
        return "", signing_key(content)
    except CredentialsError as reason:
        raise ImproperlyConfigured(f"{named} can't be used: {reason}.") from None


def _content(file: Path, named: str) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise ImproperlyConfigured(
            f"{named} is no text file that this account can read."
        ) from reason


SMART_SERVERS = _servers()
