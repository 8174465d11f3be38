"""The numbers of an analysis as people read them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from scoring.display import MINUS, per_cent, per_cent_range, rounded
from scoring.statistics import Estimate, Interval, Proportion
from scoring.words.marks import listed


def number(value: float, decimals: int = 3) -> str:
    """A number with a real minus sign; nothing is minus zero."""
    return f"{rounded(value, decimals) + 0}".replace("-", MINUS)


def percent(share: float) -> str:
    """A share in per cent, with one decimal."""
    return per_cent(number(100 * share, 1))


def percent_range(low: float, high: float) -> str:
    """Two shares in per cent, with one decimal, and all between them; one if both read alike."""
    ends = number(100 * low, 1), number(100 * high, 1)
    return per_cent(ends[0]) if ends[0] == ends[1] else per_cent_range(*ends)


def with_interval(value: float, ci95: tuple[float, float], decimals: int = 3) -> str:
    """A number with its 95 % interval."""
    low, high = ci95
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": number(value, decimals),
        "low": number(low, decimals),
        "high": number(high, decimals),
    }


def estimate_text(estimate: Estimate | None) -> str:
    """An estimate with its interval, or that there is none."""
    if estimate is None:
        return _("not estimable")
    return with_interval(estimate.value, estimate.ci95)


def value_text(value: float | None, ci95: tuple[float, float] | None) -> str:
    """A number such as an AUC, with its interval where there is one, or that there is none."""
    if value is None:
        return _("not estimable")
    return number(value) if ci95 is None else with_interval(value, ci95)


def p_text(p: float) -> str:
    """A p-value."""
    return _("< %(number)s") % {"number": "0.001"} if p < 0.001 else number(p)


def share_text(share: Proportion) -> str:
    """A proportion with its Wilson interval, in per cent."""
    low, high = share.ci95
    return _("%(share)s (%(low)s to %(high)s)") % {
        "share": percent(share.value),
        "low": number(100 * low, 1),
        "high": number(100 * high, 1),
    }


def intervals_text(intervals: Sequence[Interval]) -> str:
    """The widest three; noise cuts the ends into many."""
    widest = sorted(intervals, key=lambda one: one.low - one.high)[:3]
    texts = [percent_range(low, high) for low, high in sorted(widest)]
    left_out = len(intervals) - len(widest)
    if left_out:
        texts.append(_("and %(count)s narrower") % {"count": left_out})
    return listed(texts) or _("none")
