"""The examples of docs/integration.md, as a reader would run them one after the other."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from scoring.models import Role
from tests.api.client import Application

pytestmark = pytest.mark.django_db
_DOCUMENT = Path(__file__).parents[2] / "docs" / "integration.md"


def _examples() -> list[str]:
    """Each command with what belongs to it: indented by four blanks."""
    blocks = re.findall(r"(?:^    .*\n)+", _DOCUMENT.read_text(), re.MULTILINE)
    return [block for block in blocks if block.startswith("    curl ")]


def _run(example: str, known: dict[str, str]) -> Any:
    """What curl would be answered. ``known`` are the shell's variables."""
    words = iter([_with(word, known) for word in shlex.split(example)[1:]])
    headers, body, method, address = {}, "", "GET", ""
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-o":
                next(words)
            case "-X":
                method = next(words)
            case "-d":
                body, method = next(words), "POST" if method == "GET" else method
            case _:
                address = word
    kind = headers.pop("Content-Type", "")
    return Client().generic(method, address, body, kind, headers=headers)


def _with(word: str, known: dict[str, str]) -> str:
    """As a shell gives the values of its variables to a command."""
    for name, value in known.items():
        word = re.sub(rf"\${name}\b", value, word)
    return word


def test_every_example_does_what_the_text_says() -> None:
    application = Application(Role.CLINICIAN)
    token = application.headers["Authorization"].removeprefix("Bearer ")
    known = {"TOKEN": token, "SITE": ""}
    answers = []
    # What comes later in the document is tested with FHIR.
    for example in _examples():
        answer = _run(example, known)
        if "/api/v1/" not in example:
            continue
        answers.append(answer)
        assert answer.status_code in {200, 201}, (example, answer.content.decode())
        told = answer.json() if answer.headers["Content-Type"] == "application/json" else {}
        if "current_id" in told:
            known |= {"ID": told["version"]["id"], "ETAG": answer.headers["ETag"]}
            known |= {"PATIENT": told["patient"]["id"]}
        elif "patient" in told:
            known |= {"PATIENT_ETAG": answer.headers["ETag"]}
    one, many, recorded, read, completed, report, outcome, outcomes, whose, corrected, found = (
        answers
    )
    assert 0.5 < one.json()["risk"] < 0.8
    assert many.json()["results"][0]["errors"][0]["pointer"] == "/rows/0/pdw_fl"
    assert read.json() == recorded.json()
    assert completed.json()["version"]["state"] == "final"
    assert report.content.startswith(b"%PDF")
    assert [outcome.json()] == outcomes.json()["outcomes"]
    assert whose.json()["corrections"] == []
    assert corrected.json()["patient"]["given_name"] == "晓兰"
    assert found.json()["assessments"][0]["current_id"] == known["ID"]
