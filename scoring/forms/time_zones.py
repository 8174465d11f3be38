"""The list of time zones: those of China first, then all others by part of the world."""

from functools import cache
from itertools import groupby
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

_AREAS = {
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
}  # fmt: skip
_CHINA = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei")

Choice = tuple[str, str]


def time_zone_choices() -> list[tuple[str, list[Choice]]]:
    """IANA names in groups, as a form offers them; the server's own is always among them."""
    known = _known()
    groups = [(_("China"), [(name, _text(name)) for name in _CHINA if name in known])]
    server: str = settings.TIME_ZONE
    if server not in known:
        groups.append((_("This server"), [(server, server)]))
    others = (name for name in known if name not in _CHINA)
    for area, names in groupby(others, key=_area):
        groups.append((area, [(name, _text(name)) for name in names]))
    return groups


@cache
def _known() -> tuple[str, ...]:
    """The names of places: not the abbreviations and offsets that tzdata keeps for old systems."""
    return tuple(sorted(name for name in available_timezones() if _area(name) in _AREAS))


def _area(name: str) -> str:
    return name.partition("/")[0]


def _text(name: str) -> str:
    """Asia/Hong Kong; Asia/Shanghai also by the name it has in China."""
    if name == "Asia/Shanghai":
        return _("Asia/Shanghai (Beijing time)")
    return name.replace("_", " ")
