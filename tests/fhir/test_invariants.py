"""The check that every resource passes: each rule finds what breaks it, and lets the sound pass."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from scoring.fhir.invariants import _RULES, broken_invariants
from scoring.fhir.leaving import faults
from scoring.fhir.resource import Resource, read, written
from scoring.fhir.structure import structure_faults
from scoring.strict_json import NotJsonError
from tests.fhir.sent import OPERATION, answer, bundle, example, observation, quantity

UCUM_PERCENT = {"system": "http://unitsofmeasure.org", "code": "%"}


def risk(**prediction: Any) -> Resource:
    return {
        "resourceType": "RiskAssessment",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "prediction": [prediction],
    }


def range_of(low: str, high: str, **unit: str) -> Resource:
    return {"low": {"value": Decimal(low), **unit}, "high": {"value": Decimal(high), **unit}}


def questions(*items: Resource) -> Resource:
    return {"resourceType": "Questionnaire", "status": "active", "item": list(items)}


def question(**more: Any) -> Resource:
    return {"linkId": "a", "type": "boolean"} | more


def observed(**more: Any) -> Resource:
    return observation("32207-3", **more)


def contained(*ids: str, reference: str = "#software", **more: Any) -> Resource:
    return {
        **risk(probabilityDecimal=Decimal(1)),
        "contained": [{"resourceType": "Device", "id": one, **more} for one in ids],
        "performer": {"reference": reference},
    }


def collected(**more: Any) -> Resource:
    return bundle(*example().values()) | more


# What is sound, and what breaks which rule.
CASES: list[tuple[str, Resource, Resource]] = [
    (
        "ras-1",
        risk(probabilityRange=range_of("1", "2", **UCUM_PERCENT)),
        risk(probabilityRange=range_of("1", "2")),
    ),
    ("ras-2", risk(probabilityDecimal=Decimal(100)), risk(probabilityDecimal=Decimal("100.1"))),
    (
        "rng-2",
        risk(probabilityRange=range_of("1", "1", **UCUM_PERCENT)),
        risk(probabilityRange=range_of("2", "1", **UCUM_PERCENT)),
    ),
    (
        "per-1",
        risk(whenPeriod={"start": "2026-03-16", "end": "2026-04-12"}),
        risk(whenPeriod={"start": "2026-04-16", "end": "2026-04-12"}),
    ),
    (
        "obs-6",
        observed(dataAbsentReason={"text": "unknown"}),
        observed(valueBoolean=True, dataAbsentReason={"text": "unknown"}),
    ),
    (
        "obs-3",
        observed(referenceRange=[{"text": "9-17"}]),
        observed(referenceRange=[{"appliesTo": [{"text": "women"}]}]),
    ),
    (
        "obs-7",
        observed(valueBoolean=True, component=[{"code": {"text": "other"}}]),
        observed(valueBoolean=True, component=[{"code": observed()["code"]}]),
    ),
    (
        "qty-3",
        observed(**quantity("12.8", "fL")),
        observed(valueQuantity={"value": Decimal("12.8"), "code": "fL"}),
    ),
    ("bdl-1", collected(type="searchset", total=1), collected(total=1)),
    (
        "bdl-2",
        collected(type="searchset", entry=[{"resource": example()["pdw"], "search": {}}]),
        collected(entry=[{"resource": example()["pdw"], "search": {"mode": "match"}}]),
    ),
    (
        "bdl-7",
        collected(entry=[{"fullUrl": f"urn:x:{n}", "resource": example()["pdw"]} for n in (1, 2)]),
        collected(entry=[{"fullUrl": "urn:x:1", "resource": example()["pdw"]}] * 2),
    ),
    ("bdl-5", collected(), collected(entry=[{"fullUrl": "urn:x:1"}])),
    (
        "bdl-8",
        collected(),
        collected(
            entry=[{"fullUrl": "http://x/Patient/1/_history/1", "resource": example()["pdw"]}]
        ),
    ),
    ("bdl-9 bdl-10 bdl-11", collected(), collected(type="document")),
    (
        "att-1",
        _document := {
            "resourceType": "DocumentReference",
            "status": "current",
            "content": [{"attachment": {"contentType": "text/plain", "data": "YQ=="}}],
        },
        {**_document, "content": [{"attachment": {"data": "YQ=="}}]},
    ),
    (
        "que-1",
        questions(question(type="group", item=[question(linkId="b")])),
        questions(question(type="group")),
    ),
    (
        "que-2",
        questions(question(), question(linkId="b")),
        questions(question(), question()),
    ),
    (
        "que-3",
        questions(question(type="display")),
        questions(question(type="display", required=True)),
    ),
    (
        "que-4",
        questions(question(type="choice", answerOption=[{"valueInteger": 1}])),
        questions(
            question(type="choice", answerOption=[{"valueInteger": 1}], answerValueSet="http://x")
        ),
    ),
    (
        "que-5",
        questions(question(type="choice", answerOption=[{"valueInteger": 1}])),
        questions(question(answerOption=[{"valueInteger": 1}])),
    ),
    (
        "opd-0",
        _operation := {
            "resourceType": "OperationDefinition",
            "name": "Score",
            "status": "active",
            "kind": "operation",
            "code": "score",
            "system": False,
            "type": True,
            "instance": False,
            "parameter": [{"name": "a", "use": "in", "min": 0, "max": "1", "type": "date"}],
        },
        {**_operation, "name": "score it"},
    ),
    (
        "opd-1",
        _operation,
        {**_operation, "parameter": [{"name": "a", "use": "in", "min": 0, "max": "1"}]},
    ),
    (
        "cpb-9",
        _can := {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": "2026-11-30",
            "kind": "instance",
            "implementation": {"description": "a"},
            "fhirVersion": "4.0.1",
            "format": ["json"],
            "rest": [{"mode": "server", "resource": [{"type": "Patient"}]}],
        },
        {**_can, "rest": [{"mode": "server", "resource": [{"type": "Patient"}] * 2}]},
    ),
    ("cpb-1", _can, {name: value for name, value in _can.items() if name != "rest"}),
    (
        "cpb-2",
        {**_can, "kind": "capability", "description": "a"},
        {n: v for n, v in {**_can, "kind": "capability"}.items() if n != "implementation"},
    ),
    (
        "cpb-15",
        _can,
        {n: v for n, v in _can.items() if n != "implementation"} | {"software": {"name": "a"}},
    ),
    (
        "ext-1",
        observed(extension=[{"url": "http://x", "valueCode": "a"}]),
        observed(extension=[{"url": "http://x"}]),
    ),
    ("dom-3", contained("software"), contained("software", "other")),
    ("dom-4", contained("software"), contained("software", meta={"versionId": "1"})),
    ("ref-1 #missing", contained("software"), contained(reference="#missing")),
]


@pytest.mark.parametrize(("rule", "sound", "broken"), CASES, ids=[case[0] for case in CASES])
def test_each_invariant(rule: str, sound: Resource, broken: Resource) -> None:
    assert rule not in [one.what for one in faults(sound)]
    assert rule in [one.what for one in broken_invariants(broken)]


def test_every_rule_has_a_case() -> None:
    rules = {rule for rules in _RULES.values() for rule in rules}
    assert rules <= {case[0] for case in CASES}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda r: r.update(status="bogus"), "RiskAssessment.status"),
        (lambda r: r.update(id="a b"), "RiskAssessment.id"),
        (
            lambda r: r["prediction"][0].update(probabilityDecimal=True),
            "RiskAssessment.prediction[0].probabilityDecimal",
        ),
        (lambda r: r.update(occurrenceDateTime=5), "RiskAssessment.occurrenceDateTime"),
    ],
)
def test_codes_and_kinds_of_values_that_the_library_lets_pass(
    change: Callable[[Resource], Any], where: str
) -> None:
    sound = risk(probabilityDecimal=Decimal("12.80"))
    assert faults(sound) == []
    wrong = deepcopy(sound)
    change(wrong)
    found = [one.where for one in broken_invariants(wrong)]
    assert where in found


@pytest.mark.parametrize("empty", [None, "", [], {}, [None]])
def test_nothing_is_empty(empty: object) -> None:
    assert len(faults({**observed(), "performer": empty})) == 1
    assert len(faults({**observed(), "method": {"text": "a", "coding": empty}})) == 1


def test_codes_of_resources_inside_others() -> None:
    inside = collected()
    inside["entry"][1]["resource"]["status"] = "done"
    (fault,) = faults(inside)
    assert (fault.code, fault.where) == ("code-invalid", "Bundle.entry[1].resource.status")
    sent = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "operationDate", "valueDate": OPERATION.isoformat()},
            {"name": "inputs", "resource": inside},
        ],
    }
    (fault,) = faults(sent)
    where = "Parameters.parameter[1].resource.entry[1].resource.status"
    assert (fault.code, fault.where) == ("code-invalid", where)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"resourceType": "Nope"},
        {"resourceType": "Coding"},
        {"resourceType": ["Patient"]},
        {"resourceType": "Patient", "nope": 1},
        {"resourceType": "Patient", "birthDate": "2026-02-30"},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"id": "a"}}]},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": 5}]},
        {"resourceType": "Bundle", "type": "collection", "entry": 5},
        {"resourceType": "Patient", "contained": [{"resourceType": "Nope"}]},
        answer("mvh", True) | {"valueString": "two values"},
    ],
)
def test_structure(sent: Resource) -> None:
    assert list(structure_faults(sent))


def test_json_keeps_digits_and_refuses_what_is_no_json() -> None:
    text = '{"a":[12.80,-2.0,105,1E+1,"é",true,null]}'
    assert written(read(text.encode())) == '{"a":[12.80,-2.0,105,1E+1,"é",true,null]}'
    for wrong in (
        b"",
        b"[]",
        b"{",
        b'{"a":NaN}',
        b'{"a":1,"a":2}',
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 70 + b"1" + b"}" * 70,
    ):
        with pytest.raises(NotJsonError):
            read(wrong)
    with pytest.raises(ValueError, match="finite"):
        written({"a": Decimal("NaN")})
