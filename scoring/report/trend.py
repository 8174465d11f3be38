"""The risks of one patient over time, where there are several."""

from scoring import charts
from scoring.models import Assessment
from scoring.models.codes import UNCOUNTED
from scoring.words.dates import day_text


def risk_trend(newest_first: list[Assessment]) -> str:
    """The trend of the assessments that count, oldest first; empty below two of them."""
    counted = [a for a in reversed(newest_first) if a.is_current and a.state not in UNCOUNTED]
    if len(counted) < 2:
        return ""
    points = [
        charts.TrendPoint(
            day=assessment.operation_date,
            date=day_text(assessment.operation_date),
            risks=tuple(
                risk
                for risk in (assessment.restored_risk, assessment.not_restored_risk)
                if risk is not None
            ),
        )
        for assessment in counted
    ]
    return charts.trend_svg(points, uid="trend")
