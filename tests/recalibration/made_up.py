"""A curve adjusted by hand."""

from scoring.nomogram.recalibrated import RecalibratedCurve
from scoring.nomogram.rong2025.model import RONG_2025


def curve(intercept: float, slope: float) -> RecalibratedCurve:
    return RecalibratedCurve(RONG_2025.line, intercept, slope, 0.010, -0.002, 0.0063)
