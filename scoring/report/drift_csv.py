"""Observed and expected by month as a CSV file: for the hospital itself, not for sharing.

A month with few patients may tell a patient's outcome to somebody who knows who was operated then.
"""

from collections.abc import Iterator

from scoring.evaluation.drift import Month
from scoring.report.csv_file import Column, CsvLayout, csv_number, text, whole

_MONTHS = CsvLayout(
    (
        Column("month", ("month",), text),
        Column("analyzed", ("analyzed",), whole),
        Column("residual_back_pain", ("residual_back_pain",), whole),
        Column("expected", ("expected",), csv_number),
        Column("observed_expected", ("observed_expected",), csv_number),
        Column("ci95_low", ("ci95_low",), csv_number),
        Column("ci95_high", ("ci95_high",), csv_number),
        Column("pending", ("pending",), whole),
        Column("not_evaluable", ("not_evaluable",), whole),
    )
)


def months_lines(months: tuple[Month, ...]) -> Iterator[str]:
    """The file, from the first month to the last."""
    return _MONTHS.lines(_row(month) for month in months)


def _row(month: Month) -> tuple[object, ...]:
    figures = month.analysed
    ratio = figures.ratio
    interval = (ratio.value, *ratio.ci95) if ratio else (None, None, None)
    return (
        f"{month.first_day:%Y-%m}",
        figures.n,
        figures.events,
        figures.expected,
        *interval,
        month.pending,
        month.not_evaluable,
    )
