"""The tables of a model made from a cohort: the same on a terminal, as HTML and as PDF."""

from django.utils.translation import gettext as _

from scoring.display import number_text, points_text
from scoring.evaluation.statistic_text import (
    intervals_text,
    number,
    p_text,
    percent,
    value_text,
    with_interval,
)
from scoring.evaluation.wording import reason_text
from scoring.nomogram.predictor import Measured
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.table import Table
from scoring.statistics import Interval, Validation
from scoring.statistics.development import Development, GroupMeanSd, GroupTest, Univariate
from scoring.statistics.development.axes import PointsAxis
from scoring.statistics.development.univariate import Summary
from scoring.words.values import name_with_unit


def predictor_name(name: str) -> str:
    """A predictor, or the constant, in words."""
    return _("Constant") if name == "intercept" else name_with_unit(RONG_2025.by_key[name])


def _summary(summary: Summary) -> str:
    if isinstance(summary, GroupMeanSd):
        return f"{number(summary.mean, 2)} ± {number(summary.sd, 2)}"
    return f"{summary.yes} ({percent(summary.yes / summary.n)})"


def _statistic(test: GroupTest) -> str:
    symbol = {"student_t": "t", "rank_sum": "z", "chi_square": "χ²"}[test.name]
    return f"{symbol} {number(test.statistic)}"


def _univariate(row: Univariate) -> list[str]:
    test = row.test
    return [
        predictor_name(row.variable.name),
        _summary(row.everybody),
        _summary(row.without_event),
        _summary(row.with_event),
        _statistic(test) if test else reason_text(row.not_estimable or ""),
        p_text(test.p) if test else "",
    ]


def univariate_table(made: Development) -> Table:
    """Tables 1 to 3 of the paper, for these predictors."""
    return Table(
        _("Univariate analysis (as Tables 1 to 3)"),
        [_("Factor"), _("All"), _("Pain-free"), _("Pain"), _("Test"), "p"],
        [_univariate(row) for row in made.univariate],
    )


def regression_table(made: Development) -> Table:
    """Table 4 of the paper, with its own odds ratios beside."""
    rows = []
    for row in made.coefficients:
        published = EVIDENCE.effects.get(row.name)
        rows.append(
            [
                predictor_name(row.name),
                number(row.beta, 4),
                number(row.se, 4),
                number(row.odds_ratio)
                if row.name == "intercept"
                else with_interval(row.odds_ratio, row.odds_ratio_ci95),
                p_text(row.p),
                ""
                if published is None
                else with_interval(
                    published.odds_ratio, (published.odds_ratio_low, published.odds_ratio_high)
                ),
            ]
        )
    return Table(
        _("Multivariate logistic regression (as Table 4)"),
        [
            _("Factor"),
            _("Coefficient"),
            "SE",
            _("Odds ratio (95\u00a0% interval)"),
            "p",
            _("Published, 15 factors"),
        ],
        rows,
    )


def roc_table(made: Development, judged: Validation) -> Table:
    """Table 6 of the paper, with the specificity itself instead of 1 - specificity."""
    rows = [
        [
            predictor_name(row.name),
            with_interval(row.auc.value, row.auc.ci95),
            p_text(row.p),
            percent(row.sensitivity.value),
            percent(row.specificity.value),
            number(EVIDENCE.areas[row.name].auc),
        ]
        for row in made.single_rocs
    ]
    rows += [
        [predictor_name(name), reason_text(code), "", "", "", ""]
        for name, code in made.single_rocs_not_estimable.items()
    ]
    best = judged.youden
    rows.append(
        [
            _("All together"),
            value_text(judged.auc, judged.auc_ci95),
            p_text(made.combined.p) if made.combined else "",
            percent(best.sensitivity.value) if best else "",
            percent(best.specificity.value) if best else "",
            number(EVIDENCE.training.auc),
        ]
    )
    return Table(
        _("Discrimination of each factor and of the model (as Table 6)"),
        [
            _("Factor"),
            _("AUC (95\u00a0% interval)"),
            "p",
            _("Sensitivity"),
            _("Specificity"),
            _("Published AUC"),
        ],
        rows,
    )


def _rule(per_unit: float, zero_at: float) -> str:
    """Points of a continuous predictor, as Table 7 writes them."""
    zero = number_text(zero_at)
    inside = f"x − {zero}" if per_unit > 0.0 else f"{zero} − x"
    return f"{points_text(abs(per_unit))} × ({inside})"


def _answers(yes: float, no: float) -> str:
    return _("yes %(yes)s, no %(no)s") % {"yes": points_text(yes), "no": points_text(no)}


