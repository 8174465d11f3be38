"""What other systems send, read as values: what is used, and what is refused for which reason."""

from decimal import Decimal
from typing import Any

import pytest

from scoring.fhir.codes import LOINC, NOT_READ_AS, SYSTEM
from scoring.fhir.problem_texts import problem_text
from scoring.fhir.resource import Resource
from scoring.fhir.sent_observation import Unusable
from scoring.fhir.sent_values import SentValues, entries, read_values
from scoring.nomogram.rong2025.model import RONG_2025
from tests.fhir.sent import (
    OPERATION,
    PATIENT,
    TODAY,
    answer,
    bundle,
    example,
    observation,
    quantity,
)

AFTER = answer("mvh", False, day="2026-03-14")


def read(*resources: Resource, patient: Resource | None = PATIENT, **more: Any) -> SentValues:
    days = {"operation": OPERATION, "today": TODAY} | more
    return read_values(entries(bundle(*resources, patient=patient)), **days)


def problems(*resources: Resource, **more: Any) -> list[tuple[Unusable, str]]:
    found = read(*resources, **more).problems
    for one in found:
        assert problem_text(one)
    return [(one.code, one.predictor.key if one.predictor else "") for one in found]


def of(name: str, one: Resource | None) -> list[Unusable]:
    """What is wrong with the example with another observation in the place of this one."""
    return [code for code, _key in problems(*example(**{name: one}).values())]


def test_the_worked_example_is_scored_as_the_model_does() -> None:
    provisional, final = read(*example().values()), read(*example(mvh=AFTER).values())
    values = {
        "age_years": 80,
        "t_score": -2.0,
        "trauma_history": True,
        "posterior_fascia_edema": True,
        "pdw_fl": 12.8,
        "chloride_mmol_l": 105,
    }
    assert provisional.result == RONG_2025.assess({**values, "mvh_restored": None})
    assert final.result == RONG_2025.assess({**values, "mvh_restored": False})
    # As it was sent.
    assert str(final.found["pdw_fl"].value) == "12.80"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("pdw", observation("32207-3", **quantity("12.8", "um3"))),
        ("pdw", observation("32207-3", valueQuantity={"value": Decimal("12.8"), "unit": "fL"})),
        ("pdw", answer("pdw", True) | quantity("12.8", "fL")),
        ("chloride", observation("2075-0", **quantity("105", "meq/L"))),
        ("chloride", observation("2075-0", valueQuantity={"value": 105, "unit": "mEq/L"})),
        ("chloride", observation("2075-0", status="corrected", **quantity("105", "mmol/L"))),
        ("t_score", observation("38264-8", **quantity("-2.0", "{T-score}"))),
        ("t_score", observation("80948-3", **quantity("-2.0"))),
        ("t_score", observation("38263-0", day="2026-03-11T23:59:00+08:00", **quantity("-2", "1"))),
    ],
)
def test_other_ways_to_say_the_same(name: str, sent: Resource) -> None:
    expected = read(*example().values()).result
    sent.pop("valueBoolean", None)
    assert read(*example(**{name: sent}).values()).result == expected


