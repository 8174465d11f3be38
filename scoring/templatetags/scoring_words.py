"""Filters that write numbers and dates the way every page does."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from scoring.display import points_text
from scoring.models import Assessment
from scoring.report.rows import day_text
from scoring.report.sheet import Sheet

register = template.Library()


@register.filter
def day(value: date) -> str:
    """A date nobody can misread: 14-Mar-2026."""
    return day_text(value)


@register.filter
def moment(value: datetime) -> str:
    """Day and time of the ward: 14-Mar-2026 09:42."""
    return date_format(timezone.localtime(value), "d-M-Y H:i")


@register.filter
def points(value: float) -> str:
    """Points with two decimals."""
    return points_text(value)


@register.filter
def sheet(assessment: Assessment) -> Sheet:
    """The words for an assessment in a list."""
    return Sheet(assessment)
