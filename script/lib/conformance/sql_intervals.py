"""Expressions of the SELECT: risk, its 95 % interval and its range."""

from scoring.nomogram.line_uncertainty import BracketingLines, LineCovariance
from scoring.nomogram.logistic import Z95, Line
from scoring.nomogram.model import Nomogram

_TOTAL = "total.total_points"
_LOGIT = "position.logit"


def double(value: float) -> str:
    """The literal; its shortest digits give the same double again."""
    return f"'{float(value)!r}'::float8"


def covariate(key: str) -> str:
    """The column of a covariate."""
    return f'covariate."{key}"'


def logit_of(points: str, line: Line) -> str:
    """The logit at total points."""
    return f"({points} - {double(line.p50_points)}) / {double(line.k_points_per_logit)}"


def risk_of(logit: str) -> str:
    """The risk of a logit."""
    return f"1::float8 / (1::float8 + exp(-({logit})))"


def logit_variance(model: Nomogram) -> str:
    """The variance of the logit, from the covariance of the coefficients, for small samples."""
    columns = ["", *(covariate(key) for key in model.by_key)]
    terms = [
        " * ".join(filter(None, (double(model.covariance[i, j] * (1 + (i < j))), one, other)))
        for i, one in enumerate(columns)
        for j, other in enumerate(columns)
        if i <= j and model.covariance[i, j] != 0.0
    ]
    total = "\n            + ".join(terms) or double(0.0)
    return f"{double(model.small_sample_variance_factor)} * (\n              {total})"


def line_variance(model: Nomogram) -> str:
    """The variance that the line adds at these points."""
    line = model.line_uncertainty
    if isinstance(line, BracketingLines):
        return double(0.0)
    return (
        f"{double(line.variance_intercept)} + {_TOTAL} * ({double(2.0 * line.covariance)} + "
        f"{double(line.variance_slope)} * {_TOTAL})"
    )


def interval_ends() -> tuple[str, str]:
    """Low and high end of the 95 % interval."""
    return _ends("variance.of_logit + variance.of_line", "ci95")


def band_ends(model: Nomogram) -> tuple[str, str]:
    """Low and high end of the range over the lines that are possible."""
    line = model.line_uncertainty
    if isinstance(line, LineCovariance):
        return _ends("variance.of_line", "band")
    risks = ["result.risk", *(risk_of(logit_of(_TOTAL, other)) for other in line.lines)]
    listed = ",\n                   ".join(risks)
    return f"least({listed}) AS band_low", f"greatest({listed}) AS band_high"


def _ends(variance: str, name: str) -> tuple[str, str]:
    half_width = f"{double(Z95)} * sqrt({variance})"
    return (
        f"{risk_of(f'{_LOGIT} - {half_width}')} AS {name}_low",
        f"{risk_of(f'{_LOGIT} + {half_width}')} AS {name}_high",
    )
