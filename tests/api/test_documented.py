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
    for name, value in known.items():
        example = re.sub(rf"\${name}\b", value, example)
    words = iter(shlex.split(example)[1:])
    headers, body, method, address = {}, "", "GET", ""
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-X":
                method = next(words)
            case "-d":
                body, method = next(words), "POST" if method == "GET" else method
            case _:
                address = word
    kind = headers.pop("Content-Type", "")
    return Client().generic(method, address, body, kind, headers=headers)


def test_every_example_does_what_the_text_says() -> None:
    application = Application(Role.CLINICIAN)
    token = application.headers["Authorization"].removeprefix("Bearer ")
    known = {"TOKEN": token, "SITE": ""}
    answers = [_run(example, known) for example in _examples()]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    one, many = (answer.json() for answer in answers[:2])
    assert 0.5 < one["risk"] < 0.8
    assert many["results"][0]["errors"][0]["pointer"] == "/rows/0/pdw_fl"
