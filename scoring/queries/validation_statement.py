"""The statements that read the validation cohort, one row a chain."""

from collections.abc import Iterable

from scoring.entry import windows
from scoring.evaluation.drift import DAY_ZERO
from scoring.evaluation.outcome_cohort import POPULATIONS, SEXES, InclusionStatus
from scoring.models.codes import NotEvaluable, Rbp, State, TimePoint
from scoring.nomogram.eligibility import Answer, Criterion, Population
from scoring.nomogram.rong2025.model import RONG_2025

NUMBERS = tuple(RONG_2025.numeric)
ANSWERS = tuple(field for field in RONG_2025.fields if field not in NUMBERS)
# The same number for the same patient: that two of a million share one is less likely than 1e-6.
_PATIENT = "hashtextextended({patient}::text, 0)"
# An assessment may have moved to another patient since, and its outcome with it. Looked up in the
# few chains with later versions: a join would read all versions once more.
_OUTCOMES_PATIENT = """
    CASE WHEN c.current_id = f.assessment_id THEN f.patient_id
         ELSE (SELECT u.patient_id FROM scoring_assessment u WHERE u.id = c.current_id) END
"""
_DAY = f"c.operation_date - DATE '{DAY_ZERO}'"
# No VAS is asked for once another assessment says that the patient died.
_NEVER_ASKED = f"c.rbp = '{Rbp.PENDING}' AND c.patient_died"
# Lost to follow-up, or not asked: whether it hurts is missing. Who died, was operated again or
# fractured again has no such outcome to be missing, unless the death was told after the window.
_LOST = f"""
    CASE WHEN {_NEVER_ASKED} THEN NOT EXISTS (
        SELECT FROM scoring_assessment d
        JOIN scoring_assessmentchain t ON t.current_id = d.id AND t.state <> '{State.VOIDED}'
        JOIN scoring_outcome o ON o.chain_id = t.id AND o.not_evaluable = '{NotEvaluable.DIED}'
        WHERE d.patient_id = p.id
          AND (o.created_at AT TIME ZONE %(zone)s)::date
              <= c.operation_date + {windows.VAS[TimePoint.DAY_30].last}
          AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)
    ) ELSE c.rbp = '{Rbp.NOT_EVALUABLE}' AND NOT EXISTS (
        SELECT FROM scoring_outcome o
        WHERE o.chain_id = c.id
          AND o.not_evaluable NOT IN ('', '{NotEvaluable.LOST}', '{NotEvaluable.NOT_ASKED}')
          AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)
    ) END
"""  # noqa: S608


def _place_of(expression: str, names: Iterable[str]) -> str:
    """The place of a text among names, from 0."""
    texts = ", ".join(f"'{name}'" for name in names)
    return f"array_position(ARRAY[{texts}]::text[], {expression}) - 1"


_SEX = _place_of("p.sex", SEXES)
# Counted from T1, so that L1 is 13.
_LEVEL = """
    CASE left(x.fracture_level, 1) WHEN 'L' THEN 12 ELSE 0 END + substr(x.fracture_level, 2)::int
"""
# What is known before the operation.
_EARLIER = [each for each in Criterion if each is not Criterion.NEW_VERTEBRAL_FRACTURE]
_CHOSEN = """
    c.synthetic = %(synthetic)s
    AND (%(from)s::date IS NULL OR c.operation_date >= %(from)s)
    AND (%(to)s::date IS NULL OR c.operation_date <= %(to)s)
    AND (%(population)s::text IS NULL OR {population} = %(population)s)
"""
# Eligibility as the version says it; what it left open of a new fracture alone, day 30 answers.
_POPULATION = f"""
    CASE WHEN {{v}}.population = '{Population.NOT_FULLY_ASSESSED}' AND EXISTS (
        SELECT FROM scoring_outcome o JOIN scoring_assessment x ON x.id = {{id}}
        WHERE o.chain_id = c.id AND NOT o.new_vertebral_fracture
          AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)
          AND x.{Criterion.NEW_VERTEBRAL_FRACTURE} = '{Answer.NOT_ASSESSED}'
          AND '{Answer.NOT_ASSESSED}' NOT IN ({", ".join(f"x.{name}" for name in _EARLIER)})
    ) THEN '{Population.AS_STUDY}' ELSE {{v}}.population END
"""  # noqa: S608
_OF_MODEL = "AND {v}.model_identifier = %(identifier)s AND {v}.model_version = %(version)s"
_RECALIBRATED = "JOIN scoring_recalibratedrisk r ON r.assessment_id = {id}"
_OF_RECALIBRATION = """
    AND r.recalibration_id = (
        SELECT id FROM scoring_recalibration WHERE number = %(recalibration)s
    )
"""
# Why a chain is not analyzed by the state of its current version.
_NOT_FINAL = f"""
    WHEN c.state = %(voided)s THEN {InclusionStatus.VOIDED}
    WHEN c.state = %(cancelled)s THEN {InclusionStatus.CANCELLED}
    WHEN c.state = %(no_radiograph)s THEN {InclusionStatus.NO_RADIOGRAPH}
    WHEN c.state = %(provisional)s THEN {InclusionStatus.PROVISIONAL}
"""


