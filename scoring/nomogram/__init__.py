"""The published model: inputs to points to risk. Pure arithmetic, no Django, no input or output.

Rong et al., Front Surg 2025;12:1625518. Points (Table 7) are exact; the points-to-risk line, the
band and the interval are reconstructed from the published tables (``reconstruction.py``).
"""

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.exchange import RowError, allowed_values, inputs_from, result_as_dict
from scoring.nomogram.points import Covariates, Points, total_points
from scoring.nomogram.predictors import Caution, Inputs, PredictorError
from scoring.nomogram.publication import Predictor
from scoring.nomogram.risk import (
    MODEL,
    Interval,
    Model,
    Result,
    Scenario,
    assess,
    at_or_above_cutoff,
    band_at,
    ci95_at,
    risk_at,
)

__all__ = [
    "MODEL",
    "Caution",
    "Cohort",
    "Covariates",
    "Inputs",
    "Interval",
    "Model",
    "Points",
    "Predictor",
    "PredictorError",
    "Result",
    "RowError",
    "Scenario",
    "allowed_values",
    "assess",
    "at_or_above_cutoff",
    "band_at",
    "ci95_at",
    "inputs_from",
    "result_as_dict",
    "risk_at",
    "total_points",
]
