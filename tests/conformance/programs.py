"""Programs that are checked: those of the kit, changed in one place, and some that misbehave."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from script.lib.conformance.cases import Case
from script.lib.conformance.check import differences, flat, kind_of


def loaded_example(kit: Path) -> Any:
    """A copy of the kit's example of its own, to be changed."""
    spec = importlib.util.spec_from_file_location("example_of_the_kit", kit / "example.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wrong_cases(cases: list[Case], answer: Callable[[Any], Any]) -> dict[str, set[str]]:
    """What differs in the cases that a program answers otherwise: kinds of parts by id."""
    answers = {case.id: answer(case.input) for case in cases}
    given = {kind_of(path) for one in answers.values() for path, _ in flat(one)}
    found = {
        case.id: {kind_of(one.field) for one in differences(case.expected, answers[case.id], given)}
        for case in cases
    }
    return {name: kinds for name, kinds in found.items() if kinds}


def python(code: str) -> list[str]:
    """A command that runs this code."""
    return [sys.executable, "-c", code]


# Hands on every line of the right answers that stand in a file.
RIGHT = """
import sys
for question, answer in zip(sys.stdin, open({answers!r})):
    {instead}
    print(answer, end="", flush=True)
"""


def mostly_right(answers: Path, instead: str = "pass") -> list[str]:
    """A command that gives right answers, and does something else besides."""
    return python(RIGHT.format(answers=str(answers), instead=instead))
