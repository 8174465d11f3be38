"""From a patient's chart to what the form offers: the newest usable value of each predictor."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.entry.read_result import ReadResult
from scoring.fhir.codes import LOINC, NOT_READ_AS, READ_AS, SYSTEM, predictor_code
from scoring.fhir.resource import Resource, without_null, written
from scoring.fhir.sent_observation import Candidate, Problem, Sent
from scoring.fhir.sent_patient import SentIdentity, sent_identity
from scoring.fhir.sent_values import read_values
from scoring.fhir.structure import structure_faults
from scoring.models.codes import DxaSite
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import AGE, BMD, RONG_2025
from scoring.words.marks import parts

# What the form can be offered: measured, with a day.
FIELDS = tuple(field for field, beside in RONG_2025.provenances.items() if beside.quantity)
# Of hip and femur LOINC names no part that the form tells apart: the user chooses.
_SPINE = {
    (LOINC, loinc.code) for loinc in coded_as(BMD).loinc if loinc.site == DxaSite.LUMBAR_SPINE.value
}
_LONGEST = 100
_NAME = re.compile(r"[A-Za-z0-9\-.]{1,64}")
# What is kept of an observation that is taken over: what is read of it, and no free text.
_KEPT = (
    "resourceType",
    "id",
    "meta",
    "status",
    "code",
    "subject",
    "effectiveDateTime",
    "effectiveInstant",
    "effectivePeriod",
    "issued",
    "performer",
    "valueQuantity",
    "specimen",
    "device",
    "referenceRange",
)


@dataclass(frozen=True)
class ChartReading:
    """What was read, and why something is not offered. ``unsound``: results that are no FHIR.

    ``server`` is the name of the server, ``base`` its FHIR base address. ``trouble`` is a code of
    ``scoring.smart.trouble`` that says why results were not read.
    """

    server: str
    base: str
    identity: SentIdentity
    results: tuple[ReadResult, ...] = ()
    problems: tuple[Problem, ...] = ()
    trouble: str = ""
    unsound: int = 0


def codes() -> list[str]:
    """The codes that are searched for: also those that are told apart from a predictor."""
    own = (f"{SYSTEM}|{predictor_code(RONG_2025.by_field[field])}" for field in FIELDS)
    return [*(f"{LOINC}|{code}" for code in (*READ_AS, *NOT_READ_AS)), *own]


def chart_reading(
    server: str,
    base: str,
    number_system: str,
    patient: Resource,
    observations: Sequence[Resource],
    *,
    today: date,
    trouble: str = "",
) -> ChartReading:
    """What the form shows and offers of a patient and the results that were found.

    ``number_system`` is that of ``sent_identity``.
    """
    told = map(without_null, observations)
    sound = [one for one in told if _is_named(one) and not any(structure_faults(one))]
    read = read_values(list(_sent(base, patient, sound)), operation=None, today=today)
    is_asked = {AGE.field} if trouble else {*FIELDS, AGE.field}
    return ChartReading(
        server=server,
        base=base,
        identity=sent_identity(patient, number_system),
        results=tuple(_results(read.found)),
        problems=tuple(one for one in read.problems if _field(one) in is_asked),
        trouble=trouble,
        unsound=len(observations) - len(sound),
    )


def _is_named(one: Resource) -> bool:
    """Whether its server names it, so that the record can say which one a value was taken from."""
    meta = one.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    names = [one.get("id"), *([version] if version is not None else [])]
    return all(isinstance(name, str) and _NAME.fullmatch(name) for name in names)


def _sent(base: str, patient: Resource, sound: list[Resource]) -> Iterator[Sent]:
    """The resources as ``read_values`` takes them; of the patient what it needs."""
    name = str(patient["id"])
    needed = {"resourceType": "Patient", "id": name, "birthDate": patient.get("birthDate")}
    yield Sent(needed, "Patient", f"{base}/Patient/{name}")
    for place, one in enumerate(sound):
        yield Sent(one, f"Observation[{place}]")


def _field(problem: Problem) -> str:
    return problem.predictor.field if problem.predictor else ""


def _results(found: Mapping[str, Candidate]) -> Iterator[ReadResult]:
    for field in FIELDS:
        one = found.get(field)
        if one is not None and one.day is not None and isinstance(one.value, Decimal):
            yield _result(one, one.value, one.day)


def _result(one: Candidate, value: Decimal, day: date) -> ReadResult:
    sent = one.sent.resource
    quantity = sent["valueQuantity"]
    return ReadResult(
        field=one.predictor.field,
        value=value,
        day=day,
        moment=one.moment,
        site=DxaSite.LUMBAR_SPINE.value if _is_of_spine(sent) else "",
        source=_told(_source(sent)),
        value_text=str(quantity["value"]),
        unit=_told(quantity.get("unit") or quantity.get("code", "")),
        code=_told(_code(sent)),
        status=sent["status"],
        reference=f"Observation/{sent['id']}",
        version=sent.get("meta", {}).get("versionId", ""),
        resource=written({name: sent[name] for name in _KEPT if name in sent}),
    )


def _told(text: str) -> str:
    """PostgreSQL takes no null character."""
    return text.replace("\x00", "")


def _code(observation: Resource) -> str:
    """The code by which it was read, with its system."""
    known = (f"{one.get('system')}|{one.get('code')}" for one in observation["code"]["coding"])
    asked = set(codes())
    return next(one for one in known if one in asked)


def _is_of_spine(observation: Resource) -> bool:
    codings = observation["code"].get("coding", [])
    return any((one.get("system"), one.get("code")) in _SPINE for one in codings)


def _source(observation: Resource) -> str:
    """What was measured, where the server names it, and the device or laboratory."""
    named = observation["code"].get("text", "")
    by = [observation.get("device", {}), *observation.get("performer", [])]
    shown = [named, *(one.get("display", "") for one in by)]
    return parts(*(one[:_LONGEST] for one in shown if one.strip()))
