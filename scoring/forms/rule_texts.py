"""What is said of an entry that is refused; ``entered`` is what was typed into the field."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from scoring.entry.days import DayParts, DayUnreadError, Unread
from scoring.entry.rules import BrokenRule, Rule
from scoring.words.dates import day_text

RULE_TEXTS = {
    Rule.OPERATION_DAY: _("you entered %(entered)s; allowed is %(earliest)s to a year from today."),
    Rule.DONE_BUT_AHEAD: _(
        "you entered %(entered)s, which is in the future, but the operation is marked done."
    ),
    Rule.DONE_BUT_LATER: _(
        "you entered %(entered)s, which is later today, but the operation is marked done."
    ),
    Rule.DAY_OF_NO_TRAUMA: _(
        "you entered %(entered)s, but the answer is “No”. Clear the date, or answer “Yes”."
    ),
    Rule.PLANNED_BUT_PAST: _(
        "you entered %(entered)s, which is in the past, but the operation is marked planned."
    ),
    Rule.AGE_AT_OPERATION: _(
        "the patient is %(age)s\u00a0years old on the day of the operation; allowed is %(allowed)s."
    ),
    Rule.SOURCE_DAY: _("you entered %(entered)s; allowed is %(earliest)s to today."),
    Rule.SOURCE_AFTER_OPERATION: _(
        "you entered %(entered)s, which is after the operation. The model needs a value "
        "from before it."
    ),
    Rule.KNOWN_BEFORE_OPERATION: _(
        "the operation is marked planned, but the height is known only 24\u00a0h after it. "
        "Choose “Not known yet”, or mark the operation done."
    ),
    Rule.SOURCE_OF_UNKNOWN: _("you entered %(entered)s, but the height is “Not known yet”."),
    Rule.SOURCE_BEFORE_OPERATION: _(
        "you entered %(entered)s; allowed is from the day of the operation to today."
    ),
    Rule.BIRTH_DAY: _("you entered %(entered)s; allowed is %(earliest)s to today."),
    Rule.VAS_DAY: _("you entered %(entered)s; allowed is after the operation and up to today."),
    Rule.VAS_BESIDE_REASON: _(
        "you entered a VAS or its date too: clear VAS and date, or clear this reason."
    ),
    Rule.NO_NEW_FRACTURE: _(
        "you answered that there is no new vertebral fracture; correct the answer or the reason."
    ),
    Rule.VAS_OPEN: _("nothing entered; enter 0 to 10, or choose why there is no VAS."),
    Rule.VAS_DAY_OPEN: _("nothing entered; enter a date such as 14-Mar-2026."),
    Rule.DAY_3_VAS_LATE: _(
        "you entered %(entered)s; allowed is before the VAS of day 30, %(other)s."
    ),
    Rule.DAY_30_VAS_EARLY: _(
        "you entered %(entered)s; allowed is after the VAS of day 3, %(other)s."
    ),
}


def rule_text(broken: BrokenRule, entered: str, **more: str) -> str:
    """The message beside the field."""
    values = {
        name: day_text(value) if isinstance(value, date) else value
        for name, value in broken.values.items()
    }
    return RULE_TEXTS[broken.rule] % {"entered": entered, **values, **more}


def unread_text(entered: str, error: DayUnreadError) -> str:
    """What is said of a text that is not taken for a date."""
    first, *others = [_without_year(parts) for parts in error.readings] or [""]
    if error.why is Unread.TWO_WAYS:
        return gettext(
            "you entered “%(entered)s”, which could be %(first)s or %(second)s; enter a date such "
            "as 14-Mar-2026."
        ) % {"entered": entered, "first": first, "second": others[0]}
    if error.why is Unread.NO_SUCH_DAY:
        parts = error.readings[0]
        # 29 February is the only day that some years have.
        no_day = (
            gettext("you entered “%(entered)s”; there is no %(day)s in %(year)s.")
            if (parts.month, parts.day) == (2, 29)
            else gettext("you entered “%(entered)s”; there is no %(day)s.")
        )
        return no_day % {"entered": entered, "day": first, "year": parts.year}
    return gettext("you entered “%(entered)s”; enter a date such as 14-Mar-2026 or 2026-03-14.") % {
        "entered": entered
    }


def _without_year(parts: DayParts) -> str:
    # Of any year: the day may be none of the month.
    in_the_month = date(2000, parts.month, 1)
    month = date_format(in_the_month, pgettext("format of a month beside its day", "F"))
    return gettext("%(day)s %(month)s") % {"day": parts.day, "month": month}
