"""One observation that was sent: which predictor it is of, its day, its value and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils import timezone

from scoring.fhir.codes import LOINC, NOT_READ_AS, READ_AS, SYSTEM, UCUM, predictor_code
from scoring.fhir.resource import Resource
from scoring.nomogram.coded import names_gsd, range_ends
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import AGE, RONG_2025

USABLE_STATUSES = frozenset({"final", "amended", "corrected"})


class Unusable(StrEnum):
    """Why nothing can be scored, or not with this resource."""

    NO_PATIENT = "no_patient"
    SEVERAL_PATIENTS = "several_patients"
    NO_BIRTH_DATE = "no_birth_date"
    NO_OPERATION_DATE = "no_operation_date"
    OTHER_PATIENT = "other_patient"
    MISSING = "missing"
    STATUS = "status"
    OTHER_QUANTITY = "other_quantity"
    NO_VALUE = "no_value"
    COMPARATOR = "comparator"
    NO_UNIT = "no_unit"
    OTHER_UNIT = "other_unit"
    OUT_OF_RANGE = "out_of_range"
    NO_DATE = "no_date"
    TOO_OLD = "too_old"
    AFTER_OPERATION = "after_operation"
    NOT_IN_WINDOW = "not_in_window"
    SEVERAL_VALUES = "several_values"


class Problem(NamedTuple):
    """Why a value can't be used.

    ``predictor`` is None where it is about none; ``where`` a FHIRPath expression, "" where
    something is missing; ``values`` are told with it.
    """

    code: Unusable
    predictor: Predictor | None = None
    where: str = ""
    values: Mapping[str, Any] = MappingProxyType({})


class Sent(NamedTuple):
    """A resource that was sent: the place where it stands, and its own address ("" without one)."""

    resource: Resource
    where: str
    address: str = ""

    @property
    def reference(self) -> str:
        """What refers to it: its address, or type and id, or nothing."""
        if self.address:
            return self.address
        name = self.resource.get("id")
        return f"{self.resource.get('resourceType')}/{name}" if name else ""


@dataclass(frozen=True)
class Candidate:
    """An observation of a predictor. ``problem`` is None where its value can be scored."""

    sent: Sent
    predictor: Predictor
    day: date | None
    moment: datetime | None
    value: Decimal | bool | None
    problem: Problem | None


def candidate(sent: Sent) -> Candidate | None:
    """The observation as one of a predictor; None where it is of something else."""
    predictor, is_other = _predictor_of(sent.resource)
    if predictor is None:
        return None
    day, moment = effective(sent.resource)
    value: Decimal | bool | None = None
    problem = next(_problems_of_kind(sent, predictor, is_other), None)
    if problem is None:
        value, problem = _value(sent, predictor)
    return Candidate(sent, predictor, day, moment, value, problem)


def _predictor_of(observation: Resource) -> tuple[Predictor | None, bool]:
    """The predictor that the codes name, and whether they name something else in its place."""
    own = {predictor_code(one): one for one in RONG_2025.predictors}
    found: Predictor | None = None
    for coding in observation.get("code", {}).get("coding", []):
        system, code = coding.get("system"), coding.get("code")
        if system == LOINC and code in NOT_READ_AS:
            return NOT_READ_AS[code], True
        if system == LOINC and code in READ_AS:
            found = READ_AS[code]
        elif system == SYSTEM and code in own:
            found = found or own[code]
    return found, False


def _problems_of_kind(sent: Sent, predictor: Predictor, is_other: bool) -> Iterator[Problem]:
    status = sent.resource.get("status")
    if is_other:
        yield Problem(Unusable.OTHER_QUANTITY, predictor, f"{sent.where}.code")
    if status not in USABLE_STATUSES:
        yield Problem(Unusable.STATUS, predictor, f"{sent.where}.status", {"status": status})


def _value(sent: Sent, predictor: Predictor) -> tuple[Decimal | bool | None, Problem | None]:
    if not isinstance(predictor, NumericPredictor):
        answer = sent.resource.get("valueBoolean")
        if isinstance(answer, bool):
            return answer, None
        return None, Problem(Unusable.NO_VALUE, predictor, sent.where)
    found = sent.resource.get("valueQuantity") or {}
    number, where = found.get("value"), f"{sent.where}.valueQuantity"
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None, Problem(Unusable.NO_VALUE, predictor, sent.where)
    if "comparator" in found:
        return None, Problem(Unusable.COMPARATOR, predictor, where, {"sign": found["comparator"]})
    unit = _unit(found)
    coded = coded_as(predictor)
    if not coded.has_unit(unit):
        code = Unusable.OTHER_UNIT if unit else Unusable.NO_UNIT
        return None, Problem(code, predictor, where, {"unit": unit})
    if coded.other_range and coded.other_range in _ranges(sent.resource):
        return None, Problem(Unusable.OTHER_UNIT, predictor, where, {"unit": "10(GSD)"})
    try:
        predictor.check(number)
    except PredictorError:
        return None, Problem(Unusable.OUT_OF_RANGE, predictor, where, {"value": number})
    return Decimal(number), None


def _unit(quantity: Resource) -> str:
    """The unit by its UCUM code, else as it is written; "" where there is none.

    Some code every PDW as fL, and write the unit of their analyser beside it.
    """
    written = str(quantity.get("unit", ""))
    if quantity.get("system") == UCUM and quantity.get("code") and not names_gsd(written):
        return str(quantity["code"])
    return written


def _ranges(observation: Resource) -> Iterator[tuple[Decimal, ...]]:
    """The ends of its reference ranges, by their numbers and as they are printed."""
    for one in observation.get("referenceRange", []):
        ends = (one.get(end, {}).get("value") for end in ("low", "high"))
        # The check of a structure takes a number in quotation marks, too.
        yield tuple(Decimal(end) for end in ends if end is not None)
        yield range_ends(one.get("text", ""))


def effective(observation: Resource) -> tuple[date | None, datetime | None]:
    """Day and, where it was sent, time of an observation; a day that is not whole is none."""
    sent = (
        observation.get("effectiveDateTime")
        or observation.get("effectiveInstant")
        or observation.get("effectivePeriod", {}).get("end")
    )
    return _day_and_moment(sent)


def _day_and_moment(text: object) -> tuple[date | None, datetime | None]:
    try:
        if not isinstance(text, str) or len(text) < len("2026-11-28"):
            return None, None
        if "T" not in text:
            return date.fromisoformat(text), None
        moment = timezone.localtime(datetime.fromisoformat(text))
        return moment.date(), moment
    except (ValueError, OverflowError):
        return None, None


def birth_date(patient: Resource) -> date | None:
    """The date of birth; None where it is missing, or only its year or month is known."""
    return _day_and_moment(patient.get("birthDate"))[0]


def is_age(one: Candidate) -> bool:
    """Whether it is of the age, which is counted from the date of birth instead."""
    return one.predictor is AGE
