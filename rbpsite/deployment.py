"""Settings that a server of a hospital must not have: each is named with a sentence.

In production mode the site does not start with the first of them; ``manage.py check --deploy``
names them all.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

_Settings = Mapping[str, Any]
# As Django's own check has it; it only warns.
_KEY_LENGTH, _KEY_DIFFERENT, _KEY_PREFIX = 50, 5, "django-insecure-"
_TLS = (
    "SECURE_SSL_REDIRECT",
    "SECURE_PROXY_SSL_HEADER",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
)
# The other modes of libpq go without TLS where the server offers none.
_WITH_TLS = {"require", "verify-ca", "verify-full"}
_HERE = re.compile(r"|/.*|localhost|127(\.\d+){3}|::1")


def stop_at_first(given: _Settings) -> None:
    """Raise ImproperlyConfigured with the sentence of the first weakness."""
    for weakness in _weaknesses(given):
        raise ImproperlyConfigured(weakness.msg)


@register(Tags.security, deploy=True)
def check_deployment(*, app_configs: Any = None, **_options: Any) -> list[CheckMessage]:
    """The weaknesses of the settings in use, for ``manage.py check --deploy`` and doctor."""
    return list(
        _weaknesses({name: getattr(settings, name) for name in dir(settings) if name.isupper()})
    )


def _weaknesses(given: _Settings) -> Iterator[CheckMessage]:
    """Each of them; the order is that in which they are mended."""
    if given["DEBUG"]:
        yield _weak(1, "RBP_DEBUG must not be set in production mode: remove it.")
    key = given["SECRET_KEY"]
    if len(key) < _KEY_LENGTH or len(set(key)) < _KEY_DIFFERENT or key.startswith(_KEY_PREFIX):
        yield _weak(2, "RBP_SECRET_KEY can be guessed. Make a new one as .env.example says.")
    if "*" in given["ALLOWED_HOSTS"]:
        yield _weak(3, "RBP_ALLOWED_HOSTS takes any name. List the names of the site.")
    database = given["DATABASES"]["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        yield _weak(4, "DATABASE_URL is no address of a PostgreSQL database.")
    for name, alias in {"DATABASE_URL": "default", "DATABASE_STANDBY_URL": "standby"}.items():
        if _is_open_to_listeners(given["DATABASES"].get(alias, {})):
            yield _weak(5, f"{name} names another computer. Add ?sslmode=verify-full to it.")
    if not all(given.get(name) for name in _TLS):
        yield _weak(6, "The site does not insist on TLS. Set RBP_MODE=production.")
    elif given.get("SECURE_HSTS_SECONDS") == 0:
        yield _weak(7, "RBP_HSTS_SECONDS is 0: browsers may ask without TLS. Remove it.")
    for name, addresses in {
        "RBP_PUBLIC_URL": [given["PUBLIC_URL"]],
        "RBP_TRUSTED_ORIGINS": given["CSRF_TRUSTED_ORIGINS"],
        "RBP_OIDC_ISSUER": [given["OIDC_ISSUER"]],
        "RBP_OIDC_AUTHORIZATION_URL": [given["OIDC_OP_AUTHORIZATION_ENDPOINT"]],
        "RBP_OIDC_TOKEN_URL": [given["OIDC_OP_TOKEN_ENDPOINT"]],
        "RBP_OIDC_USERINFO_URL": [given["OIDC_OP_USER_ENDPOINT"]],
        "RBP_OIDC_JWKS_URL": [given["OIDC_OP_JWKS_ENDPOINT"]],
    }.items():
        if any(address.startswith("http://") for address in addresses):
            yield _weak(8, f"{name} names an address without TLS. Begin it with https://.")


def _is_open_to_listeners(database: Mapping[str, Any]) -> bool:
    """Whether Django's settings of a database lead to another computer without TLS."""
    hosts = database.get("HOST", "").split(",")
    mode = database.get("OPTIONS", {}).get("sslmode")
    return mode not in _WITH_TLS and not all(map(_HERE.fullmatch, hosts))


def _weak(number: int, sentence: str) -> CheckMessage:
    return Error(sentence, id=f"rbpsite.E{number:03}")
