"""What each statistic needs for a narrow interval, what there is, about when it is enough."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scoring.display import count_text
from scoring.evaluation.sample_size import Precision
from scoring.evaluation.statistic_text import number
from scoring.evaluation.wording import statistic_name
from scoring.report.table import Table
from scoring.words.dates import month_text
from scoring.words.marks import listed

# Widths are told with as many decimals as tell a target from a miss.
_DECIMALS = 2


def _name(one: Precision) -> str:
    if one.need.statistic == "net_benefit":
        return _("Standardized net benefit at the cut-off")
    name = statistic_name(one.need.statistic)
    return name[0].upper() + name[1:]


def _reached(one: Precision) -> str:
    if one.reached:
        return _("yes")
    if one.enough_on is None:
        return pgettext("sample size", "not yet")
    return _("not yet; about %(month)s") % {"month": month_text(one.enough_on)}


def precision_table(found: Sequence[Precision]) -> Table:
    """One row for each statistic."""
    size = _("%(n)s (%(events)s)")
    return Table(
        _("Sample size"),
        [
            _("Statistic"),
            _("Needs (with residual back pain)"),
            _("Has (with residual back pain)"),
            _("Enough"),
            _("Width of the 95\u00a0% CI"),
            _("Target width"),
        ],
        [
            [
                _name(one),
                size % {"n": count_text(one.need.n), "events": count_text(one.need.events)},
                size % {"n": count_text(one.n), "events": count_text(one.events)},
                _reached(one),
                "–" if one.width is None else number(one.width, _DECIMALS),
                number(one.need.width, _DECIMALS),
            ]
            for one in found
        ],
    )


def too_few_for(found: Sequence[Precision]) -> str:
    """The statistics that need more, "" if none does."""
    return listed(_name(one) for one in found if not one.reached)
