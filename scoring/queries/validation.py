"""The validation cohort: the index assessment of every chain, with its outcome."""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from scoring.entry import windows
from scoring.evaluation.drift import DAY_ZERO
from scoring.evaluation.local import LocalValidation
from scoring.evaluation.outcome_cohort import (
    POPULATIONS,
    SEXES,
    InclusionStatus,
    OutcomeCohort,
)
from scoring.models import AssessmentChain, CachedValidation
from scoring.models.codes import NotEvaluable, Rbp, State, TimePoint
from scoring.nomogram.eligibility import Answer, Criterion, Population
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics.plain import shape_of


@dataclass(frozen=True)
class CohortFilter:
    """Which chains: of one model (identifier, version), operated in a span of days, eligible.

    With the number of a ``recalibration`` those made with it, judged by its risk, whichever
    published version it adjusts. ``population`` None means anybody. Real and synthetic patients are
    never taken together.
    """

    model: tuple[str, str]
    recalibration: int | None = None
    operated_from: date | None = None
    operated_to: date | None = None
    population: Population | None = None
    synthetic: bool = False

    @property
    def judged(self) -> tuple[str, str]:
        """Identifier and version as other hospitals see them: an adjusted one is told apart."""
        identifier, version = self.model
        if self.recalibration is None:
            return self.model
        return identifier, f"{version}, recalibrated {self.recalibration}"


