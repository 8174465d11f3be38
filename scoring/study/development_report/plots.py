"""The plots of a model on the patients it was made from, each with the table of its numbers."""

from django.utils.translation import gettext as _

from scoring import charts
from scoring.evaluation.statistic_text import number, percent, value_text
from scoring.nomogram.rong2025.model import EVIDENCE
from scoring.report.validation.plots import (
    Plot,
    calibration_plot,
    decision_plot,
    why_not,
)
from scoring.statistics import Validation
from scoring.words.risk import one_decimal_percent


def development_plots(judged: Validation) -> list[Plot]:
    """ROC, calibration, decision curve, for paper; the cut-off is the model's own best."""
    cutoff = judged.youden.threshold if judged.youden else None
    return [
        _roc(judged),
        calibration_plot(judged, charts.PRINT_FONTS),
        decision_plot(judged, charts.PRINT_FONTS, cutoff=cutoff),
    ]


def _roc(judged: Validation) -> Plot:
    marks = []
    best, known = judged.youden, EVIDENCE.training
    if best is not None:
        name = _("this model at its best cut-off, %(percent)s") % {
            "percent": percent(best.threshold)
        }
        marks.append(charts.RocMark("own", best.sensitivity.value, best.specificity.value, name))
    published = _("published, training: AUC %(auc)s, at %(cutoff)s %%") % {
        "auc": number(known.auc),
        "cutoff": one_decimal_percent(known.cutoff),
    }
    marks.append(charts.RocMark("training", known.sensitivity, known.specificity, published))
    svg = charts.roc_svg(
        judged.roc,
        marks,
        name=_("this model: AUC %(auc)s") % {"auc": value_text(judged.auc, judged.auc_ci95)},
        uid="roc",
        fonts=charts.PRINT_FONTS,
    )
    return Plot("roc", _("Discrimination"), svg, [], why_not(judged, "auc"))