def _chosen(*, recalibrated: bool) -> str:
    return _CHOSEN + (_OF_RECALIBRATION if recalibrated else _OF_MODEL)


def final_chains(*, recalibrated: bool, also: str = "") -> str:
    """The statement for chains with a final version: of a published model, or recalibrated.

    What was known when: a VAS recorded before the assessment, or of an earlier day. Whichever VAS,
    and whatever it was: leaving out by its value would take away patients without pain alone.
    """
    risk = "f.risk"
    if recalibrated:
        risk = "CASE WHEN f.mvh_restored THEN r.restored_risk ELSE r.not_restored_risk END"
    joined = _RECALIBRATED if recalibrated else ""
    chosen = _chosen(recalibrated=recalibrated)
    # Constants of this file; what is asked for goes in as values.
    return f"""
        SELECT CASE
                   {_NOT_FINAL}
                   WHEN c.vas_known_at <= f.created_at
                       OR LEAST(c.vas_day_3_on, c.vas_day_30_on)
                           < (f.created_at AT TIME ZONE %(zone)s)::date
                       THEN {InclusionStatus.AFTER_OUTCOME}
                   WHEN c.rbp = %(not_evaluable)s OR {_NEVER_ASKED}
                       THEN {InclusionStatus.NOT_EVALUABLE}
                   WHEN c.rbp = %(pending)s THEN {InclusionStatus.PENDING}
                   ELSE {InclusionStatus.ANALYSED}
               END AS status,
               {risk} AS risk, {", ".join(f"f.{field}" for field in NUMBERS)},
               c.rbp = %(yes)s AS event,
               {", ".join(f"f.{field}" for field in ANSWERS)},
               c.operation_date < %(window_ended)s, {_LOST},
               c.current_id <> f.assessment_id, {_PATIENT.format(patient="p.id")}, {_DAY},
               {_SEX}, {_place_of(_POPULATION.format(v="f", id="f.assessment_id"), POPULATIONS)},
               {_LEVEL}{also}
        FROM scoring_indexassessment f JOIN scoring_assessmentchain c ON c.id = f.chain_id
        JOIN scoring_assessment x ON x.id = f.assessment_id
        JOIN scoring_patient p ON p.id = {_OUTCOMES_PATIENT}
        {joined.format(id="f.assessment_id")}
        WHERE {chosen.format(v="f", population=_POPULATION.format(v="f", id="f.assessment_id"))}
    """  # noqa: S608


def every_chain(*, recalibrated: bool) -> str:
    """The statement for every chain; one that is not final goes by its current version."""
    joined = _RECALIBRATED if recalibrated else ""
    chosen = _chosen(recalibrated=recalibrated)
    return f"""
        {final_chains(recalibrated=recalibrated)}
        UNION ALL
        SELECT
            CASE
                {_NOT_FINAL}
            END,
            'NaN', {", ".join("'NaN'::float8" for _ in NUMBERS)},
            false, {", ".join("false" for _ in ANSWERS)}, false, false, false,
            {_PATIENT.format(patient="a.patient_id")}, {_DAY}, 0, 0, 0
        FROM scoring_assessmentchain c JOIN scoring_assessment a ON a.id = c.current_id
        {joined.format(id="a.id")}
        WHERE c.state <> %(final)s
          AND NOT EXISTS (SELECT FROM scoring_indexassessment f WHERE f.chain_id = c.id)
          AND {chosen.format(v="a", population=_POPULATION.format(v="a", id="a.id"))}
    """  # noqa: S608
