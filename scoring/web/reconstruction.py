"""The evidence page's account of the reconstruction: its picture and its figures."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts import PrintedMark, lines_svg
from scoring.display import no_break_spaces, per_cent, per_cent_range, range_text, rounded
from scoring.nomogram.line_uncertainty import LineCovariance
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstructed, simulated
from scoring.nomogram.rong2025.model import RONG_2025

_LINES_DRAWN = 24


def percent(fraction: float, decimals: int = 1) -> str:
    """A share or a risk (0 to 1) in per cent."""
    return no_break_spaces(per_cent(f"{rounded(fraction * 100, decimals)}"))


def reconstruction() -> dict[str, object]:
    """What the page says in numbers; its sentences stand in the template."""
    covered = [row.version_2 for row in simulated.COVERAGE]
    (benefit,) = paper.TRAINING.net_benefit_thresholds
    return {
        "lines_svg": _lines(),
        "studies": f"{simulated.SIMULATED_STUDIES:,}",
        "coverage": no_break_spaces(
            per_cent_range(*(f"{rounded(e * 100, 1)}" for e in (min(covered), max(covered))))
        ),
        "condition_steps": _condition_steps(),
        "domains": {one.key: one.domain for one in RONG_2025.numeric.values()},
        "lowest": percent(simulated.LOWEST_RISK),
        "highest": percent(simulated.HIGHEST_RISK, 0),
        "benefit_low": percent(benefit.low),
        "benefit_high": percent(benefit.high),
        "begins_later": percent(simulated.NET_BENEFIT_BEGINS_LATER, 0),
        "ends_earlier": percent(simulated.NET_BENEFIT_ENDS_EARLIER, 0),
        "validation_cutoff": percent(paper.VALIDATION.cutoff),
        "cutoff_as_high": percent(simulated.VALIDATION_CUTOFF_AS_HIGH, 0),
        "bootstrap_auc": f"{paper.TRAINING_BOOTSTRAP_AUC:.3f}",
        "optimism": f"{simulated.AUC_OPTIMISM:.3f}",
        "expected_auc": f"{simulated.EXPECTED_AUC:.3f}",
        "expected_slope": f"{simulated.EXPECTED_SLOPE:.2f}",
    }


def _lines() -> SafeString:
    (intercept, shared), (_same, slope) = reconstructed.LINE_COVARIANCE
    around = LineCovariance(intercept, shared, slope).lines_around(RONG_2025.line, _LINES_DRAWN)
    example = PrintedMark(
        paper.WORKED_EXAMPLE_TOTAL_POINTS,
        paper.WORKED_EXAMPLE_RISK,
        _("printed: %(points).2f points “close to 80\u00a0%%”")
        % {"points": paper.WORKED_EXAMPLE_TOTAL_POINTS},
    )
    return lines_svg(RONG_2025.line, around, example, uid="lines")


def _condition_steps() -> list[tuple[str, str, str]]:
    names = {
        "score": _("maximum-likelihood fit alone"),
        "auc": _("and AUC"),
        "cutoff": _("and sensitivity and specificity"),
        "worked_example": _("and worked example"),
        "slope": _("and Table 7 divided by Table 4: all"),
    }
    return [
        (
            names[step.condition],
            f"{step.p50_points:.1f} ({range_text(f'{step.p50_low:.1f}', f'{step.p50_high:.1f}')})",
            f"{step.k_points_per_logit:.1f} ({step.k_sd:.2f})",
        )
        for step in simulated.CONDITION_STEPS
    ]
