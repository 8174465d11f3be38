"""A row of the record read back into the types it was made from."""

from typing import TYPE_CHECKING

from scoring import nomogram
from scoring.entry import AssessmentEntry, Measured
from scoring.models.codes import AgeSource
from scoring.nomogram.publication import MVH_POINTS

if TYPE_CHECKING:
    from scoring.models.assessment import Assessment

SCENARIO_FIELDS = ("total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high")


def stored_result(assessment: "Assessment") -> nomogram.Result:
    """Read a result back from the columns of its row."""
    a = assessment
    points = nomogram.Points(
        age=a.points_age,
        bmd=a.points_bmd,
        trauma_history=a.points_trauma_history,
        posterior_fascia_edema=a.points_posterior_fascia_edema,
        pdw=a.points_pdw,
        chloride=a.points_chloride,
        mvh=a.points_mvh,
    )
    return nomogram.Result(
        inputs=nomogram.Inputs(
            age_years=a.age_years,
            t_score=float(a.t_score),
            trauma_history=a.trauma_history,
            posterior_fascia_edema=a.posterior_fascia_edema,
            pdw_fl=float(a.pdw_fl),
            chloride_mmol_l=float(a.chloride_mmol_l),
            mvh_restored=a.mvh_restored,
        ),
        points=points,
        scenarios=tuple(_stored_scenarios(a)),
        cautions=tuple(nomogram.Caution(**caution) for caution in a.cautions),
        model=nomogram.Model(a.model_identifier, a.model_version, a.model_name),
    )


def _stored_scenarios(a: "Assessment") -> list[nomogram.Scenario]:
    scenarios = []
    for prefix, restored in (("restored", True), ("not_restored", False)):
        values = [getattr(a, f"{prefix}_{field}") for field in SCENARIO_FIELDS]
        if values[0] is None:
            continue
        total, risk, ci_low, ci_high, band_low, band_high = values
        scenarios.append(
            nomogram.Scenario(
                code="final" if a.mvh_restored is not None else f"if_{prefix}",
                mvh_restored=restored,
                points_mvh=MVH_POINTS.yes if restored else MVH_POINTS.no,
                total_points=total,
                risk=risk,
                ci95=nomogram.Interval(ci_low, ci_high),
                band=nomogram.Interval(band_low, band_high),
            )
        )
    return scenarios


def stored_entry(assessment: "Assessment") -> AssessmentEntry:
    """Read back what was entered, as it was typed."""
    a = assessment
    return AssessmentEntry(
        operation_date=a.operation_date,
        operation_time=a.operation_time,
        operation_status=a.operation_status,
        fracture_level=a.fracture_level,
        answers=a.answers,
        age_years=a.age_years if a.age_source == AgeSource.STATED else None,
        t_score=Measured(value=a.t_score, entered=a.t_score_entered, source_date=a.dxa_date),
        dxa_site=a.dxa_site,
        trauma_history=a.trauma_history,
        trauma_history_date=a.trauma_history_date,
        posterior_fascia_edema=a.posterior_fascia_edema,
        mri_date=a.mri_date,
        pdw=Measured(value=a.pdw_fl, entered=a.pdw_entered, source_date=a.pdw_date),
        chloride=Measured(
            value=a.chloride_mmol_l, entered=a.chloride_entered, source_date=a.chloride_date
        ),
        mvh_restored=a.mvh_restored,
        radiograph_date=a.radiograph_date,
    )
