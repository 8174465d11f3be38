"""Settings of CDS Hooks: who may call, with which keys. docs/integration.md explains them.

``settings.py`` takes them over once it has read ``.env``.
"""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from rbpsite.environment import items, text

# Which part of a key says what its private half is.
_PRIVATE = {"d", "p", "q", "k"}
_PUBLIC = {"RSA": {"n", "e"}, "EC": {"crv", "x", "y"}}


def _clients(name: str) -> dict[str, dict[str, Any]]:
    """The clients of a file by their issuer; none where no file is named."""
    path = text(name)
    if not path:
        return {}
    try:
        known = json.loads(Path(path).read_text())
        return {_filled(one["issuer"]): _client(one) for one in known}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as reason:
        raise ImproperlyConfigured(
            f'{name} is "{path}"; set it to a JSON file of clients as docs/integration.md shows '
            f"it. {reason}"
        ) from reason


def _client(one: dict[str, Any]) -> dict[str, Any]:
    keys = one["jwks"]["keys"]
    for key in keys:
        if not _PUBLIC[key["kty"]] <= set(key) or _PRIVATE & set(key):
            raise ValueError("a key is not the public half of an RSA or EC key")
    named = {_filled(key["kid"]): key for key in keys}
    if not named or len(named) < len(keys):
        raise ValueError("each client needs keys, each with a kid of its own")
    return {
        "keys": named,
        "name": str(one.get("name") or one["issuer"]),
        "hospital_numbers": str(one.get("hospital_numbers", "")),
    }


def _filled(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("issuer and kid are texts")
    return value


CDS_CLIENTS = _clients("RBP_CDS_CLIENTS")
# The addresses of pages whose scripts may call: Origin is compared as it is sent.
CDS_ORIGINS = items(
    "RBP_CDS_ORIGINS",
    pattern=r"https?://[^/\s*]+",
    allowed="addresses such as https://ehr.hospital.example, without a path",
)
