"""A risk in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.display import number_text, percent_number, rounded
from scoring.nomogram.model import Scenario
from scoring.words.types import Words

# By the code of a scenario.
SCENARIO_HEADINGS: dict[str, Words] = {
    "final": gettext_lazy("This patient"),
    "if_restored": gettext_lazy("If the height is restored"),
    "if_not_restored": gettext_lazy("If the height is not restored"),
}


def one_decimal_percent(share: float) -> str:
    """A cut-off or another share (0 to 1) in per cent, without the sign: "18.4"."""
    return f"{rounded(share * 100, 1)}"


def cutoff_text(scenario: Scenario) -> str:
    """Where a risk stands to the study's ROC cut-off (section 3.6)."""
    cutoff = number_text(round(scenario.cutoff * 100, 1))
    if scenario.straddles_cutoff:
        return _("At the cut-off %(cutoff)s\u00a0%%: the side depends on the reconstruction") % {
            "cutoff": cutoff
        }
    if scenario.at_or_above_cutoff:
        return _("At or above %(cutoff)s\u00a0%%") % {"cutoff": cutoff}
    return _("Below %(cutoff)s\u00a0%%") % {"cutoff": cutoff}


def count_of_hundred_text(count: int) -> str:
    """So many of 100; both ends are open."""
    return {0: _("fewer than 1"), 100: _("more than 99")}.get(count, str(count))


def of_hundred_text(risk: float, *, outside: bool = False) -> str:
    """A risk as a natural frequency with the one denominator 100.

    ``outside``: the patient is outside the study population, so no patient was similar.
    """
    if outside:
        return _of_hundred_by_the_model(risk)
    if risk < 0.01:
        return _("Fewer than 1 of 100 similar patients")
    if risk > 0.99:
        return _("More than 99 of 100 similar patients")
    return _("About %(count)s of 100 similar patients") % {"count": percent_number(risk)}


def _of_hundred_by_the_model(risk: float) -> str:
    if risk < 0.01:
        return _("By the model, fewer than 1 of 100 patients")
    if risk > 0.99:
        return _("By the model, more than 99 of 100 patients")
    return _("By the model, about %(count)s of 100 patients") % {"count": percent_number(risk)}


def axis_formula(p50: str, k: str) -> str:
    """The step from points to risk as a formula."""
    return _("risk = 1 / (1 + exp(−(points − %(p50)s) / %(k)s))") % {"p50": p50, "k": k}