@pytest.mark.parametrize(
    ("name", "sent", "why"),
    [
        ("pdw", None, Unusable.MISSING),
        ("trauma", None, Unusable.MISSING),
        ("pdw", observation("32207-3", **quantity("12.8", "%")), Unusable.OTHER_UNIT),
        ("pdw", observation("32207-3", **quantity("12.8")), Unusable.NO_UNIT),
        # A code of an fL quantity, by an analyser whose range says 10 GSD.
        (
            "pdw",
            observation(
                "32207-3",
                referenceRange=[{"low": {"value": 15}, "high": {"value": Decimal("17.0")}}],
                **quantity("15.4", "fL"),
            ),
            Unusable.OTHER_UNIT,
        ),
        (
            "pdw",
            observation(
                "32207-3",
                valueQuantity=quantity("15.4", "fL")["valueQuantity"] | {"unit": "10(GSD)"},
            ),
            Unusable.OTHER_UNIT,
        ),
        # Some name the range in words alone.
        (
            "pdw",
            observation(
                "32207-3", referenceRange=[{"text": "15.0 - 17.0"}], **quantity("15.4", "fL")
            ),
            Unusable.OTHER_UNIT,
        ),
        ("pdw", observation("32207-3", **quantity("5.9", "fL")), Unusable.OUT_OF_RANGE),
        ("pdw", observation("32207-3", **quantity("6", "fL", comparator="<")), Unusable.COMPARATOR),
        ("pdw", observation("32207-3", valueString="***.*"), Unusable.NO_VALUE),
        ("pdw", observation("32207-3", valueQuantity={"value": True}), Unusable.NO_VALUE),
        ("pdw", observation("32207-3", day=None, **quantity("12.8", "fL")), Unusable.NO_DATE),
        ("pdw", observation("32207-3", day="2026-03", **quantity("12.8", "fL")), Unusable.NO_DATE),
        (
            "pdw",
            observation("32207-3", day="2026-02-10", **quantity("12.8", "fL")),
            Unusable.TOO_OLD,
        ),
        (
            "pdw",
            observation("32207-3", day="2026-03-14", **quantity("12.8", "fL")),
            Unusable.AFTER_OPERATION,
        ),
        (
            "pdw",
            observation("32207-3", status="preliminary", **quantity("12.8", "fL")),
            Unusable.STATUS,
        ),
        (
            "pdw",
            observation("32207-3", subject={"reference": "Patient/p2"}, **quantity("12.8", "fL")),
            Unusable.OTHER_PATIENT,
        ),
        ("pdw", observation("32207-3", subject={}, **quantity("1", "fL")), Unusable.OTHER_PATIENT),
        ("chloride", observation("2075-0", **quantity("372", "mg/dL")), Unusable.OTHER_UNIT),
        ("t_score", observation("38267-1", **quantity("-2.0", "g/cm2")), Unusable.OTHER_UNIT),
        ("trauma", answer("trauma-history", True) | {"valueBoolean": "yes"}, Unusable.NO_VALUE),
        ("mvh", answer("mvh", False, day="2026-03-13"), Unusable.NOT_IN_WINDOW),
        ("mvh", answer("mvh", False, day=None), Unusable.NO_DATE),
    ],
)
def test_what_is_refused(name: str, sent: Resource | None, why: Unusable) -> None:
    assert of(name, sent) == [why]


@pytest.mark.parametrize("code", NOT_READ_AS)
def test_a_code_of_another_quantity_is_not_taken_for_a_predictor(code: str) -> None:
    predictor = NOT_READ_AS[code]
    name = {"bmd": "t_score"}.get(predictor.key, predictor.key)
    unit = predictor.unit or "1"
    other = observation(code, **quantity("10", unit))
    assert of(name, other) == [Unusable.OTHER_QUANTITY]
    # Beside a right one it does not matter.
    assert read(*example(other=other).values()).result is not None
    # With a right code beside it in one observation, it does.
    both = {"coding": [{"system": LOINC, "code": code}, {"system": SYSTEM, "code": predictor.key}]}
    assert of(name, {**other, "code": both}) == [Unusable.OTHER_QUANTITY]


def test_the_newest_counts_and_an_older_one_never_takes_its_place() -> None:
    older = observation("32207-3", day="2026-03-09", **quantity("13.5", "fL"))
    newer = observation("32207-3", day="2026-03-11T08:00:00+08:00", **quantity("12.8", "fL"))
    newest = observation("32207-3", day="2026-03-11T09:00:00+08:00", **quantity("12.1", "fL"))
    found = read(*example(pdw=newer, newest=newest, older=older).values()).found
    assert found["pdw_fl"].value == Decimal("12.1")
    in_percent = observation("32207-3", day="2026-03-11T09:00:00+08:00", **quantity("12.1", "%"))
    assert problems(*example(newest=in_percent, older=older, pdw=newer).values()) == [
        (Unusable.OTHER_UNIT, "pdw")
    ]
    # Withdrawn results and those after the operation are left out.
    withdrawn = {**newest, "status": "entered-in-error"}
    after = observation("32207-3", day="2026-03-15", **quantity("12.1", "fL"))
    found = read(*example(pdw=newer, withdrawn=withdrawn, after=after).values()).found
    assert found["pdw_fl"].value == Decimal("12.8")


