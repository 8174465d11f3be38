"""The three plots, each with the tables of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring import charts
from scoring.display import count_text, no_break_spaces, per_cent_range
from scoring.evaluation.statistic_text import (
    number,
    percent,
    percent_range,
    share_text,
    value_text,
    with_interval,
)
from scoring.evaluation.wording import reason_text
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.table import Table
from scoring.statistics import Proportion, Validation
from scoring.statistics.calibration_curve import CalibrationCurve
from scoring.statistics.decision_curve import DecisionCurve
from scoring.statistics.discrimination import OperatingPoint
from scoring.statistics.predictions import FloatArray
from scoring.words.risk import one_decimal_percent

# Of the curves' hundred places the tables print these.
_CURVE_STEP = 10
_TABULATED_THRESHOLDS = tuple(round(0.05 * i, 2) for i in range(1, 17))


@dataclass(frozen=True)
class Plot:
    """A drawing and the numbers in it; ``reason`` is there instead of a drawing or a curve."""

    code: str
    title: str
    svg: SafeString | None
    tables: Sequence[Table]
    reason: str = ""


def plots_of(found: Validation, *, fonts: str = "") -> list[Plot]:
    """ROC, calibration, decision curve."""
    return [_roc(found, fonts), calibration_plot(found, fonts), decision_plot(found, fonts)]


def why_not(found: Validation, name: str) -> str:
    """Why a field of a Validation is missing, "" if it is not."""
    code = found.not_estimable.get(name)
    return reason_text(code) if code else ""


def _roc(found: Validation, fonts: str) -> Plot:
    marks = []
    if found.at_cutoff is not None:
        marks.append(
            charts.RocMark(
                "own",
                found.at_cutoff.sensitivity.value,
                found.at_cutoff.specificity.value,
                _("local, at the cut-off %(cutoff)s\u00a0%%")
                % {"cutoff": one_decimal_percent(RONG_2025.cutoff)},
            )
        )
    for kind, name, known in (
        (
            "training",
            _("published, training: AUC %(auc)s, at %(cutoff)s\u00a0%%"),
            EVIDENCE.training,
        ),
        (
            "validation",
            _("published, validation: AUC %(auc)s, at %(cutoff)s\u00a0%%"),
            EVIDENCE.validation,
        ),
    ):
        words = {"auc": number(known.auc), "cutoff": one_decimal_percent(known.cutoff)}
        marks.append(charts.RocMark(kind, known.sensitivity, known.specificity, name % words))
    svg = charts.roc_svg(
        found.roc,
        marks,
        name=_("local: AUC %(auc)s") % {"auc": value_text(found.auc, found.auc_ci95)},
        uid="roc",
        fonts=fonts,
    )
    return Plot("roc", _("Discrimination"), svg, [_cutoffs(found)], why_not(found, "auc"))


def _cutoffs(found: Validation) -> Table:
    def row(label: str, point: OperatingPoint | None) -> list[str]:
        if point is None:
            return [label, *[_("not estimable")] * 4]
        shares: list[Proportion | None] = [
            point.sensitivity,
            point.specificity,
            point.ppv,
            point.npv,
        ]
        return [label, *(share_text(share) if share else "–" for share in shares)]

    best = found.youden
    return Table(
        _("Cut-offs"),
        [_("Cut-off"), _("Sensitivity"), _("Specificity"), _("PPV"), _("NPV")],
        [
            row(
                _("Local, %(cutoff)s\u00a0%%") % {"cutoff": one_decimal_percent(RONG_2025.cutoff)},
                found.at_cutoff,
            ),
            row(
                _("Local best, %(percent)s") % {"percent": percent(best.threshold)}
                if best
                else _("Local best"),
                best,
            ),
            *(
                [
                    label % {"cutoff": one_decimal_percent(known.cutoff)},
                    percent(known.sensitivity),
                    percent(known.specificity),
                    "–",
                    "–",
                ]
                for label, known in (
                    (_("Published training, %(cutoff)s\u00a0%%"), EVIDENCE.training),
                    (_("Published validation, %(cutoff)s\u00a0%%"), EVIDENCE.validation),
                )
            ),
        ],
    )


def calibration_plot(found: Validation, fonts: str) -> Plot:
    """Groups, smoothed curve, histogram of the risks."""
    svg = charts.calibration_svg(
        found.risk_groups,
        found.calibration_curve,
        found.risk_histogram,
        uid="calibration",
        fonts=fonts,
    )
    tables = [groups_table(found)]
    if found.calibration_curve is not None:
        tables.append(_curve(found.calibration_curve))
    tables.append(_spread(found))
    return Plot("calibration", _("Calibration"), svg, tables, why_not(found, "calibration_curve"))


def groups_table(found: Validation) -> Table:
    """The groups of the Hosmer–Lemeshow test and of the calibration plot."""
    return Table(
        _("Groups by predicted risk"),
        [_("Risk"), _("n"), _("Events"), _("Predicted"), _("Observed")],
        [
            [
                percent_range(group.low, group.high),
                str(group.n),
                str(group.observed.successes),
                percent(group.mean_risk),
                share_text(group.observed),
            ]
            for group in found.risk_groups
        ],
    )


def _curve(curve: CalibrationCurve) -> Table:
    places = range(0, len(curve.risk), _CURVE_STEP)
    return Table(
        _("Smoothed curve"),
        [_("Predicted"), _("Observed"), _("95\u00a0% band")],
        [
            [
                percent(curve.risk[i]),
                percent(curve.observed[i]),
                percent_range(curve.low[i], curve.high[i]),
            ]
            for i in places
        ],
    )


def _spread(found: Validation) -> Table:
    spread, count = found.risk_histogram, len(found.risk_histogram.events)
    return Table(
        _("Numbers by predicted risk"),
        [_("Risk"), _("With residual back pain"), _("Without")],
        [
            [
                no_break_spaces(per_cent_range(f"{100 * i // count}", f"{100 * (i + 1) // count}")),
                count_text(events),
                count_text(others),
            ]
            for i, (events, others) in enumerate(zip(spread.events, spread.non_events, strict=True))
            if events + others
        ],
    )


def decision_plot(
    found: Validation, fonts: str, *, cutoff: float | None = RONG_2025.cutoff
) -> Plot:
    """Net benefit, with a line at ``cutoff`` if there is one."""
    curve, title = found.decision_curve, _("Decision curve")
    if curve is None:
        return Plot("decision", title, None, [], why_not(found, "decision_curve"))
    svg = charts.decision_curve_svg(
        curve, found.net_benefit_intervals or (), cutoff=cutoff, uid="decision", fonts=fonts
    )
    return Plot("decision", title, svg, [_benefit(curve, cutoff)])


def _benefit(curve: DecisionCurve, cutoff: float | None) -> Table:
    """At a few thresholds and the cut-off: what the model adds, per 100 patients."""
    rows = []
    for i, threshold in enumerate(curve.threshold.tolist()):
        if threshold not in (*_TABULATED_THRESHOLDS, cutoff):
            continue
        name = percent(threshold)
        rows.append(
            [
                _("%(threshold)s, cut-off") % {"threshold": name} if threshold == cutoff else name,
                _per_100(curve.over_all, curve.over_all_low, curve.over_all_high, i),
                _per_100(curve.model, curve.low, curve.high, i),
            ]
        )
    return Table(
        _("Net benefit per 100 patients (95\u00a0% interval)"),
        [_("Threshold"), _("Model − treat all"), _("Model − treat none")],
        rows,
    )


def _per_100(
    benefit: FloatArray, low: FloatArray | None, high: FloatArray | None, place: int
) -> str:
    value = 100 * benefit[place]
    if low is None or high is None:
        return number(value, 1)
    return with_interval(value, (100 * low[place], 100 * high[place]), 1)
