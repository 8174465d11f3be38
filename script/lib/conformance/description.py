"""The model as plain data: what a program needs that is written in another language."""

from dataclasses import asdict
from typing import Any

from scoring.nomogram.line_uncertainty import BracketingLines
from scoring.nomogram.logistic import Z95
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Measured, NumericPredictor, Predictor, Threshold, YesNo


def described(model: Nomogram) -> dict[str, Any]:
    """Predictors in their order, the line from points to risk, its uncertainty, the cut-off.

    Nothing is rounded.
    """
    return {
        "identifier": model.identifier,
        "version": model.version,
        "name": model.name,
        "citation": model.citation.text,
        "predictors": [_predictor(predictor) for predictor in model.predictors],
        "line": model.line._asdict(),
        "cutoff": model.cutoff,
        "interval": {
            "normal_quantile": Z95,
            "covariance": model.covariance.tolist(),
            "small_sample_variance_factor": model.small_sample_variance_factor,
            "line": _line_uncertainty(model),
        },
    }


def _line_uncertainty(model: Nomogram) -> dict[str, Any]:
    line = model.line_uncertainty
    if isinstance(line, BracketingLines):
        return {"kind": "other_lines", "lines": [other._asdict() for other in line.lines]}
    return {"kind": "covariance", **asdict(line)}


def _predictor(predictor: Predictor) -> dict[str, Any]:
    plain: dict[str, Any] = {"key": predictor.key, "field": predictor.field}
    if isinstance(predictor, NumericPredictor):
        low, high = predictor.domain
        plain |= {"unit": predictor.unit, "low": low, "high": high, "whole": predictor.whole}
    if isinstance(predictor, Measured):
        usual = predictor.central
        return plain | {
            "kind": "measured",
            "points_per_unit": predictor.points_per_unit,
            "zero_at": predictor.zero_at,
            "usual": None if usual is None else list(usual),
        }
    if isinstance(predictor, Threshold):
        limit = predictor.study_limit
        return plain | {
            "kind": "threshold",
            "below": predictor.below,
            "points": predictor.answer_points._asdict(),
            "study_limit": None if limit is None else limit._asdict(),
        }
    if isinstance(predictor, YesNo):
        names = predictor.unknown_as
        return plain | {
            "kind": "yes_no",
            "points": predictor.answer_points._asdict(),
            "unknown_as": None if names is None else names._asdict(),
        }
    raise TypeError(f"{predictor.key}: no kind of predictor that is known")
