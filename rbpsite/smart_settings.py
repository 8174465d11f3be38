"""Settings of SMART App Launch: the FHIR servers from which the site may be opened.

``settings.py`` takes them over once it has read ``.env``; docs/integration.md explains the file.
"""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from rbpsite.environment import text

if TYPE_CHECKING:
    from scoring.smart.servers import Server, SigningKey

_NAME = "RBP_SMART_SERVERS"
_NEEDED, _OPTIONAL = {"name", "issuer", "client_id"}, {"credentials", "number_system"}


def smart_servers(path: str) -> "list[Server]":
    """The servers of a file; none for "". Raises ImproperlyConfigured with what is wrong where."""
    if not path:
        return []
    if not path.startswith("/"):
        raise ImproperlyConfigured(
            f'{_NAME} is "{path}"; set it to the whole path of a file, which begins with /.'
        )
    where = f"{_NAME} names {path}, which"
    try:
        told = tomllib.loads(_content(path, where))
    except tomllib.TOMLDecodeError as reason:
        raise ImproperlyConfigured(f"{where} is not TOML: {reason}.") from None
    listed = told.get("server")
    if set(told) != {"server"} or not isinstance(listed, list) or not listed:
        raise ImproperlyConfigured(f"{where} must hold tables [[server]] and nothing else.")
    found = [
        _server(one, f"{_NAME} names {path}, where server {place}")
        for place, one in enumerate(listed, 1)
    ]
    for what in ("name", "issuer"):
        if len({getattr(server, what) for server in found}) < len(found):
            raise ImproperlyConfigured(f"{where} has two servers with the same {what}.")
    return found


def _server(told: Any, where: str) -> "Server":
    # Here, because it loads what signs: a site without servers needs none of it.
    from scoring.smart.addresses import is_safe
    from scoring.smart.servers import Server

    if not isinstance(told, dict):
        raise ImproperlyConfigured(f"{where} is no table. Begin it with a line [[server]].")
    for key, value in told.items():
        if key not in _NEEDED | _OPTIONAL:
            known = ", ".join(sorted(_NEEDED | _OPTIONAL))
            raise ImproperlyConfigured(f'{where} has "{key}"; there are {known}.')
        if not isinstance(value, str) or not value.strip():
            raise ImproperlyConfigured(f'{where} has no text for "{key}". Write one in quotes.')
    for key in sorted(_NEEDED - set(told)):
        raise ImproperlyConfigured(f'{where} lacks "{key}".')
    issuer = told["issuer"].rstrip("/")
    if not is_safe(issuer) or "?" in issuer:
        raise ImproperlyConfigured(
            f'{where} has the issuer "{issuer}"; set it to a FHIR base address such as '
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


def _credentials(path: str, where: str) -> "tuple[str, SigningKey | None]":
    """The secret or the private key of a file; neither of a public client."""
    from scoring.smart.servers import CredentialsError, signing_key

    if not path:
        return "", None
    named = f"{where} has the credentials {path}, which"
    if not path.startswith("/"):
        raise ImproperlyConfigured(f"{named} must be a whole path, which begins with /.")
    content = _content(path, named).strip()
    if Path(path).stat().st_mode & 0o007:
        raise ImproperlyConfigured(f"{named} everybody can read. Run chmod 640 {path}.")
    if not content:
        raise ImproperlyConfigured(f"{named} is empty.")
    if not content.startswith("-----BEGIN"):
        return content, None
    try:
        return "", signing_key(content)
    except CredentialsError as reason:
        raise ImproperlyConfigured(f"{named} can't be used: {reason}.") from None


def _content(path: str, named: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise ImproperlyConfigured(f"{named} is no text that this account can read.") from reason


SMART_SERVERS = smart_servers(text(_NAME))
