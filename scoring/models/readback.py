"""Predictors and scenarios of a stored version, read back into the types they were made from."""

from collections.abc import Sequence

from scoring.entry import Input
from scoring.models.predictor_columns import PredictorColumns
from scoring.nomogram.logistic import Interval
from scoring.nomogram.model import Nomogram, Result, Scenario
from scoring.nomogram.predictor import Caution
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1

SCENARIO_FIELDS = ("total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high")


# The models of which the record has columns, the latest first.
STORED_MODELS = (RONG_2025, RONG_2025_VERSION_1)
_STORED = {(model.identifier, model.version): model for model in STORED_MODELS}


def stored_model(identifier: str, version: str) -> Nomogram:
    """The model a row was made with. Raises KeyError for one this program does not know."""
    return _STORED[identifier, version]


def stored_result(row: PredictorColumns, model: Nomogram, cautions: Sequence[Caution]) -> Result:
    """Read the result of a version back from its columns, with the cautions stored beside them."""
    points = {key: getattr(row, f"points_{key}") for key in model.by_key}
    return Result(
        inputs=model.inputs({field: getattr(row, field) for field in model.fields}),
        points=points,
        scenarios=tuple(_stored_scenarios(row, model, points)),
        cautions=tuple(cautions),
    )


def _stored_scenarios(
    row: PredictorColumns, model: Nomogram, points: dict[str, float | None]
) -> list[Scenario]:
    scenarios = []
    late = model.late
    if late is None or late.unknown_as is None:
        raise TypeError("the columns are those of a model with a late predictor")
    is_known = getattr(row, late.field) is not None
    for prefix, answer in zip(late.unknown_as, (True, False), strict=True):
        values = [getattr(row, f"{prefix}_{field}") for field in SCENARIO_FIELDS]
        if values[0] is None:
            continue
        total, risk, ci_low, ci_high, band_low, band_high = values
        assumed = late.points(late.covariate(answer))
        scenarios.append(
            Scenario(
                code="final" if is_known else f"if_{prefix}",
                late_answer=answer,
                points={k: assumed if p is None else p for k, p in points.items()},
                total_points=total,
                risk=risk,
                ci95=Interval(ci_low, ci_high),
                band=Interval(band_low, band_high),
                cutoff=model.cutoff,
            )
        )
    return scenarios


def stored_inputs(row: PredictorColumns, model: Nomogram) -> dict[str, Input]:
    """Read back by field what was entered about each predictor, as it was typed."""
    return {
        field: Input(
            value=getattr(row, field),
            typed=getattr(row, beside.typed_field) if beside.typed_field else "",
            source_date=getattr(row, beside.date_field),
            site=getattr(row, beside.site_field) if beside.site_field else "",
        )
        for field, beside in model.provenances.items()
    }
