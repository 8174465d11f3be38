"""Judging and remaking a risk model: sections 2.4 to 2.6 of the paper.

No Django, no input or output.
Arrays in, numbers out, of whatever model. A statistic that the data don't determine is a
NotEstimableError with a code, in summaries a code beside the missing value, never a number.
"""

from scoring.nomogram.logistic import Interval
from scoring.statistics.errors import DataError, NotEstimableError, StatisticsError
from scoring.statistics.exchange import (
    development_as_dict,
    recalibration_as_dict,
    validation_as_dict,
)
from scoring.statistics.intervals import Estimate, Proportion, wilson
from scoring.statistics.predictions import Predictions
from scoring.statistics.recalibration import RecalibrationFit, recalibrate
from scoring.statistics.validation import Validation, validate

__all__ = [
    "DataError",
    "Estimate",
    "Interval",
    "NotEstimableError",
    "Predictions",
    "Proportion",
    "RecalibrationFit",
    "StatisticsError",
    "Validation",
    "development_as_dict",
    "recalibrate",
    "recalibration_as_dict",
    "validate",
    "validation_as_dict",
    "wilson",
]
