"""Days and moments in words."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _


def day_text(day: date) -> str:
    """An unambiguous date: 14-Mar-2026, 2026年3月14日."""
    return _day_text(day, get_language())


@lru_cache(maxsize=4096)
def _day_text(day: date, _language: str) -> str:
    # Pages say the same few days again and again, and Django takes six times as long.
    return date_format(day, "DATE_FORMAT")


def month_text(day: date) -> str:
    """The month of a day: Mar 2026, 2026年3月."""
    return date_format(day, "YEAR_MONTH_FORMAT")


def moment_text(moment: datetime) -> str:
    """Day and time of the ward: 14-Mar-2026 09:42."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def clock_text(moment: datetime) -> str:
    """The time of the ward: 09:42."""
    return time_format(timezone.localtime(moment), "TIME_FORMAT")


def born_text(birth_date: date | None) -> str:
    """born 14-Jul-1944, or that it is not known."""
    if birth_date is None:
        return _("date of birth not known")
    return _("born %(day)s") % {"day": day_text(birth_date)}


@cache
def month_numbers() -> Mapping[str, int]:
    """Months by their names and short names in every language of the pages, in small letters."""
    numbers: dict[str, int] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for names in (MONTHS, MONTHS_3):
                numbers |= {str(name).lower(): month for month, name in names.items()}
    return numbers


def birth_reading(birth_date: date, age_years: int) -> str:
    """How a date of birth was read: = 14-Jul-1945 (81 y)."""
    return _("= %(day)s (%(age)s y)") % {"day": day_text(birth_date), "age": age_years}


def operation_reading(day: date, today: date) -> str:
    """How the day of the operation was read, and how far from today it lies."""
    days = (day - today).days
    if days == 0:
        return _("= %(day)s, today") % {"day": day_text(day)}
    ahead, ago = (
        ngettext("= %(day)s, in 1 day", "= %(day)s, in %(days)s days", days),
        ngettext("= %(day)s, 1 day ago", "= %(day)s, %(days)s days ago", -days),
    )
    return (ahead if days > 0 else ago) % {"day": day_text(day), "days": abs(days)}


def day_reading(day: date, operation: date | None) -> str:
    """How another day was read, and how far from the operation it lies where that is known."""
    if operation is None:
        return _("= %(day)s") % {"day": day_text(day)}
    days = (day - operation).days
    if days == 0:
        return _("= %(day)s, day of the operation") % {"day": day_text(day)}
    before, after = (
        ngettext(
            "= %(day)s, 1 day before the operation",
            "= %(day)s, %(days)s days before the operation",
            -days,
        ),
        ngettext(
            "= %(day)s, 1 day after the operation",
            "= %(day)s, %(days)s days after the operation",
            days,
        ),
    )
    return (before if days < 0 else after) % {"day": day_text(day), "days": abs(days)}
