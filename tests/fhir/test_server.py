"""The FHIR server: what an application reads, searches and asks for, and how errors leave."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from scoring.fhir.document_reference import sha1_of
from scoring.fhir.resource import MEDIA_TYPE, Resource, read, written
from scoring.models import AuditEvent, Role
from tests import cast
from tests.fhir.sent import bundle, example, observation, quantity
from tests.life import acts
from tests.need_to_know.wards import two_wards, ward
from tests.tokens import token_of

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
BASE = "https://rbp.hospital.example/fhir"
_PATIENT = "Patient?identifier=H100234"


@pytest.fixture(autouse=True)
def _public(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://rbp.hospital.example"


_NUMBERS = count()


class Reader:
    """An application that reads."""

    def __init__(self, role: Role | None = Role.CLINICIAN, **more: Any) -> None:
        self.token, text = token_of(f"EHR {next(_NUMBERS)}", role, **more)
        self.client = Client(headers={"Authorization": f"Bearer {text}"})

    def get(self, path: str, status: int = 200, **headers: str) -> Resource:
        """The resource at an address of the server."""
        path = path.removeprefix("https://rbp.hospital.example").removeprefix("/fhir/")
        return _resource(self.client.get(f"/fhir/{path}", headers=headers or None), status)

    def score(self, sent: object, status: int = 200, kind: str = MEDIA_TYPE) -> Resource:
        """The answer of $score."""
        body = sent if isinstance(sent, bytes) else written(sent).encode()
        path = "/fhir/RiskAssessment/$score"
        return _resource(self.client.generic("POST", path, body, kind), status)


def _resource(response: Any, status: int) -> Resource:
    assert (response.status_code, response["Content-Type"]) == (status, MEDIA_TYPE)
    found = read(response.content)
    assert (found["resourceType"] == "OperationOutcome") is (status >= 400)
    return found


def _code(outcome: Resource) -> tuple[str, str]:
    (issue,) = outcome["issue"]
    assert issue["details"]["text"]
    return issue["code"], issue["details"]["coding"][0]["code"]


@pytest.fixture
def reader() -> Reader:
    return Reader()


def _logged() -> list[tuple[str, str]]:
    events = AuditEvent.objects.filter(actor__startswith="app").order_by("id")
    return list(events.values_list("action", "hospital_number"))


def test_a_risk_is_read_with_what_it_names(reader: Reader) -> None:
    first = acts.provisional()
    final = acts.completed(first)
    path = f"RiskAssessment/{final.chain_id}"
    response = reader.client.get(f"/fhir/{path}")
    assert response["ETag"] == 'W/"2"'
    risk = reader.get(path)
    assert risk["status"] == "final"
    assert reader.get(f"{path}/_history/1")["status"] == "preliminary"
    assert reader.get(f"{path}/_history/2") == risk
    assert reader.get(risk["subject"]["reference"])["identifier"][0]["value"] == "H100234"
    values = [reader.get(one["reference"]) for one in risk["basis"]]
    assert len(values) == 7
    assert b'"value":12.80,' in reader.client.get(f"/fhir/{risk['basis'][4]['reference']}").content
    assert reader.get(f"{values[0]['resourceType']}/{values[0]['id']}/_history/1")
    assert _logged()[0] == (Action.ASSESSMENT_VIEWED, "H100234")
    assert (Action.PATIENT_VIEWED, "H100234") in _logged()


def test_a_void_is_seen_where_the_result_was(reader: Reader) -> None:
    final = cast.recorded()
    path = f"RiskAssessment/{final.chain_id}"
    assert reader.get(path)["status"] == "final"
    acts.voided(final)
    assert reader.get(path)["status"] == "entered-in-error"


@pytest.mark.slow
def test_the_report_is_told_with_size_and_hash(reader: Reader) -> None:
    first = acts.provisional()
    final = acts.completed(first)
    document = reader.get(f"DocumentReference/{final.pk}")
    attachment = document["content"][0]["attachment"]
    assert attachment["url"] == f"{BASE}/Binary/{final.pk}"
    assert attachment["language"] == "en"
    response = reader.client.get(f"/fhir/Binary/{final.pk}", headers={"Accept": "application/pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert (attachment["size"], attachment["hash"]) == (
        len(response.content),
        sha1_of(response.content),
    )
    assert (Action.REPORT_PRINTED, "H100234") in _logged()
    assert document["relatesTo"][0]["target"]["reference"] == f"DocumentReference/{first.pk}"
    # A replaced report is not kept, and it says that it is replaced.
    assert reader.get(f"DocumentReference/{first.pk}")["status"] == "superseded"
    page = reader.get("DocumentReference?patient=" + str(final.patient_id))
    assert [one["resource"]["id"] for one in page["entry"]] == [str(final.pk), str(first.pk)]
    # In a search what is kept is told; nothing is made for it.
    assert page["entry"][0]["resource"]["content"][0]["attachment"]["size"] == attachment["size"]
    assert "size" not in page["entry"][1]["resource"]["content"][0]["attachment"]
    assert reader.get(f"DocumentReference?_id={first.pk}")["total"] == 1


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
    later = (one.created_at + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    assert found(f"_lastUpdated=ge{later}") == all_of_them[:1]
    assert found(f"_lastUpdated=lt{later}") == all_of_them[1:]
    assert found(f"_lastUpdated=gt{later}&_lastUpdated=lt{later}") == []
    day = timezone.localdate(one.created_at).isoformat()
    assert found(f"_lastUpdated={day}") == all_of_them
    assert found("_lastUpdated=ge2025-01-01T00:00:00%2B23:59") == all_of_them
    assert found(f"_lastUpdated=lt{day}") == found(f"_lastUpdated=gt{day}") == []
    assert found(f"_lastUpdated=le{day}") == found(f"_lastUpdated=ge{day}") == all_of_them
    patient = reader.get(f"Patient?identifier={BASE}/sid/hospital-number|h2")
    assert [each["resource"]["id"] for each in patient["entry"]] == [str(one.patient_id)]
    for number in ("H9", "H%00"):
        assert reader.get(f"Patient?identifier={number}")["total"] == 0
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
    # Each one that was shown has a line in the access log.
    assert sorted(number for _action, number in _logged()) == [f"H{n}" for n in range(5)]


def test_a_page_asks_the_database_no_more_for_each_row(reader: Reader) -> None:
    for number in range(4):
        cast.recorded(cast.person(f"H{number}"))

    def asked(count: int) -> int:
        with CaptureQueriesContext(connection) as found:
            reader.get(f"RiskAssessment?_count={count}")
        return len([one for one in found if not one["sql"].startswith("INSERT")])

    # But for the line of each in the access log.
    assert asked(4) == asked(2)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("Nothing", 404, ("not-found", "not-found")),
        ("RiskAssessment/1", 404, ("not-found", "not-found")),
        (f"RiskAssessment/{'0' * 8}-0000-4000-8000-{'0' * 12}", 404, ("not-found", "not-found")),
        ("RiskAssessment?nope=1", 400, ("invalid", "parameter")),
        ("RiskAssessment?_sort=date", 400, ("invalid", "parameter")),
        ("RiskAssessment?_count=0", 400, ("invalid", "parameter")),
        ("RiskAssessment?_count=٣", 400, ("invalid", "parameter")),
        ("RiskAssessment?_cursor=x", 400, ("invalid", "parameter")),
        ("RiskAssessment?identifier=a|", 400, ("invalid", "parameter")),
        ("RiskAssessment?identifier=a&identifier=b", 400, ("invalid", "parameter")),
        ("RiskAssessment?_lastUpdated=2026-02-30", 400, ("invalid", "parameter")),
        ("RiskAssessment?_lastUpdated=ne2026-02-03", 400, ("invalid", "parameter")),
        ("RiskAssessment?_lastUpdated=2026-02-03T10:00:00", 400, ("invalid", "parameter")),
        ("Patient", 400, ("invalid", "parameter")),
        ("Observation?_id=1", 400, ("invalid", "parameter")),
        ("Patient?name=Wang", 400, ("invalid", "parameter")),
        ("Questionnaire/other", 404, ("not-found", "not-found")),
    ],
)
def test_what_is_not_there_or_not_understood(
    path: str, status: int, code: tuple[str, str], reader: Reader
) -> None:
    assert _code(reader.get(path, status)) == code


def test_who_may_read(reader: Reader) -> None:
    path = f"RiskAssessment/{cast.recorded().chain_id}"
    response = Client().get(f"/fhir/{path}")
    assert response["WWW-Authenticate"] == "Bearer"
    assert _code(_resource(response, 401)) == ("login", "token")
    reader.get(path)
    assert _code(Reader(None).get(path, 403)) == ("forbidden", "role")
    # What tells nothing about patients needs no token.
    for public in ("metadata", "Questionnaire/rong-2025", "CodeSystem/rbp-risk"):
        assert _resource(Client().get(f"/fhir/{public}"), 200)
    assert _resource(Client().get("/fhir/OperationDefinition/score"), 200)["code"] == "score"


def test_patients_of_other_wards_are_not_there(reader: Reader) -> None:
    theirs = two_wards().assessment
    of_other, of_ours = Reader(ward=ward("Spine 1")), Reader(ward=ward("Spine 2"))
    for path in (
        f"RiskAssessment/{theirs.chain_id}",
        f"Patient/{theirs.patient_id}",
        f"Observation/{theirs.chain_id}.pdw",
        f"DocumentReference/{theirs.pk}",
        f"Binary/{theirs.pk}",
    ):
        assert _code(of_ours.get(path, 404)) == ("not-found", "not-found")
    for query in (
        "RiskAssessment",
        "Observation",
        "DocumentReference",
        "Patient?identifier=H100234",
    ):
        assert "entry" not in of_ours.get(query)
        assert "entry" in of_other.get(query)


def test_what_is_sent_and_taken(reader: Reader) -> None:
    for accept in (
        "*/*",
        "application/json",
        "application/fhir+json;q=0.9",
        "application/fhir+json; fhirVersion=4.0",
        "application/*",
    ):
        reader.get("metadata", Accept=accept)
    refused = reader.get("metadata", 406, Accept="application/fhir+xml")
    assert _code(refused) == ("not-supported", "not-acceptable")
    sent = bundle(*example().values())
    assert _code(reader.score(sent, 415, "text/plain")) == ("not-supported", "content-type")
    for text in (b"{", rb'{"resourceType": "Bundle", "id": "\ud800"}'):
        assert _code(reader.score(text, 400)) == ("invalid", "not-json")
    response = reader.client.post("/fhir/metadata")
    assert response["Allow"] == "GET"
    assert _code(_resource(response, 405)) == ("not-supported", "method")
    assert reader.client.head("/fhir/metadata").status_code == 200
    chinese = reader.get("Nothing", 404, **{"Accept-Language": "zh-CN"})
    assert chinese["issue"][0]["details"]["text"] != _text(reader.get("Nothing", 404))


def _text(outcome: Resource) -> str:
    return str(outcome["issue"][0]["details"]["text"])


def test_score_over_http() -> None:
    reader = Reader(None)
    lines = AuditEvent.objects.count()
    risk = reader.score(bundle(*_recent(example())), kind="application/json")
    assert risk["status"] == "preliminary"
    assert len(risk["prediction"]) == 4
    in_percent = observation("32207-3", **quantity("12.8", "%"))
    outcome = reader.score(bundle(*_recent(example(pdw=in_percent))), 422)
    assert "fL" in outcome["issue"][0]["details"]["text"]
    outcome = reader.score({"resourceType": "Bundle", "type": "bogus"}, 400)
    assert outcome["issue"][0]["expression"] == ["Bundle.type"]
    # Nothing of the record was shown, and nothing is kept.
    assert AuditEvent.objects.count() == lines


def _recent(known: dict[str, Resource]) -> list[Resource]:
    """The same, of today."""
    today = timezone.localdate().isoformat()
    return [{**one, "effectiveDateTime": today} for one in known.values()]
