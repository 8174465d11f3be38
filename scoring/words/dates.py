"""Days and moments in words."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _


def day_text(day: date) -> str:
    """An unambiguous date: 14-Mar-2026."""
    return f"{day.day:02d}-{str(MONTHS_3[day.month]).title()}-{day.year:04d}"


def moment_text(moment: datetime) -> str:
    """Day and time of the ward: 14-Mar-2026 09:42."""
    local = timezone.localtime(moment)
    return f"{day_text(local)} {local:%H:%M}"


def born_text(birth_date: date | None) -> str:
    """born 14-Jul-1944, or that it is not known."""
    if birth_date is None:
        return _("date of birth not known")
    return _("born %(day)s") % {"day": day_text(birth_date)}
