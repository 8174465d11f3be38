"""A nomogram of three predictors that nobody published: the core knows no other model by heart."""

from typing import Any

import numpy as np

from scoring.nomogram.eligibility import Criterion, study_answer
from scoring.nomogram.evidence import Citation, OutcomeRate
from scoring.nomogram.line_uncertainty import BracketingLines
from scoring.nomogram.logistic import Line
from scoring.nomogram.model import Nomogram
from scoring.nomogram.parts import Range, StudyLimit, UnknownAs, YesNoPoints
from scoring.nomogram.predictor import Measured, Threshold, YesNo
from scoring.study.model_file import mark_of

WEIGHT = Measured(
    key="weight",
    field="weight_kg",
    unit="kg",
    domain=Range(40.0, 140.0),
    decimals=0,
    central=Range(50.0, 100.0),
    points_per_unit=1.0,
    zero_at=40.0,
    tick_every=20,
    minor_tick_every=10,
)
SMOKER = YesNo(
    key="smoker",
    field="smoker",
    answer_points=YesNoPoints(yes=25.0, no=0.0),
    unknown_as=UnknownAs(yes="smoking", no="not_smoking"),
)
ANEMIA = Threshold(
    key="anemia",
    field="hemoglobin_g_l",
    unit="g/L",
    domain=Range(50.0, 200.0),
    decimals=0,
    below=120.0,
    answer_points=YesNoPoints(yes=40.0, no=0.0),
    study_limit=StudyLimit(180.0, "hemoglobin_high"),
)
MADE_UP = Nomogram(
    identifier="made-up",
    version="7",
    name="Made up",
    predictors=(WEIGHT, SMOKER, ANEMIA),
    line=Line(p50_points=80.0, k_points_per_logit=20.0),
    line_uncertainty=BracketingLines((Line(p50_points=84.0, k_points_per_logit=20.0),)),
    covariance=np.diag([0.04, 0.0001, 0.09, 0.16]),
    cutoff=0.5,
    outcome=OutcomeRate(n=200, events=50),
    eligibility={criterion: study_answer(criterion) for criterion in Criterion},
    citation=Citation("Nobody. Nowhere 2026;1:1.", "10.0000/made.up"),
)
PATIENT = {"weight_kg": 70, "smoker": True, "hemoglobin_g_l": 110}


def model_file() -> dict[str, Any]:
    """The same as a model file, without its points: they follow from the coefficients."""
    coefficients = {"intercept": -6.0, "weight": 0.05, "smoker": 1.25, "anemia": 2.0}
    return {
        "format": "rbp-risk-model",
        "format_version": 1,
        "identifier": "made-up",
        "version": mark_of(coefficients),
        "name": "Made up",
        "made_from": {"n": 200, "events": 50},
        "cutoff": 0.5,
        "coefficients": coefficients,
        "covariance": MADE_UP.covariance.tolist(),
        "predictors": {
            "weight": {
                "kind": "measured",
                "field": "weight_kg",
                "unit": "kg",
                "low": 40,
                "high": 140,
                "decimals": 0,
                "tick_every": 20,
                "minor_tick_every": 10,
            },
            "smoker": {
                "kind": "yes_no",
                "field": "smoker",
                "unknown_as": {"yes": "smoking", "no": "not_smoking"},
            },
            "anemia": {
                "kind": "threshold",
                "field": "hemoglobin_g_l",
                "unit": "g/L",
                "low": 50,
                "high": 200,
                "decimals": 0,
                "below": 120,
            },
        },
    }