def _published_rule(key: str) -> str:
    predictor = RONG_2025.by_key[key]
    if isinstance(predictor, Measured):
        return _rule(predictor.points_per_unit, predictor.zero_at)
    return _answers(predictor.points(1.0), predictor.points(0.0))


def _axis(axis: PointsAxis) -> list[str]:
    own = (
        _answers(axis.points(1.0), axis.points(0.0))
        if axis.variable.binary
        else _rule(axis.points_per_unit, axis.zero_at)
    )
    name = axis.variable.name
    return [predictor_name(name), own, _published_rule(name)]


def points_table(made: Development) -> Table:
    """Table 7 of the paper, with its own points beside."""
    rows = [_axis(axis) for axis in made.nomogram.axes]
    for label, own, published in (
        (
            _("Points per unit of logit"),
            made.nomogram.line.k_points_per_logit,
            RONG_2025.line.k_points_per_logit,
        ),
        (
            _("Points at a risk of 50\u00a0%"),
            made.nomogram.line.p50_points,
            RONG_2025.line.p50_points,
        ),
    ):
        rows.append([label, points_text(own), points_text(published)])
    return Table(
        _("Nomogram (as Table 7; the widest axis has 100 points)"),
        [_("Factor"), _("Points"), _("Published")],
        rows,
    )


def risk_table(made: Development) -> Table:
    """Total points to risk."""
    places = sorted({*made.nomogram.total_to_risk(), *made.nomogram.risk_to_total()})
    return Table(
        _("Total points to risk"),
        [_("Total points"), _("Risk")],
        [[number(total, 1), percent(risk)] for total, risk in places],
    )


def _distances(judged: Validation) -> list[list[str]]:
    """ICI, E50 and E90: how far the smoothed curve runs from the predicted risks."""
    curve = judged.calibration_curve
    return [
        [label, number(getattr(curve, name)) if curve else _("not estimable"), ""]
        for label, name in ((_("ICI"), "ici"), (_("E50"), "e50"), (_("E90"), "e90"))
    ]


def fit_table(made: Development, judged: Validation) -> Table:
    """How well the model fits its own patients, and what is left of it for others."""
    test, best, optimism = judged.hosmer_lemeshow, judged.youden, made.optimism
    none, chi2 = _("not estimable"), _("χ² %(chi2)s, df %(df)s, p %(p)s")
    rows = [
        [_("Log-likelihood"), number(made.fit.log_likelihood), ""],
        [
            _("AUC"),
            value_text(judged.auc, judged.auc_ci95),
            with_interval(EVIDENCE.training.auc, EVIDENCE.training_auc_ci95),
        ],
        [
            _("Best cut-off (Youden)"),
            percent(best.threshold) if best else none,
            percent(RONG_2025.cutoff),
        ],
        [_("Brier score"), number(judged.brier), ""],
        [
            _("Scaled Brier score"),
            none if judged.scaled_brier is None else number(judged.scaled_brier),
            "",
        ],
        *_distances(judged),
        [
            _("Hosmer–Lemeshow, groups − 2 df"),
            chi2 % {"chi2": number(test.chi2), "df": test.df, "p": p_text(test.p)}
            if test
            else none,
            chi2
            % {
                "chi2": number(EVIDENCE.training.hosmer_lemeshow_chi2),
                "df": EVIDENCE.hosmer_lemeshow_df,
                "p": number(EVIDENCE.training.hosmer_lemeshow_p),
            },
        ],
        [
            _("Thresholds with net benefit"),
            none
            if judged.net_benefit_intervals is None
            else intervals_text(judged.net_benefit_intervals),
            intervals_text([Interval(*span) for span in EVIDENCE.training.net_benefit_thresholds]),
        ],
    ]
    if optimism:
        rows += [
            [_("Bootstrap resamples"), f"{optimism.n} ({optimism.failed})", "1000"],
            [
                _("AUC corrected for optimism"),
                number(optimism.auc_corrected),
                number(EVIDENCE.training_bootstrap_auc),
            ],
            [_("Brier score corrected for optimism"), number(optimism.brier_corrected), ""],
            [_("Shrinkage slope"), number(optimism.slope), ""],
        ]
    return Table(_("Fit and internal validation"), ["", _("This model"), _("Published")], rows)


def tables(made: Development, judged: Validation) -> list[Table]:
    """All tables of the report, in the order of the paper."""
    return [
        univariate_table(made),
        regression_table(made),
        roc_table(made, judged),
        fit_table(made, judged),
        points_table(made),
        risk_table(made),
    ]
