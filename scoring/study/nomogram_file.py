"""A model file as a nomogram that scores patients and is drawn as the published one is.

The predictors of a file of ``develop_model`` are those of the published model, on the axes of the
file: beyond them nobody was whom the model was made from. A file about other predictors describes
them under "predictors". Without "nomogram" the points follow from the coefficients, as R's rms has
them: the widest axis, over the domain of its predictor, has 100 points.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from scoring.nomogram.evidence import Citation, OutcomeRate
from scoring.nomogram.logistic import Line
from scoring.nomogram.model import Nomogram
from scoring.nomogram.parts import Range, UnknownAs, YesNoPoints
from scoring.nomogram.predictor import Measured, Predictor, Threshold, YesNo
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics.development import Variable
from scoring.statistics.development.axes import nomogram_on
from scoring.statistics.exchange import nomogram_as_dict
from scoring.study.model_file import (
    INTERCEPT,
    check_nomogram,
    checked_coefficients,
    read,
)

_NOT_SCALED_YET = YesNoPoints(yes=0.0, no=0.0)
_TOTAL_STEP = 100


def nomogram_from(content: bytes) -> Nomogram:
    """The nomogram of a model file. Raises ModelFileError as ``model_from``.

    Its cut-off is that of the published study unless the file has one.
    """
    return read(content, _nomogram)


def _nomogram(fields: dict[str, Any]) -> Nomogram:
    known = _predictors(fields)
    coefficients = checked_coefficients(fields, known)
    # The covariance has their order.
    keys = [key for key in coefficients if key != INTERCEPT]
    predictors = [known[key] for key in keys]
    variables = tuple(Variable(p.key, not isinstance(p, Measured)) for p in predictors)
    if "nomogram" in fields:
        axes = fields["nomogram"]
        check_nomogram(axes, coefficients, variables)
    else:
        ends = [_ends(predictor) for predictor in predictors]
        slopes = [coefficients[key] for key in keys]
        axes = nomogram_as_dict(nomogram_on(variables, ends, [coefficients[INTERCEPT], *slopes]))
    scaled = tuple(_on_axis(predictor, axes[predictor.key]) for predictor in predictors)
    most = sum(predictor.axis()[-1].points for predictor in scaled)
    return Nomogram(
        identifier=str(fields["identifier"]),
        version=fields["version"],
        name=fields["name"],
        predictors=scaled,
        line=Line(float(axes["p50"]), float(axes["points_per_logit"])),
        covariance=np.array(fields["covariance"], dtype=np.float64),
        cutoff=float(fields.get("cutoff", RONG_2025.cutoff)),
        outcome=OutcomeRate(int(fields["made_from"]["n"]), int(fields["made_from"]["events"])),
        eligibility={},
        citation=Citation(fields["name"], ""),
        total_axis_points=math.ceil(most / _TOTAL_STEP) * _TOTAL_STEP,
    )


def _predictors(fields: dict[str, Any]) -> Mapping[str, Predictor]:
    if "predictors" in fields:
        return {key: _described(key, plain) for key, plain in fields["predictors"].items()}
    # The central 95 % are those of the published cohort.
    return {
        key: replace(predictor, central=None) if isinstance(predictor, Measured) else predictor
        for key, predictor in RONG_2025.by_key.items()
    }


def _described(key: str, plain: dict[str, Any]) -> Predictor:
    """A predictor as a file describes it; its points are not known yet."""
    if plain["kind"] == "yes_no":
        names = plain.get("unknown_as")
        return YesNo(
            key=key,
            field=plain["field"],
            answer_points=_NOT_SCALED_YET,
            unknown_as=None if names is None else UnknownAs(**names),
        )
    domain = Range(float(plain["low"]), float(plain["high"]))
    common: dict[str, Any] = {"key": key, "field": plain["field"], "unit": plain["unit"]}
    common |= {"domain": domain, "decimals": int(plain["decimals"])}
    if not isinstance(common.setdefault("whole", plain.get("whole", False)), bool):
        raise TypeError(plain["whole"])
    if plain["kind"] == "threshold":
        below = float(plain["below"])
        return Threshold(**common, below=below, answer_points=_NOT_SCALED_YET)
    if plain["kind"] != "measured":
        raise ValueError(plain["kind"])
    return Measured(
        **common,
        points_per_unit=0.0,
        zero_at=domain.low,
        tick_every=int(plain["tick_every"]),
        minor_tick_every=int(plain["minor_tick_every"]),
    )


def _ends(predictor: Predictor) -> tuple[float, float]:
    if isinstance(predictor, Measured):
        return predictor.domain.low, predictor.domain.high
    return 0.0, 1.0


def _on_axis(predictor: Predictor, axis: Mapping[str, float]) -> Predictor:
    """The predictor with the points of its axis."""
    if isinstance(predictor, Measured):
        domain = predictor.domain
        return replace(
            predictor,
            domain=Range(max(domain.low, axis["low"]), min(domain.high, axis["high"])),
            points_per_unit=axis["points_per_unit"],
            zero_at=axis["zero_at"],
        )
    if isinstance(predictor, Threshold | YesNo):
        return replace(predictor, answer_points=YesNoPoints(yes=axis["yes"], no=axis["no"]))
    raise TypeError(predictor)
