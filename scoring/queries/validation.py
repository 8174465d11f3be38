"""The validation cohort: the index assessment of every chain, with its outcome."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone
from numpy.typing import NDArray

from scoring.entry import windows
from scoring.evaluation.local import LocalValidation
from scoring.evaluation.outcome_cohort import OutcomeCohort
from scoring.models import AssessmentChain, CachedValidation
from scoring.models.codes import Rbp, State, TimePoint
from scoring.nomogram.eligibility import Population
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries.standby import read_from
from scoring.queries.validation_statement import ANSWERS, NUMBERS, every_chain
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


# What is read of a chain, in the order of the query, as PostgreSQL's binary COPY sends it.
_KINDS = {
    "status": ">i4",
    "risk": ">f8",
    **dict.fromkeys(NUMBERS, ">f8"),
    **dict.fromkeys(("event", *ANSWERS, "overdue", "lost", "corrected_since"), "?"),
    "patient": ">i8",
    **dict.fromkeys(("operation_day", "sex", "population", "fracture_level"), ">i4"),
}
# The number of columns goes before each row, the size of its value before each column.
_ROW = np.dtype(
    [
        ("columns", ">i2"),
        *(part for n, kind in _KINDS.items() for part in ((f"size of {n}", ">i4"), (n, kind))),
    ]
)
_HEADER, _TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
# For the time of the transaction: room for the hash tables of a million rows, all processors, which
# the planner would spare itself because every row is sent, and no compiling for a single run.
SETTINGS = {
    "work_mem": "128MB",
    "parallel_tuple_cost": "0",
    "parallel_setup_cost": "100",
    "jit": "off",
}


def validation_cohort(narrowed: CohortFilter) -> OutcomeCohort:
    """The chains that fit, in one look at the record; in no particular order.

    A chain without a final version goes by its current one.
    """
    read = read_columns(
        every_chain(recalibrated=narrowed.recalibration is not None), values_of(narrowed)
    )
    inputs = {field: read.pop(field) for field in RONG_2025.fields}
    return OutcomeCohort(inputs=inputs, **read)


def values_of(narrowed: CohortFilter) -> dict[str, Any]:
    """What the statements ask for, by the names of their placeholders."""
    identifier, version = narrowed.model
    return {
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


def read_columns(select: str, values: Mapping[str, object]) -> dict[str, NDArray[Any]]:
    """What a query finds, one array a column.

    COPY's binary form has rows of one size where no value is NULL and no type varies in size, and
    such rows are an array to numpy (PostgreSQL 18, COPY, "Binary Format"). Raises ValueError for
    other rows.
    """
    content = io.BytesIO()
    alias = read_from()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        bound = cursor.mogrify(select, values).decode()
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT (FORMAT binary)", content)
    sent = content.getbuffer()
    if sent[: len(_HEADER)] != _HEADER or sent[-len(_TRAILER) :] != _TRAILER:
        raise ValueError("this is not PostgreSQL's binary COPY")
    rows = np.frombuffer(sent[len(_HEADER) : -len(_TRAILER)], _ROW)
    sizes = {f"size of {name}": np.dtype(kind).itemsize for name, kind in _KINDS.items()}
    for name, expected in {"columns": len(_KINDS), **sizes}.items():
        if (rows[name] != expected).any():
            raise ValueError(f"a row has another {name} than {expected}")
    return {
        name: rows[name].astype(np.dtype(kind).newbyteorder("=")) for name, kind in _KINDS.items()
    }


def kinds_of_patients() -> tuple[bool, bool]:
    """Whether there are assessments of real patients, and of synthetic ones."""
    real, synthetic = (
        AssessmentChain.objects.filter(synthetic=kind).exists() for kind in (False, True)
    )
    return real, synthetic


def record_stamp() -> str:
    """A mark that is another one as soon as a version, an outcome or a correction was added.

    Rows are only ever added, so that their numbers alone tell two states of a record apart; the
    last moment tells one record from another.
    """
    with connections[read_from()].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM scoring_assessment),"
            " (SELECT max(created_at) FROM scoring_assessment),"
            " (SELECT count(*) FROM scoring_patientcorrection),"
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
