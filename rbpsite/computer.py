"""Settings of the computer itself."""

from pathlib import Path

_ZONES = "/zoneinfo/"


def computer_time_zone(etc: Path = Path("/etc")) -> str:
    """The IANA name of the computer's time zone; "UTC" where it names none.

    Debian 13 and most other systems keep it as the target of the link ``localtime``; ``timezone``
    is what older Debian has besides.
    """
    target = str((etc / "localtime").resolve())
    if _ZONES in target:
        return target.partition(_ZONES)[2]
    try:
        return (etc / "timezone").read_text().strip() or "UTC"
    except OSError:
        return "UTC"
