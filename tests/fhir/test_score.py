"""$score: resources in, a risk out; every value survives the way out and back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.fhir.codes import predictor_code
from scoring.fhir.leaving import checked
from scoring.fhir.observation import quantity as quantity_of
from scoring.fhir.resource import Resource, read
from scoring.fhir.risk_assessment import per_cent
from scoring.fhir.score import RefusedError, score
from scoring.nomogram.predictor import NumericPredictor
from scoring.nomogram.rong2025.model import AGE, MVH, RONG_2025
from tests.fhir.sent import NOW, OPERATION, PATIENT, answer, bundle, example, observation, quantity


def asked(sent: Resource, operation: date | None = OPERATION) -> Resource:
    """Parameters with a bundle."""
    parameters: list[Resource] = [{"name": "inputs", "resource": sent}]
    if operation is not None:
        parameters.append({"name": "operationDate", "valueDate": operation.isoformat()})
    return {"resourceType": "Parameters", "parameter": parameters}


def refused(sent: Resource) -> tuple[bool, list[Resource]]:
    with pytest.raises(RefusedError) as caught:
        score(sent, NOW)
    return caught.value.is_sound, read(checked(caught.value.outcome).encode())["issue"]


def test_a_bundle_alone_is_scored_as_of_today() -> None:
    risk = read(checked(score(bundle(*example().values()), NOW)).encode())
    assert risk["status"] == "preliminary"
    assert risk["subject"] == {"reference": "Patient/p1", "type": "Patient"}
    assert len(risk["prediction"]) == 4
    assert risk["prediction"][0]["whenRange"]["low"] == {
        "value": 3,
        "unit": "d",
        "system": "http://unitsofmeasure.org",
        "code": "d",
    }
    assert "id" not in risk


def test_the_basis_names_what_was_used() -> None:
    sent = bundle(*example(mvh=answer("mvh", False, day="2026-03-14")).values())
    for place, entry in enumerate(sent["entry"][1:]):
        entry["fullUrl"] = f"urn:uuid:1d551ad3-069b-44de-bc92-bf00f3649e3{place}"
    sent["entry"].append({"resource": observation("718-7", id="hb", **quantity("120", "g/L"))})
    risk = score(asked(sent), NOW)
    assert risk["status"] == "final"
    assert {one["reference"] for one in risk["basis"]} == {
        entry["fullUrl"] for entry in sent["entry"] if "fullUrl" in entry
    }
    assert risk["prediction"][0]["whenPeriod"] == {"start": "2026-03-16", "end": "2026-04-12"}


def test_what_is_wrong_is_told_with_its_place() -> None:
    in_percent = observation("32207-3", **quantity("12.8", "%"))
    is_sound, issues = refused(asked(bundle(*example(pdw=in_percent, chloride=None).values())))
    assert is_sound
    assert [one["details"]["coding"][0]["code"] for one in issues] == ["other-unit", "missing"]
    where = "Parameters.parameter[0].resource.entry[4].resource.valueQuantity"
    assert issues[0]["expression"] == [where]
    assert "%" in issues[0]["details"]["text"]
    assert "fL" in issues[0]["details"]["text"]
    assert issues[1]["code"] == "required"
    assert "expression" not in issues[1]


@pytest.mark.parametrize(
    ("sent", "is_sound"),
    [
        ({"resourceType": "Bundle", "type": "bogus"}, False),
        ({"resourceType": "Bundle"}, False),
        ({"resourceType": "Patient"}, True),
        ({"resourceType": "Parameters"}, True),
        (asked(PATIENT), True),
        ({**asked(bundle()), "parameter": asked(bundle())["parameter"] * 2}, True),
        (
            {
                "resourceType": "Parameters",
                "parameter": [
                    {"name": "inputs", "resource": bundle()},
                    {"name": "operationDate", "valueDate": "2026-03"},
                ],
            },
            True,
        ),
    ],
)
def test_what_is_no_question(sent: Resource, is_sound: bool) -> None:
    assert refused(sent)[0] is is_sound


def test_days_and_addresses_that_lead_nowhere() -> None:
    for day in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"):
        pdw = observation("32207-3", day=day, **quantity("12.8", "fL"))
        assert refused(asked(bundle(*example(pdw=pdw).values())))[0]
    for operation in (date(1999, 12, 31), date(2028, 1, 1), date(9999, 12, 31)):
        _is_sound, (issue,) = refused(asked(bundle(*example().values()), operation))
        assert issue["expression"] == ["Parameters.parameter[1]"]
    sent = bundle(*example().values())
    sent["entry"][1]["fullUrl"] = "#a"
    assert "basis" not in score(sent, NOW)


def _number(predictor: NumericPredictor) -> st.SearchStrategy[Decimal]:
    low, high = (Decimal(str(end)) for end in predictor.domain)
    return st.decimals(low, high, places=2)


VALUES = st.fixed_dictionaries(
    {
        one.field: _number(one) if isinstance(one, NumericPredictor) else st.booleans()
        for one in RONG_2025.predictors
        if one is not AGE
    }
    | {AGE.field: st.integers(50, 100), MVH.field: st.sampled_from([True, False, None])}
)


@settings(deadline=None)
@given(VALUES)
def test_every_value_survives_the_way_out_and_back(values: dict[str, Any]) -> None:
    observations = []
    for predictor in RONG_2025.predictors:
        value = values[predictor.field]
        if predictor is AGE or value is None:
            continue
        day = "2026-03-14" if predictor is MVH else "2026-03-12"
        one = answer(predictor_code(predictor), bool(value), day=day)
        if isinstance(predictor, NumericPredictor):
            del one["valueBoolean"]
            one["valueQuantity"] = quantity_of(predictor, value)
        # As text, as it goes over a wire.
        observations.append(read(checked(one).encode()))
    born = OPERATION.replace(year=OPERATION.year - values[AGE.field])
    patient = {**PATIENT, "birthDate": born.isoformat()}
    risk = read(checked(score(asked(bundle(*observations, patient=patient)), NOW)).encode())
    expected = RONG_2025.assess(values)
    assert [one["probabilityDecimal"] for one in risk["prediction"][::2]] == [
        per_cent(scenario.risk) for scenario in expected.scenarios
    ]
    # No patient has a risk of 0 or 100 %.
    assert all(0 < one["probabilityDecimal"] < 100 for one in risk["prediction"][::2])
