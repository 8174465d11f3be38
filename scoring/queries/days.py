"""Days of the ward as conditions on moments."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone


def within(field: str, first: date | None, last: date | None) -> Q:
    """From the beginning of the first day to the end of the last, in the ward's time zone.

    None leaves that side open.
    """
    condition = Q()
    if first is not None:
        condition &= Q(**{f"{field}__gte": _midnight(first)})
    # The last day of the calendar has no day after it, and nothing lies after it.
    if last is not None and last < date.max:
        condition &= Q(**{f"{field}__lt": _midnight(last + timedelta(days=1))})
    return condition


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
