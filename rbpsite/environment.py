"""Values from the environment and ``.env``: each is used, or refused with a sentence.

An empty value counts as not set.
"""

import os
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured
from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn

_env = environ.Env()
_LAST_PORT = 65_535
# Django's names of what libpq calls otherwise.
_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


def read_env_file(folder: Path) -> None:
    """Take what ``.env`` of the folder sets into the environment; what is set already stays.

    Raises ImproperlyConfigured for a file that can't be read, or a line that sets nothing: a server
    would start with other settings than its own.
    """
    file = folder / ".env"
    if not file.exists():
        return
    if not file.is_file() or not os.access(file, os.R_OK):
        raise ImproperlyConfigured(
            f"{file} is no file that this account can read. Give it to the account that runs the "
            "command."
        )
    try:
        lines = file.read_text("utf-8").splitlines()
    except UnicodeDecodeError as reason:
        raise ImproperlyConfigured(
            f"{file} is not a text file in UTF-8. Save it as one."
        ) from reason
    for place, line in enumerate(lines, start=1):
        # The line itself is not quoted: it may hold a password.
        if not re.match(r"\s*($|#|(export\s+)?\w+\s*=)", line):
            raise ImproperlyConfigured(
                f"Line {place} of {file} is no setting. Write NAME=value, or # before a comment."
            )
    environ.Env.read_env(file)


def text(name: str, default: str = "") -> str:
    """The value, or the default."""
    return str(_env.str(name, default="")) or default


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``. Raises ImproperlyConfigured."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdecimal() and low <= int(value) <= high):
        raise _refused(name, value, f"a number from {low} to {high}")
    return int(value)


def choice(name: str, default: str, *others: str) -> str:
    """The default or one of the other values. Raises ImproperlyConfigured."""
    value, choices = text(name, default), [f'"{each}"' for each in (default, *others)]
    if value not in {default, *others}:
        raise _refused(name, value, f"{', '.join(choices[:-1])} or {choices[-1]}")
    return value


def switch(name: str) -> bool:
    """Whether it is switched on; off is the default. Raises ImproperlyConfigured."""
    value = text(name, "false")
    if value.lower() not in _YES | _NO:
        raise _refused(name, value, '"true" or "false"')
    return value.lower() in _YES


def matching(name: str, pattern: str, allowed: str, default: str = "") -> str:
    """A value of this pattern, or the default. Raises ImproperlyConfigured, naming ``allowed``."""
    value = text(name, default)
    if value and not re.fullmatch(pattern, value):
        raise _refused(name, value, allowed)
    return value


def items(name: str, default: str = "", pattern: str = ".+", allowed: str = "") -> list[str]:
    """What commas separate, without empty items.

    Raises ImproperlyConfigured for an item that is not of the pattern, naming ``allowed``.
    """
    value = text(name, default)
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not all(re.fullmatch(pattern, part) for part in parts):
        raise _refused(name, value, f"{allowed}, separated by commas")
    return parts


def address(name: str, example: str) -> str:
    """An address that begins with http:// or https://, or "". Raises ImproperlyConfigured."""
    return matching(name, r"https?://[^\s/]+(/\S*)?", f"an address such as {example}")


def listener(name: str, default: str) -> str:
    """An address and a port to listen on. Raises ImproperlyConfigured."""
    value = text(name, default)
    found = re.fullmatch(r"[^\s/]+:(\d{1,5})", value, re.ASCII)
    if not found or not 1 <= int(found[1]) <= _LAST_PORT:
        raise _refused(name, value, f"an address and a port such as {default}")
    return value


def folder(name: str, default: Path) -> Path:
    """A folder that is named from the top, so that every command means the same one.

    Raises ImproperlyConfigured.
    """
    value = Path(text(name, str(default)))
    if value.parts[0] != "~" and not value.is_absolute():
        raise _refused(name, str(value), "the whole path of a folder, which begins with /")
    return value.expanduser()


def time_zone(name: str) -> str:
    """An IANA time zone that this computer knows, or "". Raises ImproperlyConfigured."""
    value = text(name)
    try:
        if value:
            ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as reason:
        raise _refused(name, value, "a time zone such as Asia/Shanghai") from reason
    return value


def database(name: str, url: str, *, of_several: str = "read-write") -> dict[str, Any]:
    """Django's settings of the PostgreSQL database at this address. Raises ImproperlyConfigured.

    ``of_several`` says which of several servers is meant, in libpq's words.
    The address holds a password, so the sentence does not quote it.
    """
    try:
        parts = libpq_parameters(url, of_several)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is no address of a PostgreSQL database; set it to one like "
            "postgresql://rbp:password@db.hospital.example:5432/rbp. Special characters in the "
            "password are percent-encoded."
        ) from None
    named = {django: parts.pop(libpq, "") for django, libpq in _NAMES.items()}
    return {"ENGINE": "django.db.backends.postgresql", **named, "OPTIONS": parts}


def libpq_parameters(url: str, of_several: str = "read-write") -> dict[str, str]:
    """What an address says, under libpq's names. Raises ValueError.

    libpq itself takes it apart: of several servers each may have its own port. Of several, the one
    that can be written to is meant, unless ``of_several`` says otherwise.
    """
    if not re.match("(postgres|postgresql)://", url):
        raise ValueError(url)
    try:
        parts: dict[str, str] = parse_dsn(url)
    except ProgrammingError as reason:
        raise ValueError(url) from reason
    if not re.fullmatch(r"[\d,]*", parts.get("port", ""), re.ASCII):
        # A password with a slash: libpq takes what precedes it for a port.
        raise ValueError(url)
    if "," in parts.get("host", ""):
        parts.setdefault("target_session_attrs", of_several)
    return parts


def _refused(name: str, value: str, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f'{name} is "{value}"; set it to {allowed}.')
