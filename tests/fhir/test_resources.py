"""What is on record, as resources: every state of an assessment, every resource sound."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from scoring.fhir import codes
from scoring.fhir.bundle import searchset
from scoring.fhir.capability import capability_statement, score_operation
from scoring.fhir.document_reference import document_resource, sha1_of
from scoring.fhir.identity import Site, patient_resource
from scoring.fhir.leaving import FaultyResourceError, checked, faults
from scoring.fhir.observation import known_predictors, observation_resource
from scoring.fhir.questionnaire import code_system, questionnaire
from scoring.fhir.resource import Resource, read
from scoring.fhir.risk_assessment import stored_risk_assessment
from scoring.models import Assessment
from scoring.models.readback import STORED_MODELS
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.rong2025.model import BMD, MVH, PDW, RONG_2025
from tests import cast
from tests.life import acts

SITE = Site("https://rbp.hospital.example/fhir")


def sound(resource: Resource) -> Resource:
    """The resource as it leaves, read again."""
    return read(checked(resource).encode())


def resources(assessment: Assessment) -> list[Resource]:
    """Everything about one version."""
    return [
        sound(one)
        for one in (
            stored_risk_assessment(assessment, SITE),
            patient_resource(assessment.patient, SITE),
            document_resource(assessment, SITE, b"%PDF"),
            *(observation_resource(assessment, p) for p in known_predictors(assessment)),
        )
    ]


def statuses(assessment: Assessment) -> tuple[str, str, str]:
    """Of the risk, the values, the document."""
    risk, _patient, document, *observations = resources(assessment)
    of_values = {one["status"] for one in observations}
    return risk["status"], of_values.pop(), document["status"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_worked_example(language: str) -> None:
    assessment = cast.recorded()
    with override(language):
        risk, patient, document, *observations = resources(assessment)
    assert risk["id"] == str(assessment.chain_id)
    assert risk["meta"]["versionId"] == "1"
    assert risk["language"] == {"en": "en", "zh-hans": "zh-CN"}[language]
    assert risk["identifier"] == [
        {
            "system": "https://rbp.hospital.example/fhir/sid/report-number",
            "value": assessment.chain.report_number,
        }
    ]
    assert risk["subject"]["reference"] == f"Patient/{patient['id']}"
    assert risk["contained"][0]["deviceName"][0]["name"] == "RBP risk"
    (point, interval) = risk["prediction"]
    (scenario,) = assessment.result.scenarios
    # A per cent, not a share of 1.
    assert abs(point["probabilityDecimal"] - Decimal(scenario.risk * 100)) < Decimal("0.005")
    ends = interval["probabilityRange"]
    assert [ends[end]["code"] for end in ("low", "high")] == ["%", "%"]
    assert ends["low"]["value"] < point["probabilityDecimal"] < ends["high"]["value"]
    for one in risk["prediction"]:
        assert one["whenPeriod"] == {"start": "2025-03-16", "end": "2025-04-12"}
        assert "183.89" in one["rationale"]
        # As page and report call it.
        assert ("Range of the reconstruction" in one["rationale"]) == (language == "en")
        assert ("。重建范围：" in one["rationale"]) == (language != "en")
        assert "76" in one["rationale"]
    named = {f"Observation/{one['id']}" for one in observations}
    assert {one["reference"] for one in risk["basis"]} == named
    assert len(observations) == 7
    assert document["content"][0]["attachment"]["size"] == 4
    assert document["content"][0]["attachment"]["hash"] == sha1_of(b"%PDF")


@pytest.mark.django_db
def test_values_keep_what_was_entered() -> None:
    assessment = cast.recorded()
    written = {
        one.key: checked(observation_resource(assessment, one))
        for one in known_predictors(assessment)
    }
    assert '"value":12.80,' in written["pdw"]
    assert '"value":105,' in written["chloride"]
    assert '"value":-2.0,' in written["bmd"]
    assert '"valueBoolean":false' in written["mvh"]
    pdw, t_score = read(written["pdw"].encode()), read(written["bmd"].encode())
    assert pdw["effectiveDateTime"] == "2025-03-11"
    assert pdw["code"]["coding"][0]["code"] == "32207-3"
    assert pdw["valueQuantity"]["code"] == "fL"
    assert t_score["code"]["coding"][0]["code"] == "38267-1"
    assert t_score["valueQuantity"]["code"] == "1"
    trauma = read(written["trauma_history"].encode())
    assert trauma["code"]["coding"] == [
        {"system": codes.SYSTEM, "code": "trauma-history", "display": "Trauma history"}
    ]


@pytest.mark.django_db
def test_a_t_score_without_a_site_has_no_loinc_code() -> None:
    usual = cast.worked_example()
    assessment = cast.recorded(entry=usual.with_input("t_score", site=""))
    t_score = sound(observation_resource(assessment, BMD))
    assert [one["system"] for one in t_score["code"]["coding"]] == [codes.SYSTEM]


@pytest.mark.django_db
def test_statuses_follow_the_state() -> None:
    first = acts.provisional()
    assert statuses(first) == ("preliminary", "final", "current")
    risk = resources(first)[0]
    codes_of = [one["outcome"]["coding"][0]["code"] for one in risk["prediction"]]
    assert codes_of == ["rbp-if-restored"] * 2 + ["rbp-if-not-restored"] * 2
    with pytest.raises(LookupError):
        observation_resource(first, MVH)
    waits = acts.without_radiograph(first)
    assert statuses(waits) == ("preliminary", "final", "current")
    completed = acts.completed(waits)
    # Nothing that was final has changed: the height came in.
    assert statuses(completed) == ("final", "final", "current")
    amended = acts.amended(completed, cast.worked_example(chloride_mmol_l=cast.measured("104")))
    assert statuses(amended) == ("amended", "amended", "current")
    assert statuses(acts.read(completed.pk)) == ("final", "final", "superseded")
    voided = acts.voided(amended)
    assert statuses(voided) == ("entered-in-error", "entered-in-error", "entered-in-error")
    back = acts.reinstated(voided)
    assert statuses(back) == ("amended", "amended", "current")
    risk, _patient, document, *_observations = resources(back)
    assert "it was the right patient" in risk["note"][-1]["text"]
    assert document["relatesTo"] == [
        {"code": "replaces", "target": {"reference": f"DocumentReference/{voided.pk}"}}
    ]


@pytest.mark.django_db
def test_a_cancelled_operation_and_one_outside_the_study() -> None:
    outside = cast.worked_example(answers=cast.study_answers(single_vertebra=Answer.NO))
    risk = resources(cast.recorded(entry=outside))[0]
    assert all("outside the study population" in one["rationale"] for one in risk["prediction"])
    cancelled = acts.cancelled(acts.provisional("H7"))
    assert statuses(cancelled) == ("cancelled", "final", "current")


@pytest.mark.django_db
def test_patients() -> None:
    unknown = cast.registered("H1", family_name="", given_name="", birth_date=None, sex="not_known")
    found = sound(patient_resource(unknown, SITE))
    assert "name" not in found
    assert "birthDate" not in found
    assert found["gender"] == "unknown"
    chinese = cast.registered("H2", family_name="王", given_name="秀兰", synthetic=True)
    found = sound(patient_resource(chinese, SITE))
    assert found["name"] == [
        {"use": "official", "text": "王秀兰", "family": "王", "given": ["秀兰"]}
    ]
    assert found["meta"]["security"] == [codes.TEST_DATA]
    assert found["identifier"][0]["value"] == "H2"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_describes_the_site(language: str) -> None:
    base = SITE.base
    with override(language):
        for one in (
            questionnaire(RONG_2025, base),
            code_system(STORED_MODELS),
            capability_statement(base),
            score_operation(base),
        ):
            sound(one)


def test_the_questionnaire_asks_what_the_model_needs() -> None:
    asked = questionnaire(RONG_2025, SITE.base)
    eligibility, predictors = asked["item"]
    assert len(eligibility["item"]) == 10
    by_link = {one["linkId"]: one for one in predictors["item"]}
    for predictor in RONG_2025.predictors:
        assert by_link[predictor.field]["required"] is not predictor.may_be_unknown
    limits = {one["url"].rpartition("/")[2]: one for one in by_link[PDW.field]["extension"]}
    assert limits["minValue"]["valueDecimal"] == Decimal("6.0")
    assert limits["questionnaire-unit"]["valueCoding"]["code"] == "fL"
    # Nothing is chosen before somebody answers.
    assert "initial" not in checked(asked)


def test_every_code_of_ours_is_in_the_code_system() -> None:
    found = {one["code"] for one in code_system(STORED_MODELS)["concept"]}
    sent = {
        coding["code"]
        for coding in _codings(questionnaire(RONG_2025, SITE.base))
        if coding.get("system") == codes.SYSTEM
    }
    assert sent <= found
    assert len(sent) > 10
    assert len(found) == code_system(STORED_MODELS)["count"]


def _codings(element: Any) -> list[Resource]:
    if isinstance(element, list):
        return [one for part in element for one in _codings(part)]
    if isinstance(element, dict):
        own = [element] if "system" in element and "code" in element else []
        return own + [one for part in element.values() for one in _codings(part)]
    return []


def test_pages_of_a_search() -> None:
    one = {"resourceType": "Patient", "id": "p1"}
    links = {"self": f"{SITE.base}/Patient?_count=1", "next": f"{SITE.base}/Patient?_count=1&p=2"}
    page = sound(searchset([one], SITE, links=links, total=2))
    assert page["entry"][0]["fullUrl"] == f"{SITE.base}/Patient/p1"
    assert page["total"] == 2
    empty = sound(searchset([], SITE, links={"self": f"{SITE.base}/Patient"}, total=0))
    assert empty["total"] == 0
    assert "entry" not in empty


def test_a_resource_that_is_not_sound_does_not_leave() -> None:
    wrong = {"resourceType": "RiskAssessment", "status": "bogus", "subject": {"reference": "P/1"}}
    assert [one.code for one in faults(wrong)] == ["code-invalid"]
    with pytest.raises(FaultyResourceError):
        checked(wrong)
