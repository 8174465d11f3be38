"""A recalibration in words: which curve, from whom, what it gains."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.display import rounded
from scoring.evaluation.calibration_fits import from_dict as fits_from_dict
from scoring.evaluation.statistic_text import number
from scoring.models import Recalibration
from scoring.models.readback import stored_model
from scoring.models.recalibration import Decision, Method
from scoring.nomogram.eligibility import Population
from scoring.nomogram.model import Nomogram
from scoring.nomogram.recalibrated import RecalibratedCurve
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.recalibration_change import (
    FitPlot,
    change_table,
    direction_text,
    fit_plots,
    frequency_text,
)
from scoring.report.table import Table
from scoring.report.validation import Chosen
from scoring.statistics.recalibration import ALPHA, ORIGINAL
from scoring.words.marks import listed, spaced
from scoring.words.risk import axis_formula
from scoring.words.types import Words

METHOD_NAMES: dict[str, Words] = {
    ORIGINAL: gettext_lazy("nothing: the published curve fits"),
    Method.INTERCEPT: gettext_lazy("the intercept"),
    Method.INTERCEPT_AND_SLOPE: gettext_lazy("intercept and slope"),
}
STATE_NAMES: dict[str, Words] = {
    "": gettext_lazy("Needs approval by a second person"),
    Decision.APPROVED: gettext_lazy("Active"),
    Decision.REJECTED: gettext_lazy("Rejected"),
    Decision.RETIRED: gettext_lazy("Retired"),
}


def window_text(recalibration: Recalibration) -> str:
    """Which patients it was made from."""
    return Chosen(
        operated_from=recalibration.operated_from,
        operated_to=recalibration.operated_to,
        population=Population(recalibration.population) if recalibration.population else None,
        model=(recalibration.model_identifier, recalibration.model_version),
        synthetic=False,
    ).text


def line_text(p50_points: float, k_points_per_logit: float) -> str:
    """The line from points to risk as a formula."""
    p50, k = rounded(p50_points, 2), rounded(k_points_per_logit, 3)
    return axis_formula(f"{p50}", f"{k}")


def closed_test_text(evidence: dict[str, Any]) -> str:
    """The closed test: which step decided, with its likelihood ratios."""
    test = evidence["test"]
    both, slope = test["both_against_original"], test["both_against_intercept"]
    return _(
        "Closed test at %(alpha)s: intercept and slope against the published curve, likelihood "
        "ratio %(both)s with 2 df, P %(both_p)s; intercept and slope against the intercept alone, "
        "%(slope)s with 1 df, P %(slope_p)s."
    ) % {
        "alpha": ALPHA,
        "both": number(both["chi2"], 2),
        "both_p": _p_text(both["p"]),
        "slope": number(slope["chi2"], 2),
        "slope_p": _p_text(slope["p"]),
    }


def _p_text(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {number(p)}"


_MEASURES: dict[str, Words] = {
    "brier": gettext_lazy("Brier score"),
    "calibration_in_the_large": gettext_lazy("Calibration-in-the-large"),
    "calibration_intercept": gettext_lazy("Calibration intercept"),
    "calibration_slope": gettext_lazy("Calibration slope"),
}


def gains_table(evidence: dict[str, Any]) -> Table:
    """Before, after, and after corrected for optimism, one row a measure."""
    columns = [evidence["before"], evidence["after"]]
    headings = [str(_("Measure")), str(_("Published")), str(_("Recalibrated"))]
    if evidence["after_corrected"]:
        columns.append(evidence["after_corrected"])
        headings.append(
            _("Corrected for optimism (%(n)s resamples)") % {"n": evidence["after_corrected"]["n"]}
        )
    return Table(
        title=_("Before and after"),
        header=headings,
        rows=[
            [str(name), *(number(column[key]) for column in columns)]
            for key, name in _MEASURES.items()
        ],
    )


def coefficients_text(evidence: dict[str, Any]) -> str:
    """logit(risk) = intercept + slope x published logit, with their intervals."""
    parts = []
    for name, key in ((_("intercept"), "intercept"), (_("slope"), "slope")):
        ci95 = evidence[f"{key}_ci95"]
        text = spaced(name, number(evidence[key]))
        if ci95:
            low, high = (number(end) for end in ci95)
            text = _("%(estimate)s (95\u00a0%% CI %(low)s to %(high)s)") % {
                "estimate": text,
                "low": low,
                "high": high,
            }
        parts.append(text)
    return listed(parts)


def _earlier_model_text(made_from: Nomogram) -> str:
    if made_from.label == RONG_2025.label:
        return ""
    return _(
        "Made from risks of version %(version)s of the model. The adjusted line goes from points "
        "to risk, and version %(latest)s has the same points: for new results, too, it is the "
        "line that was proposed."
    ) % {"version": made_from.version, "latest": RONG_2025.version}


class RecalibrationEvidence:
    """What a recalibration was made from and what it gains; also of one only looked at."""

    def __init__(self, evidence: dict[str, Any], curve: RecalibratedCurve, cutoff: float) -> None:
        method = evidence["method"]
        self.keeps_published = method == ORIGINAL
        self.method_text = METHOD_NAMES[method]
        self.coefficients_text = coefficients_text(evidence)
        self.test_text = closed_test_text(evidence)
        self.gains = gains_table(evidence)
        self.line_text = line_text(evidence["p50"], evidence["k"])
        self.published_line_text = line_text(*curve.original)
        self.direction_text = direction_text(curve)
        self._curve, self._cutoff = curve, cutoff
        # A proposal of version 0.1 keeps no fits.
        self._fits = fits_from_dict(evidence["fits"]) if "fits" in evidence else None

    @property
    def change(self) -> Table:
        """Points to risk, before and after."""
        return change_table(self._curve, self._cutoff)

    @property
    def frequency_text(self) -> str:
        """Whether the outcome was more frequent than expected; empty where it was not kept."""
        return frequency_text(self._fits) if self._fits else ""

    @property
    def plots(self) -> list[FitPlot]:
        """The calibration plots before and after; none where they were not kept."""
        return fit_plots(self._fits) if self._fits else []


class AdjustedVersion(RecalibrationEvidence):
    """A stored recalibration with what was decided about it."""

    def __init__(self, recalibration: Recalibration) -> None:
        made_from = stored_model(recalibration.model_identifier, recalibration.model_version)
        super().__init__(recalibration.evidence, recalibration.curve, made_from.cutoff)
        self.recalibration = recalibration
        self.earlier_model_text = _earlier_model_text(made_from)
        self.window_text = window_text(recalibration)
        self.decisions = sorted(recalibration.decisions.all(), key=lambda one: one.pk)
        self.state = self.decisions[-1].decision if self.decisions else ""
        self.state_text = STATE_NAMES[self.state]

    @property
    def waits(self) -> bool:
        """Whether nothing was decided yet."""
        return self.state == ""

    @property
    def active(self) -> bool:
        """Whether new results carry its risk."""
        return self.state == Decision.APPROVED

    @property
    def is_decidable(self) -> bool:
        """Whether it can be approved, rejected or retired."""
        return self.waits or self.active

    @property
    def was_active(self) -> bool:
        """Whether there may be results with its risk."""
        return any(one.decision == Decision.APPROVED for one in self.decisions)
