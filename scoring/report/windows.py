"""Plausible days in words: what is asked, and the caution once it is confirmed."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.entry import windows
from scoring.entry.windows import Doubt, DoubtfulDay, Window
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.dates import day_text
from scoring.words.marks import sentences, spaced
from scoring.words.predictors import provenance_words


def window_text(window: Window) -> str:
    """A window around the operation: "0 to 90 days before the operation"."""
    if window.last <= 0:
        return _("%(last)s to %(first)s days before the operation") % {
            "first": -window.first,
            "last": -window.last,
        }
    return _("day %(first)s to %(last)s after the operation") % window._asdict()


def doubt_title(doubtful: DoubtfulDay) -> str:
    """The date in doubt: "Date of MRI 14-Mar-2016"."""
    if doubtful.doubt is Doubt.RADIOGRAPH_NOT_YET:
        return _("Radiograph")
    name = _("Operation") if doubtful.doubt is Doubt.OPERATION_FAR else _name(doubtful.field)
    return spaced(name, day_text(doubtful.day))


def doubt_text(doubtful: DoubtfulDay) -> str:
    """Why it is asked about, and what is usual."""
    if doubtful.doubt is Doubt.OPERATION_FAR:
        return _far_from_entry(doubtful.days)
    if doubtful.doubt is Doubt.MRI_BEFORE_TRAUMA:
        return _("It lies before the date of the trauma.")
    if doubtful.doubt is Doubt.RADIOGRAPH_NOT_YET:
        return _(
            "The finding was entered on the day of the operation, without a date; the study's "
            "radiograph was taken 24\u00a0h after it."
        )
    usual = {"usual": window_text(windows.SOURCES[doubtful.field])}
    return sentences(_from_operation(doubtful.days), _("Usual is %(usual)s.") % usual)


def doubt_question(doubtful: DoubtfulDay) -> str:
    """What has to be confirmed."""
    if doubtful.doubt is Doubt.RADIOGRAPH_NOT_YET:
        return _(
            "The operation was today; the radiograph at 24\u00a0h can't be in yet. Tick if the "
            "finding is of a radiograph of today."
        )
    return _("%(title)s: %(text)s Tick if the date is right.") % {
        "title": doubt_title(doubtful),
        "text": doubt_text(doubtful),
    }


def _name(field: str) -> str:
    predictor = next(
        p for p in RONG_2025.predictors if p.provenance and p.provenance.date_field == field
    )
    return str(provenance_words(predictor).date_name)


def _far_from_entry(days: int) -> str:
    if days > 0:
        return ngettext(
            "It lies %(days)s day after the day it was entered.",
            "It lies %(days)s days after the day it was entered.",
            days,
        ) % {"days": days}
    return ngettext(
        "It lies %(days)s day before the day it was entered.",
        "It lies %(days)s days before the day it was entered.",
        -days,
    ) % {"days": -days}


def _from_operation(days: int) -> str:
    if days == 0:
        return _("It is the day of the operation.")
    if days < 0:
        return ngettext(
            "It lies %(days)s day before the operation.",
            "It lies %(days)s days before the operation.",
            -days,
        ) % {"days": -days}
    return ngettext(
        "It lies %(days)s day after the operation.",
        "It lies %(days)s days after the operation.",
        days,
    ) % {"days": days}