def test_two_results_of_one_time_that_differ_are_not_chosen_from() -> None:
    other = observation("32207-3", **quantity("13", "fL"))
    assert problems(*example(other=other).values()) == [(Unusable.SEVERAL_VALUES, "pdw")]
    same = observation("32207-3", **quantity("12.8", "fL"))
    assert problems(*example(other=same).values()) == []
    # Of several sites the lowest T-score, where they say the same to the model.
    hip = observation("38264-8", day="2026-03-01", **quantity("-2.9", "1"))
    assert read(*example(hip=hip).values()).found["t_score"].value == Decimal("-2.9")
    hip = observation("38264-8", day="2026-03-01", **quantity("-3.6", "1"))
    assert problems(*example(hip=hip).values()) == [(Unusable.SEVERAL_VALUES, "bmd")]


def test_the_patient() -> None:
    assert problems(*example().values(), patient=None)[0] == (Unusable.NO_PATIENT, "")
    assert problems(PATIENT, *example().values())[0] == (Unusable.SEVERAL_PATIENTS, "")
    for born in (None, "1945", "1945-07"):
        patient = {k: v for k, v in {**PATIENT, "birthDate": born}.items() if v}
        assert problems(*example().values(), patient=patient) == [(Unusable.NO_BIRTH_DATE, "age")]
    young = {**PATIENT, "birthDate": "1980-01-01"}
    assert problems(*example().values(), patient=young) == [(Unusable.OUT_OF_RANGE, "age")]
    # Counted on the day of the operation, and today where that is not known.
    patient = {**PATIENT, "birthDate": "1945-03-13"}
    assert read(*example().values(), patient=patient).age_years == 81
    assert read(*example().values(), patient=patient, operation=None).age_years == 80


def test_the_patient_by_its_address() -> None:
    sent = bundle(*example().values())
    sent["entry"][0] |= {"fullUrl": "https://ehr.example/fhir/Patient/p1"}
    days = {"operation": OPERATION, "today": TODAY}
    assert not read_values(entries(sent), **days).problems
    for entry in sent["entry"][1:]:
        entry["resource"]["subject"] = {"reference": "https://ehr.example/fhir/Patient/p1"}
    assert not read_values(entries(sent), **days).problems
    # The same id on another server is another patient.
    sent["entry"][2]["resource"]["subject"] = {"reference": "https://other.example/fhir/Patient/p1"}
    assert [one.code for one in read_values(entries(sent), **days).problems] == [
        Unusable.OTHER_PATIENT
    ]


def test_a_known_height_needs_the_day_of_the_operation() -> None:
    assert problems(*example(mvh=AFTER).values(), operation=None) == [
        (Unusable.NO_OPERATION_DATE, "mvh")
    ]
    # A height that is said to be unknown, or was withdrawn, is open.
    for change in ({"status": "entered-in-error"}, {"dataAbsentReason": {"text": "not yet"}}):
        mvh = {**AFTER, **change}
        if "dataAbsentReason" in change:
            del mvh["valueBoolean"]
        result = read(*example(mvh=mvh).values()).result
        assert result is not None
        assert result.provisional


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert problems() == [
        (Unusable.MISSING, "bmd"),
        (Unusable.MISSING, "trauma_history"),
        (Unusable.MISSING, "posterior_fascia_edema"),
        (Unusable.MISSING, "pdw"),
        (Unusable.MISSING, "chloride"),
    ]