_NUMBERS = tuple(RONG_2025.numeric)
_ANSWERS = tuple(field for field in RONG_2025.fields if field not in _NUMBERS)
# A row as it is read, in the order of the query.
_ROW = np.dtype(
    [
        ("status", np.int32),
        ("risk", np.float64),
        *((field, np.float64) for field in _NUMBERS),
        *((name, np.bool_) for name in ("event", *_ANSWERS, "overdue", "lost", "corrected_since")),
        ("patient", np.int64),
        *((name, np.int32) for name in ("operation_day", "sex", "population", "fracture_level")),
    ]
)
# For the time of the transaction: room for the hash tables of a million rows, all processors, which
# the planner would spare itself because every row is sent, and no compiling for a single run.
_SETTINGS = {
    "work_mem": "128MB",
    "parallel_tuple_cost": "0",
    "parallel_setup_cost": "100",
    "jit": "off",
}
# The same number for the same patient: that two of a million share one is less likely than 1e-6.
_PATIENT = "hashtextextended({v}.patient_id::text, 0)"
_DAY = f"c.operation_date - DATE '{DAY_ZERO}'"
# Lost to follow-up, or not asked: whether it hurts is missing. Who died, was operated again or
# fractured again has no such outcome to be missing.
_LOST = f"""
    c.rbp = '{Rbp.NOT_EVALUABLE}' AND NOT EXISTS (
        SELECT FROM scoring_outcome o
        WHERE o.chain_id = c.id
          AND o.not_evaluable NOT IN ('', '{NotEvaluable.LOST}', '{NotEvaluable.NOT_ASKED}')
          AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)
    )
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


def _select(*, recalibrated: bool) -> str:
    """The statement for one published model, or for one recalibration and its risks.

    What was known when: a VAS recorded before the assessment, or of an earlier day. Whichever VAS,
    and whatever it was: leaving out by its value would take away patients without pain alone.
    """
    risk = "f.risk"
    if recalibrated:
        risk = "CASE WHEN f.mvh_restored THEN r.restored_risk ELSE r.not_restored_risk END"
    joined = _RECALIBRATED if recalibrated else ""
    chosen = _CHOSEN + (_OF_RECALIBRATION if recalibrated else _OF_MODEL)
    # Constants of this file; what is asked for goes in as values.
    return f"""
        SELECT CASE
                   {_NOT_FINAL}
                   WHEN c.vas_known_at <= f.created_at
                       OR LEAST(c.vas_day_3_on, c.vas_day_30_on)
                           < (f.created_at AT TIME ZONE %(zone)s)::date
                       THEN {InclusionStatus.AFTER_OUTCOME}
                   WHEN c.rbp = %(not_evaluable)s THEN {InclusionStatus.NOT_EVALUABLE}
                   WHEN c.rbp = %(pending)s THEN {InclusionStatus.PENDING}
                   ELSE {InclusionStatus.ANALYSED}
               END,
               {risk}, {", ".join(f"f.{field}" for field in _NUMBERS)},
               (c.rbp = %(yes)s)::int, {", ".join(f"f.{field}::int" for field in _ANSWERS)},
               (c.operation_date < %(window_ended)s)::int, ({_LOST})::int,
               (c.current_id <> f.assessment_id)::int, {_PATIENT.format(v="f")}, {_DAY},
               {_SEX}, {_place_of(_POPULATION.format(v="f", id="f.assessment_id"), POPULATIONS)},
               {_LEVEL}
        FROM scoring_indexassessment f JOIN scoring_assessmentchain c ON c.id = f.chain_id
        JOIN scoring_assessment x ON x.id = f.assessment_id
        JOIN scoring_patient p ON p.id = f.patient_id
        {joined.format(id="f.assessment_id")}
        WHERE {chosen.format(v="f", population=_POPULATION.format(v="f", id="f.assessment_id"))}
        UNION ALL
        SELECT
            CASE
                {_NOT_FINAL}
            END,
            'NaN', {", ".join("'NaN'::float8" for _ in _NUMBERS)},
            0, {", ".join("0" for _ in _ANSWERS)}, 0, 0, 0,
            {_PATIENT.format(v="a")}, {_DAY}, 0, 0, 0
        FROM scoring_assessmentchain c JOIN scoring_assessment a ON a.id = c.current_id
        {joined.format(id="a.id")}
        WHERE c.state <> %(final)s
          AND NOT EXISTS (SELECT FROM scoring_indexassessment f WHERE f.chain_id = c.id)
          AND {chosen.format(v="a", population=_POPULATION.format(v="a", id="a.id"))}
    """  # noqa: S608


def validation_cohort(narrowed: CohortFilter) -> OutcomeCohort:
    """The chains that fit, in one look at the record; in no particular order.

    A chain without a final version goes by its current one.
    """
    identifier, version = narrowed.model
    values = {
        "synthetic": narrowed.synthetic,
        "from": narrowed.operated_from,
        "to": narrowed.operated_to,
        "population": narrowed.population and narrowed.population.value,
        "identifier": identifier,
        "version": version,
        "recalibration": narrowed.recalibration,
        "zone": timezone.get_current_timezone_name(),
        "window_ended": timezone.localdate() - timedelta(days=windows.VAS[TimePoint.DAY_30].last),
        "voided": State.VOIDED.value,
        "cancelled": State.CANCELLED.value,
        "no_radiograph": State.NO_RADIOGRAPH.value,
        "provisional": State.PROVISIONAL.value,
        "final": State.FINAL.value,
        "yes": Rbp.YES.value,
        "pending": Rbp.PENDING.value,
        "not_evaluable": Rbp.NOT_EVALUABLE.value,
    }
    rows = _rows(_select(recalibrated=narrowed.recalibration is not None), values)
    return OutcomeCohort(
        inputs={field: rows[field] for field in RONG_2025.fields},
        **{name: rows[name] for name in _ROW.names or () if name not in RONG_2025.fields},
    )


def _rows(select: str, values: Mapping[str, object]) -> NDArray[np.void]:
    """What a query finds as an array of ``_ROW``: COPY sends numbers as text, and numpy reads it.

    No value may be NULL: numpy then raises ValueError.
    """
    content = io.BytesIO()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, value in _SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        bound = cursor.mogrify(select, values).decode()
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT", content)
    if not content.tell():
        return np.empty(0, _ROW)
    content.seek(0)
    return np.loadtxt(content, dtype=_ROW, delimiter="\t", ndmin=1)


def kinds_of_patients() -> tuple[bool, bool]:
    """Whether there are assessments of real patients, and of synthetic ones."""
    real, synthetic = (
        AssessmentChain.objects.filter(synthetic=kind).exists() for kind in (False, True)
    )
    return real, synthetic


def record_stamp() -> str:
    """A mark that is another one as soon as any version or outcome was added.

    Rows are only ever added, so that their numbers alone tell two states of a record apart; the
    last moment tells one record from another.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM scoring_assessment),"
            " (SELECT max(created_at) FROM scoring_assessment),"
            " count(*) FROM scoring_outcome"
        )
        return "|".join(str(part) for part in cursor.fetchone())


def validation_key(narrowed: CohortFilter, stamp: str) -> str:
    """What a validation of these patients in this state of the record is kept under.

    Today belongs to it, because it says whose outcome is overdue; so does the software, which may
    compute, or keep, something else tomorrow.
    """
    parts = [
        settings.VERSION,
        shape_of(LocalValidation),
        stamp,
        narrowed.model,
        narrowed.recalibration,
        str(narrowed.operated_from),
        str(narrowed.operated_to),
        narrowed.population,
        narrowed.synthetic,
        str(timezone.localdate()),
        timezone.get_current_timezone_name(),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def cached_validation(key: str) -> str | None:
    """What was computed for this key, as JSON, if it was."""
    return CachedValidation.objects.filter(key=key).values_list("content", flat=True).first()
