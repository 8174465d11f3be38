"""An assessment in words and on paper."""

from scoring.report.sheet import Sheet

__all__ = ["Sheet"]
