"""Answers in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def yes_no(value: bool | None) -> str:
    """Yes, no, or not known yet."""
    if value is None:
        return _("not known yet")
    return pgettext("answer", "yes") if value else pgettext("answer", "no")
