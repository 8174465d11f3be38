"""Drawn chains as rows: their versions, scored by the model itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.eligibility import Answer, Criterion, Population, study_answer
from scoring.nomogram.rong2025.model import MVH, RONG_2025
from script.lib.seeding import cells
from script.lib.seeding.drawing import (
    AMEND,
    COMPLETE,
    REINSTATE,
    STAGES,
    VOID,
    Chains,
    DrawnPatients,
    Flags,
    Ints,
)

LEVELS = ("T10", "T11", "T12", "L1", "L2", "L3", "L4")
SITES = ("lumbar_spine", "femoral_neck", "total_hip")
REASONS = {AMEND: "Chloride was read from another sheet", VOID: "Entered for the wrong patient"}
REASONS |= {REINSTATE: "It was the right patient after all"}


@dataclass(frozen=True)
class Versions:
    """The versions of a slice of chains, one row each, and where the chains' last ones are."""

    columns: dict[str, list[str]]
    ids: list[str]
    last: Ints
    state: list[str]
    risk: NDArray[np.float64]


def completed_years(birth_day: Ints, day: Ints) -> Ints:
    """Age in completed years, as the record computes it."""
    (by, bm, bd), (y, m, d) = _calendar(birth_day), _calendar(day)
    years: Ints = y - by - ((m < bm) | ((m == bm) & (d < bd)))
    return years


def _calendar(days: Ints) -> tuple[Ints, Ints, Ints]:
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]")
    return (
        years.astype(np.int64) + 1970,
        months.astype(np.int64) % 12 + 1,
        (dates - months).astype(np.int64) + 1,
    )


def versions_of(
    rng: np.random.Generator,
    patients: DrawnPatients,
    chains: Chains,
    part: slice,
    *,
    chain_ids: list[str],
    patient_ids: list[str],
    staff: list[tuple[int, str]],
) -> Versions:
    """The versions of the chains of a slice; ``chain_ids`` are those of the slice."""
    exists = chains.exists[part]
    here, stage = np.nonzero(exists)
    chain = here + part.start
    count = len(chain)
    number = exists.cumsum(axis=1)[here, stage]
    ids = cells.uuids(rng, count)
    known = ~chains.provisional_first[chain] | (exists[here, COMPLETE] & (stage >= COMPLETE))
    patient = chains.patient[chain]
    operation = chains.operation_day[chain]
    by_birth = patients.has_birth_date[patient]
    age = np.where(
        by_birth,
        completed_years(patients.birth_day[patient], operation),
        patients.stated_age[patient],
    )
    amended = exists[here, AMEND] & (stage < AMEND)
    chloride = np.where(amended, chains.wrong_chloride[chain], chains.chloride[chain])
    t_tenths, pdw_tenths = chains.t_score_tenths[chain], chains.pdw_tenths[chain]
    trauma, edema = chains.trauma_history[chain], chains.posterior_fascia_edema[chain]
    restored = chains.mvh_restored[chain]
    inputs = {
        "age_years": age.astype(np.float64),
        "t_score": t_tenths / 10,
        "pdw_fl": pdw_tenths / 10,
        "chloride_mmol_l": chloride.astype(np.float64),
    }
    answers = {
        "trauma_history": trauma,
        "posterior_fascia_edema": edema,
        "mvh_restored": restored,
    }
    cohort = RONG_2025.cohort(inputs | answers)
    planned = chains.planned[chain] & ~known
    outside = chains.outside[chain]
    state = [
        "voided" if s == VOID else "final" if k else "provisional"
        for s, k in zip(stage.tolist(), known.tolist(), strict=True)
    ]
    day_before, dxa = operation - 1, rng.integers(0, len(SITES), len(exists))
    level, author = rng.integers(0, len(LEVELS), len(exists)), rng.integers(0, len(staff), count)
    columns = {
        "id": ids,
        "chain_id": cells.picked(chain_ids, here),
        "version": cells.whole(number),
        "supersedes_id": cells.where(number > 1, ["", *ids[:-1]]),
        "supersedes_version": cells.where(number > 1, cells.whole(number - 1)),
        "state": state,
        "change": cells.picked(STAGES, stage),
        "reason": cells.picked([REASONS.get(s, "") for s in range(len(STAGES))], stage),
        "form_token": cells.uuids(rng, count),
        "created_at": cells.moments(chains.at_us[chain, stage]),
        "created_by_id": cells.picked([str(pk) for pk, _ in staff], author),
        "created_by_name": cells.picked([name for _, name in staff], author),
        "patient_id": cells.picked(patient_ids, patient),
        "birth_date": cells.where(by_birth, cells.days(patients.birth_day[patient])),
        "age_source": cells.either(by_birth, "birth_date", "stated"),
        "operation_date": cells.days(operation),
        "operation_status": cells.either(planned, "planned", "done"),
        "fracture_level": cells.picked(LEVELS, level[here]),
        **_answers(planned, outside),
        "age_years": cells.whole(age),
        "t_score": cells.tenths(t_tenths),
        "t_score_entered": cells.tenths(t_tenths),
        "dxa_date": cells.days(day_before),
        "dxa_site": cells.picked(SITES, dxa[here]),
        "trauma_history": cells.flags(trauma),
        "posterior_fascia_edema": cells.flags(edema),
        "mri_date": cells.days(day_before),
        "pdw_fl": cells.tenths(pdw_tenths),
        "pdw_entered": cells.tenths(pdw_tenths),
        "pdw_unit": ["fL"] * count,
        "pdw_date": cells.days(day_before),
        "chloride_mmol_l": cells.whole(chloride),
        "chloride_entered": cells.whole(chloride),
        "chloride_date": cells.days(day_before),
        "mvh_restored": cells.where(known, cells.flags(restored)),
        "radiograph_date": cells.where(known, cells.days(operation + 1)),
        **_scores(cohort, known, restored),
        "cautions": cells.cautions(inputs),
        "model_identifier": [RONG_2025.identifier] * count,
        "model_version": [RONG_2025.version] * count,
        "model_name": [RONG_2025.name] * count,
    }
    last = exists.sum(axis=1).cumsum() - 1
    risk = RONG_2025.risk(RONG_2025.total_points(cohort.covariates()))
    return Versions(columns, ids, last, state, risk)


