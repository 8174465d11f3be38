"""Searches of the FHIR server: what they find, page by page, and what the access log gets."""

from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scoring.fhir.capability import SEARCHES
from scoring.models import AuditEvent
from tests import cast
from tests.fhir.reader import BASE, Reader, logged, resource_of

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
_FORM = "application/x-www-form-urlencoded"


def test_searches_find_by_number_patient_and_time(reader: Reader) -> None:
    made = [cast.recorded(cast.person(f"H{number}")) for number in (1, 2, 3)]
    one = made[1]
    number = one.chain.report_number

    def found(query: str) -> list[str]:
        page = reader.get(f"RiskAssessment?{query}")
        return [entry["resource"]["id"] for entry in page.get("entry", [])]

    all_of_them = [str(each.chain_id) for each in reversed(made)]
    assert found("") == all_of_them
    just_one = [str(one.chain_id)]
    assert found(f"identifier={BASE}/sid/report-number|{number}") == just_one
    assert found(f"identifier={number}") == just_one
    assert found(f"identifier=https://other.example|{number}") == []
    assert found("identifier=H2") == []
    assert found(f"identifier={number},{made[0].chain.report_number}") == all_of_them[1:]
    assert found(f"patient=Patient/{one.patient_id}") == just_one
    assert found(f"subject={BASE}/Patient/{one.patient_id}") == just_one
    assert found(f"patient={made[0].patient_id}&subject={one.patient_id}") == []
    assert found(f"_id={one.chain_id},no-id") == just_one
    # The order that is the only one, and more than a page has.
    assert found("_sort=-_lastUpdated&_count=2147483647") == all_of_them
    # White space of the answer.
    assert found("_pretty=true") == all_of_them
    later = (one.created_at + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    assert found(f"_lastUpdated=ge{later}") == all_of_them[:1]
    assert found(f"_lastUpdated=lt{later}") == all_of_them[1:]
    assert found(f"_lastUpdated=gt{later}&_lastUpdated=lt{later}") == []
    day = timezone.localdate(one.created_at).isoformat()
    assert found(f"_lastUpdated={day}") == all_of_them
    assert found("_lastUpdated=ge2025-01-01T00:00:00%2B23:59") == all_of_them
    assert found(f"_lastUpdated=lt{day}") == found(f"_lastUpdated=gt{day}") == []
    assert found(f"_lastUpdated=le{day}") == found(f"_lastUpdated=ge{day}") == all_of_them
    # As the resource tells it, to the millisecond.
    told = quote(reader.get(f"RiskAssessment/{one.chain_id}")["meta"]["lastUpdated"])
    assert str(one.chain_id) in found(f"_lastUpdated={told}")
    assert str(one.chain_id) in found(f"_lastUpdated=le{told}")
    assert str(one.chain_id) not in found(f"_lastUpdated=gt{told}")
    patient = reader.get(f"Patient?identifier={BASE}/sid/hospital-number|h2")
    assert [each["resource"]["id"] for each in patient["entry"]] == [str(one.patient_id)]
    for number in ("H9", "H%00"):
        assert reader.get(f"Patient?identifier={number}")["total"] == 0
    risk = f"RiskAssessment/{one.chain_id}"
    for target in (risk, str(one.chain_id), f"{risk}/_history/1", f"{BASE}/{risk}"):
        assert reader.get(f"Provenance?target={target}")["total"] == 1
    values = reader.get(f"Observation?patient={one.patient_id}&_lastUpdated=ge{day}")
    assert len(values["entry"]) == 7


def test_pages_lead_to_all_of_them_once(reader: Reader) -> None:
    made = [str(cast.recorded(cast.person(f"H{number}")).chain_id) for number in range(5)]
    address, seen = "RiskAssessment?_count=2", []
    for _page in range(3):
        page = reader.get(address)
        assert page["total"] == 5
        seen += [one["resource"]["id"] for one in page["entry"]]
        links = {one["relation"]: one["url"] for one in page["link"]}
        assert links["self"].startswith(f"{BASE}/RiskAssessment?_count=2")
        address = links.get("next", "")
    assert (seen, address) == (made[::-1], "")
    # Each one that was shown has a line in the access log, and each page its own.
    viewed = [number for action, number in logged() if action == Action.ASSESSMENT_VIEWED]
    assert sorted(viewed) == [f"H{n}" for n in range(5)]
    assert logged().count((Action.HISTORY_SEARCHED, "")) == 3


def test_patients_come_page_by_page_and_no_number_in_the_next_address(reader: Reader) -> None:
    made = {str(cast.recorded(cast.person(f"H{number}")).patient_id) for number in range(5)}
    form = "identifier=H0,H1,H2,H3,H4,H9&_count=2"
    page = resource_of(reader.client.post("/fhir/Patient/_search", form, _FORM), 200)
    seen: list[str] = []
    for rows in (2, 2, 1):
        assert (page["total"], len(page["entry"])) == (5, rows)
        seen += [one["resource"]["id"] for one in page["entry"]]
        links = {one["relation"]: one["url"] for one in page["link"]}
        assert "H1" not in "".join(links.values())
        page = reader.get(links["next"]) if "next" in links else {}
    assert (len(seen), set(seen), page) == (5, made, {})
    # Each one that was shown has a line in the access log.
    viewed = [number for action, number in logged() if action == Action.PATIENT_VIEWED]
    assert sorted(viewed) == [f"H{n}" for n in range(5)]
    assert len(reader.get("Patient?identifier=H0,H1,H2")["entry"]) == 3


def test_a_search_for_patients_is_as_long_as_a_page(reader: Reader) -> None:
    many = ",".join(f"H{number}" for number in range(51))
    assert "50" in reader.get(f"Patient?identifier={many}", 400)["issue"][0]["details"]["text"]
    assert reader.get(f"Patient?identifier={many.removesuffix(',H50')}")["total"] == 0


def test_a_search_that_finds_nobody_tells_who_was_looked_for(reader: Reader) -> None:
    reader.get("Patient?identifier=H9%00&_count=5")
    reader.get("Observation?_lastUpdated=ge2026-01-01&_lastUpdated=lt2026-02-01")
    lines = AuditEvent.objects.filter(actor__startswith="app").order_by("id")
    assert [(line.action, line.detail) for line in lines] == [
        (Action.PATIENTS_SEARCHED, {"fhir": "Patient", "identifier": "H9", "found": 0}),
        (
            Action.HISTORY_SEARCHED,
            {"fhir": "Observation", "_lastUpdated": "ge2026-01-01 lt2026-02-01", "found": 0},
        ),
    ]


def test_a_page_asks_the_database_no_more_for_each_row(reader: Reader) -> None:
    for number in range(4):
        cast.recorded(cast.person(f"H{number}"))

    def asked(count: int) -> int:
        with CaptureQueriesContext(connection) as found:
            reader.get(f"RiskAssessment?_count={count}")
        return len([one for one in found if not one["sql"].startswith("INSERT")])

    # But for the line of each in the access log.
    assert asked(4) == asked(2)


@pytest.mark.parametrize("kind", list(SEARCHES))
def test_a_search_by_post_finds_the_same(kind: str, reader: Reader) -> None:
    one = cast.recorded(cast.person("H1"))
    cast.recorded(cast.person("H2"))
    values = {
        "Patient": {"identifier": "h1"},
        "Provenance": {"target": f"RiskAssessment/{one.chain_id}"},
    }.get(kind, {"patient": str(one.patient_id)})
    by_get = reader.get(f"{kind}?{urlencode(values)}")
    by_post = resource_of(
        reader.client.post(f"/fhir/{kind}/_search", urlencode(values), _FORM), 200
    )
    assert by_post["entry"] == by_get["entry"]
    assert len(by_post["entry"]) == (7 if kind == "Observation" else 1)
    # Parameters may stand in the address, too.
    mixed = f"/fhir/{kind}/_search?_count=1"
    resource_of(reader.client.post(mixed, urlencode(values), _FORM), 200)


def test_a_number_sent_by_post_comes_back_in_no_address(reader: Reader) -> None:
    cast.recorded(cast.person("H1"))
    answer = reader.client.post("/fhir/Patient/_search", "identifier=H1", _FORM)
    (link,) = resource_of(answer, 200)["link"]
    assert link == {"relation": "self", "url": f"{BASE}/Patient"}
    line = AuditEvent.objects.get(action=Action.PATIENTS_SEARCHED)
    assert line.detail == {"fhir": "Patient", "identifier": "H1", "found": 1}


def test_a_search_by_post_is_read_as_strictly(reader: Reader) -> None:
    path = "/fhir/RiskAssessment/_search"
    for body, kind, status in (
        ("nope=1", _FORM, 400),
        ("identifier=a&identifier=b", _FORM, 400),
        ("{}", "application/fhir+json", 415),
        ("", "", 415),
    ):
        resource_of(reader.client.generic("POST", path, body, kind), status)
    resource_of(reader.client.get(path), 405)
    assert resource_of(reader.client.post(f"{path}?identifier=a", "identifier=b", _FORM), 400)
    no_token = Client().post(path, "", _FORM)
    assert resource_of(no_token, 401)
