"""The numbers of an analysis as people read them."""

from django.utils.translation import gettext as _

from scoring.display import MINUS, rounded
from scoring.statistics import Estimate, Interval


def number(value: float, decimals: int = 3) -> str:
    """A number with a real minus sign; nothing is minus zero."""
    return f"{rounded(value, decimals) + 0}".replace("-", MINUS)


def percent(share: float) -> str:
    """A share in per cent, with one decimal."""
    return f"{number(100 * share, 1)} %"


def with_interval(value: float, ci95: tuple[float, float]) -> str:
    """A number with its 95 % interval, three decimals each."""
    low, high = ci95
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": number(value),
        "low": number(low),
        "high": number(high),
    }


def estimate_text(estimate: Estimate | None) -> str:
    """An estimate with its interval, or that there is none."""
    if estimate is None:
        return _("not estimable")
    return with_interval(estimate.value, estimate.ci95)


def auc_text(auc: float | None, ci95: Interval | None) -> str:
    """An AUC, with its interval where there is one."""
    if auc is None:
        return _("not estimable")
    return number(auc) if ci95 is None else with_interval(auc, ci95)


def p_text(p: float) -> str:
    """A p-value."""
    return "< 0.001" if p < 0.001 else number(p)
