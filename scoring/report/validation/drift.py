"""Month by month in words: what a signal says, the plots with their tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring import charts
from scoring.display import count_text
from scoring.evaluation.drift import BASELINE, FEWER, IN_CONTROL, MORE, Drift, DriftSignal, Month
from scoring.evaluation.statistic_text import number, with_interval
from scoring.report.table import Table
from scoring.report.validation.plots import Plot
from scoring.statistics.drift import LEAST_EXPECTED, GroupFigures
from scoring.words.dates import day_text, month_text
from scoring.words.marks import clauses, labelled

# A pace from a shorter time would promise too much.
_LEAST_PACE_DAYS = 180
_YEAR_DAYS = 365.25
# The table of signals holds the newest.
_MOST_SIGNALS = 12


@dataclass(frozen=True)
class SignalText:
    """What a signal says, and when the chart reached its limit."""

    sentence: str
    when: str


def signal_sentence(signal: DriftSignal) -> str:
    """More or less residual back pain than expected, since when, with the numbers."""
    more = _(
        "More residual back pain than the model expects since %(month)s: %(events)s observed, "
        "%(expected)s expected."
    )
    fewer = _(
        "Less residual back pain than the model expects since %(month)s: %(events)s observed, "
        "%(expected)s expected."
    )
    return (more if signal.odds_ratio == MORE else fewer) % {
        "month": month_text(signal.since_day),
        "events": count_text(signal.events),
        "expected": number(signal.expected, 1),
    }


def latest_signal(drift: Drift) -> SignalText | None:
    """The newest signal in words; None if there is none."""
    return signal_text(drift.signals[0]) if drift.signals else None


def signal_text(signal: DriftSignal) -> SignalText:
    """A signal in two sentences."""
    when = ngettext(
        "The chart reached its limit on %(day)s, after %(count)s assessment.",
        "The chart reached its limit on %(day)s, after %(count)s assessments.",
        signal.n,
    )
    return SignalText(
        signal_sentence(signal),
        when % {"day": day_text(signal.on_day), "count": count_text(signal.n)},
    )


def drift_context(drift: Drift, *, fonts: str = "") -> dict[str, Any]:
    """What page and paper are made from."""
    signals = drift.signals
    return {
        "signals": [signal_text(signal) for signal in signals[:_MOST_SIGNALS]],
        "earlier_signals": len(signals[_MOST_SIGNALS:]),
        "drift_plots": drift_plots(drift, fonts=fonts),
        "months": months_table(drift.months),
        "pending_in": _pending_in(drift.months),
        "charts": {
            "more": _chart_texts(drift, MORE),
            "fewer": _chart_texts(drift, FEWER),
            "own_limits": drift.own_limits,
            "baseline": BASELINE,
            "in_control": count_text(round(IN_CONTROL)),
            "in_control_both": count_text(round(IN_CONTROL / 2)),
            "years": _years_between_false_signals(drift),
        }
        if drift.charts
        else None,
        "least_expected": f"{LEAST_EXPECTED:g}",
    }


def drift_plots(drift: Drift, *, fonts: str = "") -> list[Plot]:
    """Observed / expected by month, and the CUSUM, as far as anybody is analysed."""
    if not drift.charts:
        return []
    return [
        Plot(
            "months",
            _("Observed and expected by month"),
            charts.months_svg(drift.months, uid="months", fonts=fonts),
            [],
        ),
        Plot("cusum", _("CUSUM chart"), charts.cusum_svg(drift, uid="cusum", fonts=fonts), []),
    ]


def months_table(months: Sequence[Month]) -> Table:
    """Every month, the newest first."""
    return Table(
        _("Observed and expected by month"),
        [
            _("Month of the operation"),
            _("Analyzed"),
            _("Residual back pain"),
            _("Expected"),
            _("Observed / expected (95\u00a0% CI)"),
            _("Pending"),
            _("Not evaluable"),
        ],
        [
            [
                month_text(month.first_day),
                *figure_texts(month.analysed),
                count_text(month.pending),
                count_text(month.not_evaluable),
            ]
            for month in reversed(months)
        ],
    )


def figure_texts(figures: GroupFigures) -> list[str]:
    """Number, events, expected, observed / expected."""
    if not figures.n:
        return ["0", "–", "–", "–"]
    ratio = _("too few")
    if figures.ratio is not None:
        ratio = with_interval(figures.ratio.value, figures.ratio.ci95, 2)
    return [
        count_text(figures.n),
        count_text(figures.events),
        number(figures.expected, 1),
        ratio,
    ]


def _pending_in(months: Sequence[Month]) -> str:
    """Which months are incomplete, as one line; "" if none is."""
    waiting = [month for month in reversed(months) if month.pending]
    texts = [
        labelled(month_text(month.first_day), count_text(month.pending))
        for month in waiting[:_MOST_SIGNALS]
    ]
    if len(waiting) > len(texts):
        texts.append(_("earlier: %(count)s") % {"count": count_text(_pending_before(waiting))})
    return clauses(texts)


def _pending_before(waiting: Sequence[Month]) -> int:
    return sum(month.pending for month in waiting[_MOST_SIGNALS:])


def _chart_texts(drift: Drift, odds_ratio: float) -> dict[str, str]:
    """Limit, present value, and how soon a change is found."""
    (chart,) = (one for one in drift.charts if one.odds_ratio == odds_ratio)
    return {
        "limit": number(chart.limit, 2),
        "last": number(chart.last, 2),
        "delay": count_text(round(chart.delay)),
    }


def _years_between_false_signals(drift: Drift) -> str:
    """At the pace of this ward, by both charts together; "" after too short a time."""
    span = drift.days[-1] - drift.days[0] + 1
    if span < _LEAST_PACE_DAYS:
        return ""
    a_year = sum(month.analysed.n for month in drift.months) / span * _YEAR_DAYS
    years = IN_CONTROL / 2 / a_year
    return number(years, 0 if years >= 2 else 1)
