"""Plausible days in words: the table, what is asked, and the caution once it is confirmed."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoring.entry import windows
from scoring.entry.windows import Doubt, DoubtfulDay, Window
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.dates import day_text
from scoring.words.marks import sentences, spaced
from scoring.words.predictors import provenance_words
from scoring.words.types import Words


class WindowRow(NamedTuple):
    """One line of the table: which date, its window, why, and where that comes from."""

    name: str
    window: str
    why: Words
    source: Words


_REASONING = gettext_lazy("reasoning")
_BLOOD = gettext_lazy("preoperative value; blood counts and electrolytes change within weeks")
_WHY: dict[str, tuple[Words, Words]] = {
    "operation_date": (
        gettext_lazy("assessments are made around the operation; a wrong year is far outside"),
        _REASONING,
    ),
    "dxa_date": (
        gettext_lazy("bone density changes by a few per cent a year"),
        _REASONING,
    ),
    "trauma_history_date": (
        gettext_lazy("the fall that caused a fracture that is treated now"),
        _REASONING,
    ),
    "mri_date": (
        gettext_lazy("edema after a fracture fades within months; not before the trauma"),
        _REASONING,
    ),
    "pdw_date": (_BLOOD, gettext_lazy("paper, section 2.3: preoperative; days: reasoning")),
    "chloride_date": (_BLOOD, gettext_lazy("paper, section 2.3: preoperative; days: reasoning")),
    "radiograph_date": (
        gettext_lazy("24 h after the operation; discharge on day 2 to 3"),
        gettext_lazy("paper, section 2.2"),
    ),
    "vas_3": (
        gettext_lazy("pain at 3 days"),
        gettext_lazy("paper, section 2.1: 3 days; days: reasoning"),
    ),
    "vas_30": (
        gettext_lazy("pain at 1 month"),
        gettext_lazy("paper, section 2.1: 1 month; days: reasoning"),
    ),
}


def window_rows() -> list[WindowRow]:
    """Every window with its reason, as docs/model.md shows them."""
    low, high = windows.OPERATION
    around = _("%(before)s days before to %(after)s days after the entry") % {
        "before": -low,
        "after": high,
    }
    rows = [WindowRow(_("Operation"), around, *_WHY["operation_date"])]
    for field, window in windows.SOURCES.items():
        rows.append(WindowRow(_name(field), window_text(window), *_WHY[field]))
    for day, window in windows.VAS.items():
        name = _("VAS of day %(day)s") % {"day": day}
        rows.append(WindowRow(name, window_text(window), *_WHY[f"vas_{day}"]))
    return rows


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