def _answers(planned: Flags, outside: Flags) -> dict[str, list[str]]:
    answers = {c.value: [study_answer(c).value] * len(planned) for c in Criterion}
    pain, fracture = Criterion.CHRONIC_LOW_BACK_PAIN, Criterion.NEW_VERTEBRAL_FRACTURE
    answers[pain.value] = cells.either(outside, Answer.YES, Answer.NO)
    answers[fracture.value] = cells.either(planned, Answer.NOT_ASSESSED, Answer.NO)
    place = np.where(outside, 2, np.where(planned, 1, 0))
    populations = (Population.AS_STUDY, Population.NOT_FULLY_ASSESSED, Population.OUTSIDE)
    return answers | {"population": cells.picked([p.value for p in populations], place)}


def _scores(cohort: Cohort, known: Flags, restored: Flags) -> dict[str, list[str]]:
    """Points of every predictor, and the numbers of each scenario that is open."""
    covariates = cohort.covariates()
    columns = {
        f"points_{name}": cells.floats(values)
        for name, values in RONG_2025.points(covariates).items()
    }
    columns["points_mvh"] = cells.where(known, columns["points_mvh"])
    for prefix, answer in (("restored", 1.0), ("not_restored", 0.0)):
        scenario = covariates | {MVH.key: np.full(len(cohort), answer)}
        total = RONG_2025.total_points(scenario)
        low, high = RONG_2025.ci95(scenario, total)
        band_low, band_high = RONG_2025.band(total)
        is_open = ~known | (restored == bool(answer))
        for name, values in (
            ("total_points", total),
            ("risk", RONG_2025.risk(total)),
            ("ci95_low", low),
            ("ci95_high", high),
            ("band_low", band_low),
            ("band_high", band_high),
        ):
            columns[f"{prefix}_{name}"] = cells.where(is_open, cells.floats(values))
    return columns
