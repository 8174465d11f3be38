"""Scores for programs: the numbers of the model, and what is said of those that can't be scored."""

import json
from typing import Any

import pytest
from django.test import Client

from scoring.models import AuditEvent
from scoring.nomogram.exchange import result_as_dict
from scoring.nomogram.rong2025.model import RONG_2025
from tests.api.client import FINAL, ROOT, Application, pointers

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.mark.parametrize("answer", [True, False, None])
def test_one_patient(answer: bool | None, application: Application) -> None:
    response = application.post("/score", FINAL | {"mvh_restored": answer})
    assert response.status_code == 200
    assert response.json() == result_as_dict(RONG_2025.assess(FINAL | {"mvh_restored": answer}))
    # Nobody's values: the access log has nothing to tell.
    assert not AuditEvent.objects.filter(actor=application.user.username).exists()


def test_many_patients_come_back_in_order_and_none_is_left_out(application: Application) -> None:
    rows: list[Any] = [FINAL, FINAL | {"pdw_fl": 200}, {}, FINAL | {"mvh_restored": None, "a/b": 1}]
    results = application.post("/score/many", {"rows": rows}).json()["results"]
    assert len(results) == 4
    assert results[0] == result_as_dict(RONG_2025.assess(FINAL))
    assert results[1]["errors"] == [
        {
            "pointer": "/rows/1/pdw_fl",
            "code": "out_of_range",
            "detail": "you entered 200\xa0fL; allowed is 6 to 34.8 fL.",
        }
    ]
    assert [error["code"] for error in results[2]["errors"]] == ["required"] * 7
    assert [error["pointer"] for error in results[3]["errors"]] == ["/rows/3/a~1b"]
    empty = application.post("/score/many", {"rows": []})
    assert (empty.status_code, pointers(empty)) == (422, {"/rows": "too_short"})
    many = application.post("/score/many", {"rows": [{}] * 1001})
    assert (many.status_code, pointers(many)) == (422, {"/rows": "too_long"})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pdw_fl": 5.9}, {"/pdw_fl": "out_of_range"}),
        ({"pdw_fl": "16.8"}, {"/pdw_fl": "not_a_number"}),
        ({"pdw_fl": True}, {"/pdw_fl": "not_a_number"}),
        ({"pdw_fl": None}, {"/pdw_fl": "required"}),
        ({"age_years": 80.5}, {"/age_years": "not_whole"}),
        ({"trauma_history": 1}, {"/trauma_history": "not_yes_or_no"}),
        ({"trauma_history": "yes"}, {"/trauma_history": "not_yes_or_no"}),
        ({"pdw": 16.8}, {"/pdw": "unknown_field"}),
        ({"pdw_fl": 99, "t_score": 25}, {"/pdw_fl": "out_of_range", "/t_score": "out_of_range"}),
    ],
)
def test_each_value_that_is_refused_is_named(
    changes: dict[str, Any], expected: dict[str, str], application: Application
) -> None:
    response = application.post("/score", FINAL | changes)
    assert (response.status_code, pointers(response)) == (422, expected)
    assert response.headers["Content-Type"] == "application/problem+json"


def test_an_answer_that_is_left_out_is_not_no(application: Application) -> None:
    for field in FINAL:
        sent = {name: value for name, value in FINAL.items() if name != field}
        assert pointers(application.post("/score", sent)) == {f"/{field}": "required"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "refused"),
        (b"{", 400, "not_json"),
        (b"\xff\xfe{\x00}\x00", 400, "not_json"),
        (b'{"pdw_fl": NaN}', 400, "not_json"),
        (b'{"pdw_fl": Infinity}', 400, "not_json"),
        (b'{"pdw_fl": 1, "pdw_fl": 2}', 400, "not_json"),
        (b'{"\\ud800": 1}', 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b"[]", 422, "refused"),
        (b"null", 422, "refused"),
        (b'{"pdw_fl": 1e400}', 422, "refused"),
        (b'{"pdw_fl": 1E+1}', 422, "refused"),
        (b'{"pdw_fl": 1E+5000}', 422, "refused"),
        (b'{"chloride_mmol_l": 1e400}', 422, "refused"),
        (b'{"pdw_fl": 1e999999999}', 400, "not_json"),
        (b'{"pdw_fl": 1e-99999999999999999999}', 400, "not_json"),
        (b" " * 300_000, 413, "too_large"),
    ],
)
def test_what_is_no_request_is_told(
    body: bytes, status: int, code: str, application: Application
) -> None:
    response = application.post("/score", body)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_only_json_is_read(application: Application) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json;charset=gbk"):
        response = application.client.post(f"{ROOT}/score", json.dumps(FINAL), content_type=kind)
        assert (response.status_code, response.json()["code"]) == (415, "content_type")
    # As a form with a file, whether it can be read or not.
    for sent in ({"data": {"values": "1"}}, {"data": "x", "content_type": "multipart/form-data"}):
        response = application.client.post(f"{ROOT}/score", **sent)
        assert (response.status_code, response.json()["code"]) == (415, "content_type")
    for charset in ("UTF-8", "utf8"):
        kind = f"application/json; charset={charset}"
        response = application.client.post(f"{ROOT}/score", json.dumps(FINAL), content_type=kind)
        assert response.status_code == 200


def test_words_are_in_the_language_of_the_request(application: Application) -> None:
    sent = FINAL | {"pdw_fl": 99}
    application.client.cookies["language"] = "en"
    response = application.post("/score", sent, Accept_Language="zh-CN,zh;q=0.9")
    assert response.headers["Content-Language"] == "zh-hans"
    assert "Accept-Language" in response.headers["Vary"]
    (error,) = response.json()["errors"]
    assert (error["code"], "超出" in error["detail"]) == ("out_of_range", True)
    assert application.post("/score", sent).headers["Content-Language"] == "en"


def test_the_document_needs_no_token_and_is_version_3_1() -> None:
    response = Client().get(f"{ROOT}/openapi.json")
    assert response.status_code == 200
    document = response.json()
    assert document["openapi"].startswith("3.1")
    inputs = document["components"]["schemas"]["Inputs"]
    assert inputs["required"] == list(RONG_2025.fields)
    assert inputs["properties"]["pdw_fl"]["maximum"] == 34.8
