"""Several hospitals as one validation: tables of words and forest plots, as HTML and PDF."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring import charts
from scoring.display import no_break_spaces, per_cent_range
from scoring.evaluation.statistic_text import (
    estimate_text,
    number,
    p_text,
    percent,
    share_text,
    with_interval,
)
from scoring.evaluation.wording import reason_text
from scoring.report.table import Table
from scoring.statistics.pooling import METHOD, Pooled, PooledEstimate
from scoring.words.dates import moment_text

# Where a statistic says that the model holds, or is no better than chance.
_REFERENCE = {
    "auc": 0.5,
    "observed_expected": 1.0,
    "calibration_in_the_large": 0.0,
    "calibration_slope": 1.0,
}


@dataclass(frozen=True)
class Forest:
    """One pooled statistic: its drawing, its table, and which hospitals it lacks."""

    svg: SafeString
    table: Table
    left_out: list[str]


def statistic_names() -> dict[str, str]:
    """What is pooled by random effects."""
    return {
        "auc": _("AUC"),
        "observed_expected": _("Observed / expected"),
        "calibration_in_the_large": _("Calibration-in-the-large"),
        "calibration_slope": _("Calibration slope"),
    }


def exact_table(pooled: Pooled) -> Table:
    """What is as if all patients stood in one file, but for rounded sums."""
    low, high = pooled.auc_bounds
    return Table(
        _("All patients together"),
        [_("Statistic"), _("Value (95\u00a0% interval)")],
        [
            [_("Observed / expected"), estimate_text(pooled.observed_expected)],
            [_("Brier score"), number(pooled.brier)],
            [_("Scaled Brier score"), number(pooled.scaled_brier)],
            [
                _("AUC, between"),
                _("%(low)s and %(high)s") % {"low": number(low), "high": number(high)},
            ],
        ],
    )


def estimate_table(name: str, one: PooledEstimate) -> Table:
    """The hospitals, what they say together, and how much they differ."""
    rows = [
        [row.centre, with_interval(row.value, row.ci95), percent(row.weight)] for row in one.centres
    ]
    rows.append([_("Pooled"), with_interval(one.value, one.ci95), ""])
    if one.prediction:
        low, high = one.prediction
        text = _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}
        label = _("Expected in the next hospital (t, %(df)s df)")
        rows.append([label % {"df": len(one.centres) - 2}, text, ""])
    rows.append(
        [
            _("Between hospitals"),
            _("I² %(i2)s, tau² %(tau2)s, Q p %(p)s")
            % {
                "i2": percent(one.effects.i2),
                "tau2": number(one.effects.tau2, 4),
                "p": p_text(one.effects.q_p),
            },
            "",
        ]
    )
    return Table(
        _("%(statistic)s, random effects (%(method)s)")
        % {"statistic": statistic_names()[name], "method": METHOD},
        [_("Hospital"), _("Estimate (95\u00a0% interval)"), _("Weight")],
        rows,
    )


def left_out_lines(one: PooledEstimate) -> list[str]:
    """Hospitals without this estimate, and why."""
    return [
        _("Excluded: %(centre)s, because %(reason)s.")
        % {"centre": centre, "reason": reason_text(code)}
        for centre, code in one.left_out.items()
    ]


def not_pooled_lines(pooled: Pooled) -> Iterator[str]:
    """Statistics that could not be pooled, and why."""
    for name, code in pooled.not_estimable.items():
        yield _("Not pooled: %(name)s, because %(reason)s.") % {
            "name": statistic_names()[name],
            "reason": reason_text(code),
        }


def _forest(name: str, one: PooledEstimate) -> Forest:
    rows = [
        charts.ForestRow(
            "centre",
            row.centre,
            row.value,
            *row.ci95,
            with_interval(row.value, row.ci95),
            row.weight,
        )
        for row in one.centres
    ]
    pooled_text = with_interval(one.value, one.ci95)
    rows.append(charts.ForestRow("pooled", _("Pooled"), one.value, *one.ci95, pooled_text))
    if one.prediction:
        low, high = one.prediction
        text = _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}
        rows.append(charts.ForestRow("next", _("Next hospital"), one.value, low, high, text))
    svg = charts.forest_svg(
        rows,
        reference=_REFERENCE[name],
        title=statistic_names()[name],
        uid=name,
        fonts=charts.PRINT_FONTS,
    )
    return Forest(svg, estimate_table(name, one), left_out_lines(one))


def _groups_table(pooled: Pooled) -> Table:
    return Table(
        _("Predicted and observed, in the stretches of risk that all hospitals share"),
        [_("Risk"), _("n"), _("Predicted"), _("Observed")],
        [
            [
                no_break_spaces(
                    per_cent_range(number(100 * group.low, 0), number(100 * group.high, 0))
                ),
                str(group.observed.n),
                percent(group.mean_risk),
                share_text(group.observed),
            ]
            for group in pooled.groups
        ],
    )


def _benefit_table(pooled: Pooled) -> Table:
    return Table(
        _("Net benefit at the thresholds that all hospitals share"),
        [_("Threshold"), _("Model"), _("Treat all"), _("Treat none")],
        [
            [percent(row.threshold), number(row.model), number(row.treat_all), number(0.0)]
            for row in pooled.net_benefit
        ],
    )


def pooling_html(pooled: Pooled) -> str:
    """The report as HTML that carries everything it shows."""
    forests = [_forest(name, one) for name, one in pooled.estimates.items()]
    return render_to_string(
        "scoring/pooling_report.html",
        {
            "pooled": pooled,
            "rate": percent(pooled.events / pooled.n),
            "made_at": moment_text(timezone.now()),
            "exact": exact_table(pooled),
            "forests": [(forest, charts.as_data_uri(forest.svg)) for forest in forests],
            "not_pooled": list(not_pooled_lines(pooled)),
            "further": [
                table for table in (_groups_table(pooled), _benefit_table(pooled)) if table.rows
            ],
        },
    )
