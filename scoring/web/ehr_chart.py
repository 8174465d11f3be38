"""From a chart that was read to what the form offers: the newest usable value of each predictor."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils import timezone

from scoring.fhir.codes import LOINC, NOT_READ_AS, READ_AS, SYSTEM, predictor_code
from scoring.fhir.resource import Resource
from scoring.fhir.sent_observation import Candidate, Problem, Sent
from scoring.fhir.sent_patient import sent_identity
from scoring.fhir.sent_values import read_values
from scoring.fhir.structure import structure_faults
from scoring.models.codes import DxaSite
from scoring.nomogram.rong2025.model import AGE, RONG_2025
from scoring.smart.reading import Chart
from scoring.smart.servers import Server
from scoring.smart.trouble import SmartError, Trouble
from scoring.web.ehr import Reading, Value
from scoring.words.marks import parts

# What the form can be offered: measured, with a day.
FIELDS = tuple(field for field, beside in RONG_2025.provenances.items() if beside.quantity)
# Of hip and femur LOINC names no part that the form tells apart: the user chooses.
_SPINE = "38267-1"
_LONGEST = 100


def codes() -> list[str]:
    """The codes that are searched for: also those that are told apart from a predictor."""
    own = (f"{SYSTEM}|{predictor_code(RONG_2025.by_field[field])}" for field in FIELDS)
    return [*(f"{LOINC}|{code}" for code in (*READ_AS, *NOT_READ_AS)), *own]


def reading_from(server: Server, chart: Chart) -> Reading:
    """What is shown and offered. Raises SmartError where the hospital number can't be told."""
    identity = sent_identity(chart.patient, server.number_system)
    if not identity.number:
        raise SmartError(Trouble.NO_HOSPITAL_NUMBER)
    sound = [one for one in chart.observations if not any(structure_faults(one))]
    sent = list(_sent(server, chart, sound))
    read = read_values(sent, operation=None, today=timezone.localdate())
    is_asked = {*FIELDS, AGE.field} if chart.trouble is None else {AGE.field}
    return Reading(
        server=server.name,
        identity=identity,
        values=tuple(_values(read.found)),
        problems=tuple(one for one in read.problems if _field(one) in is_asked),
        trouble=chart.trouble.trouble.value if chart.trouble else "",
        unsound=len(chart.observations) - len(sound),
    )


def _sent(server: Server, chart: Chart, sound: list[Resource]) -> Iterator[Sent]:
    """The resources as ``read_values`` takes them; of the patient what it needs."""
    name = str(chart.patient["id"])
    born = {"birthDate": chart.patient.get("birthDate")}
    patient = {"resourceType": "Patient", "id": name, **born}
    yield Sent(patient, "Patient", f"{server.issuer}/Patient/{name}")
    for place, one in enumerate(sound):
        yield Sent(one, f"Observation[{place}]")


def _field(problem: Problem) -> str:
    return problem.predictor.field if problem.predictor else ""


def _values(found: Mapping[str, Candidate]) -> Iterator[Value]:
    for field in FIELDS:
        one = found.get(field)
        if one is not None and one.day is not None and isinstance(one.value, Decimal):
            site = DxaSite.LUMBAR_SPINE.value if _is_of_spine(one.sent.resource) else ""
            yield Value(field, one.value, one.day, site, _source(one.sent.resource))


def _is_of_spine(observation: Resource) -> bool:
    codings = observation["code"].get("coding", [])
    return any((one.get("system"), one.get("code")) == (LOINC, _SPINE) for one in codings)


def _source(observation: Resource) -> str:
    """What was measured, where the server names it, and the device or laboratory."""
    named = observation["code"].get("text", "")
    by = [observation.get("device", {}), *observation.get("performer", [])]
    shown = [named, *(one.get("display", "") for one in by)]
    return parts(*(one[:_LONGEST] for one in shown if one.strip()))
