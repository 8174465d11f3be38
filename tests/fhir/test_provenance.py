"""Who made a version of an assessment, when, by which application, and from what."""

import pytest

from scoring import actions
from scoring.fhir.leaving import faults
from scoring.fhir.provenance import provenance_resource
from scoring.models import Assessment, AuditEvent, Role
from tests import cast
from tests.fhir.reader import Reader, logged
from tests.laboratory.kept import of_laboratory
from tests.life import acts
from tests.need_to_know.wards import two_wards, ward
from tests.smart.taken import BASE, of_server
from tests.tokens import token_of

pytestmark = pytest.mark.django_db
_OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"


def test_a_version_tells_who_when_and_what_it_replaced(reader: Reader) -> None:
    first = acts.provisional()
    final = acts.amended(acts.completed(first))
    found = reader.get(f"Provenance/{final.pk}")
    path = f"RiskAssessment/{final.chain_id}/_history"
    assert found["target"] == [{"reference": f"{path}/3", "type": "RiskAssessment"}]
    assert found["recorded"] == found["occurredDateTime"] == found["meta"]["lastUpdated"]
    assert reader.get(f"{path}/3")["meta"]["lastUpdated"] == found["recorded"]
    assert found["activity"]["coding"] == [{"system": _OPERATION, "code": "UPDATE"}]
    assert found["reason"] == [{"text": acts.REASON}]
    (agent,) = found["agent"]
    assert agent["type"]["coding"][0]["code"] == "author"
    assert agent["who"] == {"type": "Practitioner", "display": final.created_by_name}
    assert found["entity"] == [
        {"role": "revision", "what": {"reference": f"{path}/2", "type": "RiskAssessment"}}
    ]
    created = reader.get(f"Provenance/{first.pk}")
    assert created["activity"]["coding"][0]["code"] == "CREATE"
    assert not {"reason", "entity"} & set(created)
    voided = reader.get(f"Provenance/{acts.voided(final).pk}")
    assert voided["activity"]["coding"][0]["code"] == "NULLIFY"
    assert logged()[0] == (AuditEvent.Action.ASSESSMENT_VIEWED, "H100234")


def test_an_application_is_named_as_a_device() -> None:
    token, _text = token_of("LIS", Role.CLINICIAN)
    made = actions.record_assessment(
        by=token.user,
        patient=cast.person("H7"),
        entry=cast.worked_example(),
        submission=cast.submission(),
    )
    (agent,) = provenance_resource(made)["agent"]
    assert agent["type"]["coding"][0]["code"] == "enterer"
    assert agent["who"] == {"type": "Device", "display": made.created_by_name}


def test_what_was_taken_from_other_systems_is_a_source() -> None:
    def sources(of: Assessment) -> list[object]:
        found = provenance_resource(of)
        assert faults(found) == []
        return [one["what"] for one in found["entity"] if one["role"] == "source"]

    assert sources(of_server("E1")) == [
        {
            "reference": f"{BASE}/Observation/pdw-7/_history/3",
            "type": "Observation",
            "display": "St Example EHR",
        }
    ]
    (message,) = sources(of_laboratory("H7"))
    assert isinstance(message, dict)
    assert message["identifier"] == {"value": "C-H7"}
    assert message["display"].startswith("Laboratory message of ")


def test_a_search_finds_by_target(reader: Reader) -> None:
    final = acts.completed(acts.provisional())
    cast.recorded(cast.person("H9"))

    def found(query: str) -> list[str]:
        page = reader.get(f"Provenance?{query}")
        return [one["resource"]["id"] for one in page.get("entry", [])]

    both = [str(final.pk), str(final.supersedes_id)]
    path = f"RiskAssessment/{final.chain_id}"
    assert found(f"target={path}") == both
    assert found(f"target=https://rbp.hospital.example/fhir/{path}/_history/1") == both[1:]
    assert found(f"target={path}/_history/1,{path}/_history/2") == both
    assert found(f"target={path}/_history/3") == found(f"target=Patient/{final.patient_id}") == []
    assert found(f"_id={final.pk}") == both[:1]
    assert len(found("")) == 3


def test_it_is_not_there_for_another_ward() -> None:
    theirs = two_wards().assessment
    ours = Reader(ward=ward("Spine 2"))
    ours.get(f"Provenance/{theirs.pk}", 404)
    assert "entry" not in ours.get(f"Provenance?target=RiskAssessment/{theirs.chain_id}")
