"""The time zones that the environment and the computer name."""

import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ZONES = "/zoneinfo/"


def named_time_zones(
    setting: str, environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc")
) -> dict[str, str]:
    """The IANA time zones by what names each, the one that counts first; perhaps none.

    ``setting`` is RBP_TIME_ZONE. Debian 13 and most other systems keep the computer's as the
    target of the link ``localtime``; ``timezone`` is what older Debian has besides.

    Ask before Django's settings are loaded: Django sets TZ to the time zone it was given.
    """
    named = {
        "RBP_TIME_ZONE": setting,
        "TZ": environ.get("TZ", "").removeprefix(":").strip(),
        "/etc/localtime": str((etc / "localtime").resolve()).partition(_ZONES)[2],
        "/etc/timezone": _first_line(etc / "timezone"),
    }
    return {source: zone for source, zone in named.items() if _is_known(zone)}


def _first_line(file: Path) -> str:
    try:
        return file.read_text().partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_known(zone: str) -> bool:
    """Whether it is an IANA name: TZ may also hold a rule such as "CST-8"."""
    try:
        return bool(zone) and bool(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
