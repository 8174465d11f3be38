"""The VAS of day 3 and day 30 as observations."""

from datetime import date
from typing import Any

import pytest

from scoring import actions
from scoring.entry import OutcomeEntry
from scoring.fhir.leaving import faults
from scoring.fhir.outcome_observation import outcome_observation
from scoring.models import Assessment, Outcome
from tests import cast
from tests.fhir.reader import Reader
from tests.life import acts
from tests.need_to_know.wards import two_wards, ward

pytestmark = pytest.mark.django_db


def told(of: Assessment, expected: Outcome | None = None, **entry: Any) -> Outcome:
    """An outcome, or its correction: by default a VAS of 6 on day 3."""
    values: dict[str, Any] = {"time_point": 3, "vas": 6, "measured_on": date(2025, 3, 16)}
    return actions.record_outcome(
        by=cast.alice(),
        assessment=of,
        entry=OutcomeEntry(**(values | entry)),
        expected=expected,
        reason="misread" if expected else "",
        submission=cast.submission(),
    )


def test_a_vas_is_read_with_its_code_day_and_unit(reader: Reader) -> None:
    of = cast.recorded()
    made = told(of)
    found = reader.get(f"Observation/{of.chain_id}.vas-day-3")
    assert faults(found) == []
    assert found["status"] == "final"
    assert [one["code"] for one in found["code"]["coding"]] == ["38214-3", "vas-day-3"]
    assert found["code"]["coding"][0]["system"] == "http://loinc.org"
    assert found["code"]["text"] == "Back pain (VAS) on day 3 after the operation"
    assert (found["valueQuantity"]["value"], found["valueQuantity"]["code"]) == (6, "{score}")
    assert found["effectiveDateTime"] == "2025-03-16"
    assert found["subject"]["reference"] == f"Patient/{of.patient_id}"
    assert found["focus"][0]["reference"] == f"RiskAssessment/{of.chain_id}"
    reader.get(f"Observation/{of.chain_id}.vas-day-30", 404)
    told(of, made, vas=0)
    corrected = reader.get(f"Observation/{of.chain_id}.vas-day-3")
    assert (corrected["status"], corrected["meta"]["versionId"]) == ("corrected", "2.1")
    # No pain at all is a value, too.
    assert corrected["valueQuantity"]["value"] == 0
    path = f"Observation/{of.chain_id}.vas-day-3/_history"
    assert reader.get(f"{path}/1.1")["valueQuantity"]["value"] == 6
    acts.voided(of)
    void = reader.get(f"Observation/{of.chain_id}.vas-day-3")
    assert (void["status"], void["meta"]["versionId"]) == ("entered-in-error", "2.2")
    assert reader.get(f"{path}/2.1") == corrected
    for unknown in ("3.1", "1.3", "1"):
        reader.get(f"{path}/{unknown}", 404)
    reader.get(f"Observation/{of.chain_id}.pdw/_history/1.1", 404)
    codes = reader.get("CodeSystem/rbp-risk")["concept"]
    assert {"vas-day-3", "vas-day-30"} <= {one["code"] for one in codes}


@pytest.mark.parametrize(
    ("reason", "code", "text"),
    [
        ("not_asked", "not-asked", "not asked / not documented"),
        ("lost", "asked-unknown", "lost to follow-up"),
        ("died", "not-performed", "died"),
        ("new_fracture", "not-performed", "new vertebral fracture"),
    ],
)
def test_without_a_vas_it_says_why(reason: str, code: str, text: str) -> None:
    made = told(cast.recorded(), vas=None, measured_on=None, not_evaluable=reason)
    found = outcome_observation(made, made.chain.current)
    assert faults(found) == []
    assert "valueQuantity" not in found
    assert found["dataAbsentReason"]["text"] == text
    assert found["dataAbsentReason"]["coding"][0]["code"] == code


def test_a_search_by_time_finds_an_outcome_of_an_older_assessment(reader: Reader) -> None:
    of = cast.recorded()
    made = told(of)
    after = made.created_at.isoformat().replace("+00:00", "Z")

    def found(query: str) -> list[str]:
        page = reader.get(f"Observation?{query}")
        return [one["resource"]["id"].partition(".")[2] for one in page.get("entry", [])]

    assert found(f"_lastUpdated=ge{after}") == ["vas-day-3"]
    of_patient = found(f"patient={of.patient_id}")
    assert (of_patient[0], len(of_patient)) == ("vas-day-3", 8)
    # A row a page: the outcome first, then the seven values of the assessment.
    page = reader.get(f"Observation?patient={of.patient_id}&_count=7")
    assert len(page["entry"]) == 1
    further = {one["relation"]: one["url"] for one in page["link"]}["next"]
    assert len(reader.get(further)["entry"]) == 7


def test_a_page_has_no_more_than_was_asked_for(reader: Reader) -> None:
    of = cast.recorded()
    told(of)
    cast.recorded(cast.person("H2"))
    address, seen = "Observation?_count=3", []
    while address:
        page = reader.get(address)
        assert len(page["entry"]) <= 3
        seen += [one["fullUrl"] for one in page["entry"]]
        address = {one["relation"]: one["url"] for one in page["link"]}.get("next", "")
    assert len(seen) == len(set(seen)) == 7 + 1 + 7
    whole = reader.get("Observation?_count=50")
    assert seen == [one["fullUrl"] for one in whole["entry"]]
    reader.get("Observation?_skip=x", 400)


def test_it_goes_with_its_assessment_to_another_patient(reader: Reader) -> None:
    of = cast.recorded()
    told(of)
    before = reader.get(f"Observation/{of.chain_id}.vas-day-3")
    moved = acts.amended(of, patient=cast.person("H7"))
    after = reader.get(f"Observation/{of.chain_id}.vas-day-3")
    assert after["subject"]["reference"] == f"Patient/{moved.patient_id}"
    assert reader.get(f"Observation/{of.chain_id}.vas-day-3/_history/1.1") == before
    # Whoever asks for what changed hears of it.
    since = moved.created_at.isoformat().replace("+00:00", "Z")
    page = reader.get(f"Observation?_lastUpdated=ge{since}")
    assert page["entry"][-1]["resource"] == after
    assert {one["resource"]["meta"]["lastUpdated"] for one in page["entry"]} == {
        after["meta"]["lastUpdated"]
    }
    assert len(page["entry"]) == 8
    assert "entry" not in reader.get(f"Observation?patient={of.patient_id}")
    acts.voided(moved)
    found = reader.get(f"Observation?patient={moved.patient_id}")["entry"]
    assert {one["resource"]["status"] for one in found} == {"entered-in-error"}


def test_it_is_not_there_for_another_ward() -> None:
    theirs = two_wards().assessment
    told(theirs)
    ours = Reader(ward=ward("Spine 2"))
    ours.get(f"Observation/{theirs.chain_id}.vas-day-3", 404)
    assert "entry" not in ours.get("Observation")
    assert len(Reader(ward=ward("Spine 1")).get("Observation")["entry"]) == 8
