"""The FHIR server: what an application reads, searches and asks for, and how errors leave."""

from base64 import b64decode

import pytest
from django.test import Client
from django.utils import timezone

from scoring.fhir.document_reference import sha1_of
from scoring.fhir.resource import Resource
from scoring.models import AuditEvent
from tests import cast
from tests.fhir.reader import BASE, Reader, logged, resource_of
from tests.fhir.sent import bundle, example, observation, quantity
from tests.life import acts
from tests.need_to_know.wards import two_wards, ward

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


def _code(outcome: Resource) -> tuple[str, str]:
    (issue,) = outcome["issue"]
    assert issue["details"]["text"]
    return issue["code"], issue["details"]["coding"][0]["code"]


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
    patient = reader.client.get(f"/fhir/{risk['subject']['reference']}")
    assert patient["ETag"] == 'W/"1"'
    assert resource_of(patient, 200)["identifier"][0]["value"] == "H100234"
    values = [reader.get(one["reference"]) for one in risk["basis"]]
    assert len(values) == 7
    assert b'"value":12.80,' in reader.client.get(f"/fhir/{risk['basis'][4]['reference']}").content
    assert reader.get(f"{values[0]['resourceType']}/{values[0]['id']}/_history/1")
    assert logged()[0] == (Action.ASSESSMENT_VIEWED, "H100234")
    assert (Action.PATIENT_VIEWED, "H100234") in logged()


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
    assert (Action.REPORT_PRINTED, "H100234") in logged()
    assert document["relatesTo"][0]["target"]["reference"] == f"DocumentReference/{first.pk}"
    # A replaced report is not kept, and it says that it is replaced.
    superseded = reader.client.get(f"/fhir/DocumentReference/{first.pk}")
    assert resource_of(superseded, 200)["status"] == "superseded"
    # It changes without another version.
    assert "versionId" not in resource_of(superseded, 200)["meta"]
    assert "ETag" not in superseded
    page = reader.get("DocumentReference?patient=" + str(final.patient_id))
    assert [one["resource"]["id"] for one in page["entry"]] == [str(final.pk), str(first.pk)]
    # In a search what is kept is told; nothing is made for it.
    assert page["entry"][0]["resource"]["content"][0]["attachment"]["size"] == attachment["size"]
    assert "size" not in page["entry"][1]["resource"]["content"][0]["attachment"]
    assert reader.get(f"DocumentReference?_id={first.pk}")["total"] == 1


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
        ("RiskAssessment?patient=", 400, ("invalid", "parameter")),
        ("Observation?subject=Patient/", 400, ("invalid", "parameter")),
        ("Provenance?target=RiskAssessment/", 400, ("invalid", "parameter")),
        ("Patient", 400, ("invalid", "parameter")),
        ("Patient?identifier=a&_count=0", 400, ("invalid", "parameter")),
        ("Patient?identifier=a&_cursor=x", 400, ("invalid", "parameter")),
        ("Patient?identifier=a&_sort=-_lastUpdated", 400, ("invalid", "parameter")),
        ("Observation?_id=1", 400, ("invalid", "parameter")),
        ("Patient?name=Wang", 400, ("invalid", "parameter")),
        ("Questionnaire/other", 404, ("not-found", "not-found")),
    ],
)
def test_what_is_not_there_or_not_understood(
    path: str, status: int, code: tuple[str, str], reader: Reader
) -> None:
    assert _code(reader.get(path, status)) == code


def test_a_refusal_names_the_parameter_as_it_was_sent(reader: Reader) -> None:
    for name in ("patient", "subject"):
        assert name in _text(reader.get(f"RiskAssessment?{name}=", 400))


