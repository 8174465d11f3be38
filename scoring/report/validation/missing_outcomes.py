"""Complete cases beside the same weighted for missing outcomes: a sensitivity analysis in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.display import count_text
from scoring.evaluation.local import LocalValidation
from scoring.evaluation.statistic_text import estimate_text, number, value_text
from scoring.evaluation.wording import reason_text
from scoring.report.table import Table
from scoring.statistics import Validation
from scoring.statistics.weighting import WeightedPerformance
from scoring.words.marks import labelled


@dataclass(frozen=True)
class MissingText:
    """Who is missing, and a table or (``reason``) why there is none; ``weights`` describes them."""

    who: str
    table: Table | None = None
    weights: str = ""
    reason: str = ""


def missing_text(local: LocalValidation) -> MissingText:
    """What page and paper say of missing outcomes."""
    found, judged = local.missing_outcomes, local.validation
    who = ngettext(
        "The follow-up of %(all)s assessment is over. The outcome of %(known)s is known, of "
        "%(missing)s it is missing: lost to follow-up, not asked, or no VAS.",
        "The follow-up of %(all)s assessments is over. The outcome of %(known)s is known, of "
        "%(missing)s it is missing: lost to follow-up, not asked, or no VAS.",
        found.known + found.missing,
    ) % {
        "all": count_text(found.known + found.missing),
        "known": count_text(found.known),
        "missing": count_text(found.missing),
    }
    if judged is None or found.weighted is None or found.weights is None:
        return MissingText(who, reason=reason_text(found.reason))
    weights = _(
        "Weights from %(low)s to %(high)s, mean %(mean)s; they tell as much as %(n)s assessments "
        "of equal weight."
    ) % {
        "low": number(found.weights.low, 2),
        "high": number(found.weights.high, 2),
        "mean": number(found.weights.mean, 2),
        "n": count_text(round(found.weights.effective_n)),
    }
    return MissingText(who, _table(judged, found.weighted), weights)


def _table(judged: Validation, weighted: WeightedPerformance) -> Table:
    def told(name: str) -> str:
        text = estimate_text(getattr(weighted, name))
        code = weighted.not_estimable.get(name)
        return labelled(text, reason_text(code)) if code else text

    return Table(
        _("Sensitivity to missing outcomes"),
        [_("Measure (95\u00a0% CI)"), _("Complete cases"), _("Weighted for missing outcomes")],
        [
            [
                _("Observed / expected"),
                estimate_text(judged.observed_expected),
                told("observed_expected"),
            ],
            [_("AUC"), value_text(judged.auc, judged.auc_ci95), told("auc")],
            [
                _("Calibration-in-the-large"),
                estimate_text(judged.calibration_in_the_large),
                told("calibration_in_the_large"),
            ],
            [
                _("Calibration slope"),
                estimate_text(judged.calibration_slope),
                told("calibration_slope"),
            ],
        ],
    )
