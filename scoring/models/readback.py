"""A row of the record read back into the types it was made from."""

from typing import TYPE_CHECKING

from scoring.entry import AssessmentEntry, Input
from scoring.models.codes import AgeSource
from scoring.nomogram.logistic import Interval
from scoring.nomogram.model import Nomogram, Result, Scenario
from scoring.nomogram.predictor import Caution
from scoring.nomogram.rong2025.model import RONG_2025

if TYPE_CHECKING:
    from scoring.models.assessment import Assessment

SCENARIO_FIELDS = ("total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high")


# The models of which the record has columns.
_STORED = {(model.identifier, model.version): model for model in (RONG_2025,)}


def stored_model(identifier: str, version: str) -> Nomogram:
    """The model a row was made with. Raises KeyError for one this program does not know."""
    return _STORED[identifier, version]


def stored_result(assessment: "Assessment") -> Result:
    """Read a result back from the columns of its row."""
    a = assessment
    model = stored_model(a.model_identifier, a.model_version)
    points = {key: getattr(a, f"points_{key}") for key in model.by_key}
    return Result(
        inputs=model.inputs({field: getattr(a, field) for field in model.fields}),
        points=points,
        scenarios=tuple(_stored_scenarios(a, model, points)),
        cautions=tuple(Caution(**caution) for caution in a.cautions),
    )


def _stored_scenarios(
    a: "Assessment", model: Nomogram, points: dict[str, float | None]
) -> list[Scenario]:
    scenarios = []
    late = model.late
    if late is None or late.unknown_as is None:
        raise TypeError("the columns are those of a model with a late predictor")
    is_known = getattr(a, late.field) is not None
    for prefix, answer in zip(late.unknown_as, (True, False), strict=True):
        values = [getattr(a, f"{prefix}_{field}") for field in SCENARIO_FIELDS]
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


def stored_entry(assessment: "Assessment") -> AssessmentEntry:
    """Read back what was entered, as it was typed."""
    a = assessment
    model = stored_model(a.model_identifier, a.model_version)
    return AssessmentEntry(
        operation_date=a.operation_date,
        operation_time=a.operation_time,
        operation_status=a.operation_status,
        fracture_level=a.fracture_level,
        answers=a.answers,
        age_years=a.age_years if a.age_source == AgeSource.STATED else None,
        inputs_by_field={
            field: Input(
                value=getattr(a, field),
                typed=getattr(a, beside.typed_field) if beside.typed_field else "",
                source_date=getattr(a, beside.date_field),
                site=getattr(a, beside.site_field) if beside.site_field else "",
            )
            for field, beside in model.provenances.items()
        },
    )