def test_who_may_read(reader: Reader) -> None:
    path = f"RiskAssessment/{cast.recorded().chain_id}"
    response = Client().get(f"/fhir/{path}")
    assert response["WWW-Authenticate"] == "Bearer"
    assert _code(resource_of(response, 401)) == ("login", "token")
    reader.get(path)
    assert _code(Reader(None).get(path, 403)) == ("forbidden", "role")
    # What tells nothing about patients needs no token.
    for public in ("metadata", "Questionnaire/rong-2025", "CodeSystem/rbp-risk"):
        assert resource_of(Client().get(f"/fhir/{public}"), 200)
    assert resource_of(Client().get("/fhir/OperationDefinition/score"), 200)["code"] == "score"


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
    for accept in (
        "application/fhir+xml",
        "application/fhir+json;q=0",
        "application/fhir+xml, */*;q=0.0",
        "application/fhir+json; fhirVersion=3.0",
        "application/fhir+json; fhirVersion*=nothing''4.0",
        "text/html",
    ):
        refused = reader.get("metadata", 406, Accept=accept)
        assert _code(refused) == ("not-supported", "not-acceptable")
    sent = bundle(*example().values())
    assert _code(reader.score(sent, 415, "text/plain")) == ("not-supported", "content-type")
    for text in (b"{", rb'{"resourceType": "Bundle", "id": "\ud800"}'):
        assert _code(reader.score(text, 400)) == ("invalid", "not-json")
    # Where a server takes transactions.
    for base in ("/fhir", "/fhir/"):
        response = reader.client.post(base, b"{}", content_type="application/fhir+json")
        assert _code(resource_of(response, 404)) == ("not-found", "not-found")
    response = reader.client.post("/fhir/metadata")
    assert response["Allow"] == "GET"
    assert _code(resource_of(response, 405)) == ("not-supported", "method")
    assert reader.client.head("/fhir/metadata").status_code == 200
    chinese = reader.get("Nothing", 404, **{"Accept-Language": "zh-CN"})
    assert chinese["issue"][0]["details"]["text"] != _text(reader.get("Nothing", 404))


def test_a_format_in_the_address_counts_before_the_header(reader: Reader) -> None:
    risk = f"RiskAssessment/{cast.recorded().chain_id}"
    for path in ("metadata", risk, "RiskAssessment"):
        for sent in (
            "json",
            "application/json",
            "application/fhir%2Bjson",
            # "+" that was not encoded.
            "application/fhir+json",
            "application/fhir%2Bjson;fhirVersion=4.0",
        ):
            reader.get(f"{path}?_format={sent}", Accept="text/html")
        for sent in ("xml", "application/fhir%2Bxml", "text/xml", "ttl", "html"):
            refused = reader.get(f"{path}?_format={sent}", 406, Accept="application/fhir+json")
            assert _code(refused) == ("not-supported", "not-acceptable")
    form = "application/x-www-form-urlencoded"
    for sent, status in (("json", 200), ("xml", 406)):
        body = f"_format={sent}"
        answer = reader.client.post("/fhir/RiskAssessment/_search", body, form)
        resource_of(answer, status)


@pytest.mark.slow
def test_a_report_is_a_resource_for_whoever_names_a_format_of_fhir(reader: Reader) -> None:
    path = f"/fhir/Binary/{cast.recorded().pk}"
    pdf = reader.client.get(path).content
    for accept in ("application/pdf", "*/*", "application/pdf, application/fhir+json;q=0.5"):
        response = reader.client.get(path, headers={"Accept": accept})
        assert response["Content-Type"] == "application/pdf"
    for accept, more in (("application/fhir+json", ""), ("*/*", "?_format=json")):
        response = reader.client.get(f"{path}{more}", headers={"Accept": accept})
        found = resource_of(response, 200)
        assert (found["resourceType"], found["contentType"]) == ("Binary", "application/pdf")
        assert b64decode(found["data"]) == pdf
    for accept, more in (("application/fhir+xml", ""), ("*/*", "?_format=xml")):
        resource_of(reader.client.get(f"{path}{more}", headers={"Accept": accept}), 406)


def test_more_parameters_than_the_site_reads(reader: Reader) -> None:
    many = "&".join(["_lastUpdated=ge2026-01-01"] * 1001)
    assert _code(reader.get(f"RiskAssessment?{many}", 400)) == ("invalid", "unreadable")


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
    # A blank of Chinese text, which no path of FHIR may be.
    outcome = reader.score({"resourceType": "\u3000"}, 400)
    assert "expression" not in outcome["issue"][0]
    # Nothing of the record was shown, and nothing is kept.
    assert AuditEvent.objects.count() == lines


def _recent(known: dict[str, Resource]) -> list[Resource]:
    """The same, of today."""
    today = timezone.localdate().isoformat()
    return [{**one, "effectiveDateTime": today} for one in known.values()]
