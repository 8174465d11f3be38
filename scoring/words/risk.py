"""A risk in words."""

from django.utils.translation import gettext as _

from scoring.display import number_text, percent_text, rounded
from scoring.nomogram.model import Scenario


def one_decimal_percent(share: float) -> str:
    """A cut-off or another share (0 to 1) in per cent, without the sign: "18.4"."""
    return f"{rounded(share * 100, 1)}"


def cutoff_text(scenario: Scenario) -> str:
    """Where a risk stands to the study's ROC cut-off (section 3.6)."""
    cutoff = number_text(round(scenario.cutoff * 100, 1))
    if scenario.at_or_above_cutoff:
        return _("At or above %(cutoff)s\u00a0%%") % {"cutoff": cutoff}
    return _("Below %(cutoff)s\u00a0%%") % {"cutoff": cutoff}


def of_hundred_text(risk: float) -> str:
    """A risk as a natural frequency with the one denominator 100."""
    if risk < 0.01:
        return _("Fewer than 1 of 100 similar patients")
    if risk > 0.99:
        return _("More than 99 of 100 similar patients")
    return _("About %(count)s of 100 similar patients") % {
        "count": percent_text(risk).removesuffix(" %")
    }
