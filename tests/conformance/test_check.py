"""The check of a program: what differs is told, and no program can make it hang or fail."""

import json
import sys
from pathlib import Path

import pytest

from script.lib.conformance import check
from tests.conformance.conftest import Cases
from tests.conformance.programs import mostly_right, python

ROOT = Path(__file__).resolve().parents[2]
FEW = 12


@pytest.fixture
def few(published: Cases, tmp_path: Path) -> Path:
    """The first cases."""
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(f"{case.line()}\n" for case in published.cases[:FEW]))
    return path


@pytest.fixture
def answers(published: Cases, tmp_path: Path) -> Path:
    """Their right answers."""
    path = tmp_path / "answers.jsonl"
    lines = (json.dumps(case.expected) for case in published.cases[:FEW])
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def checked(few: Path, command: list[str], *options: str) -> int:
    return check.main([f"--cases={few}", *options, "--", *command])


def test_right_answers_pass(few: Path, answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(few, mostly_right(answers)) == 0
    assert capsys.readouterr().out == "12 of 12 cases agree.\n"


def test_what_differs_is_told_by_case_and_part(
    few: Path, answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = answers.read_text().splitlines()
    fourth = json.loads(lines[3])
    risk = fourth["risk"]
    fourth |= {"risk": risk + 2e-12, "total_points": fourth["total_points"] + 5e-10}
    lines[3] = json.dumps(fourth)
    answers.write_text("\n".join(lines) + "\n")
    assert checked(few, mostly_right(answers)) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("answers-004: answers in every combination")
    assert said[1] == f"    risk: expected {risk}, got {risk + 2e-12}"
    assert said[2:] == ["Differences: risk 1", "Cases: answers 1", "11 of 12 cases agree."]


@pytest.mark.parametrize(
    ("name", "value", "agrees"),
    [
        ("risk", 0.5, False),
        ("risk", "0.5", False),
        ("risk", True, False),
        ("risk", None, False),
        ("at_or_above_cutoff", 1, False),
        ("at_or_above_cutoff", "true", False),
        ("points", {}, False),
        ("cautions", [], True),
        ("cautions", ["high"], False),
        ("cautions", None, False),
        ("comment", "ours", True),
        ("scenarios", {"if_restored": {}}, False),
        ("error", {"code": "missing"}, False),
        ("error", None, True),
        ("model", {"identifier": "rong-2025", "version": "0"}, False),
        ("ci95", [0.1], False),
        ("shown", {"risk": "0 %"}, False),
    ],
)
def test_one_part_is_another(published: Cases, name: str, value: object, agrees: bool) -> None:
    case = next(case for case in published.cases if case.expected.get("cautions") == [])
    given = {check.kind_of(path) for path, _ in check.flat(case.expected)}
    found = check.differences(case.expected, {**case.expected, name: value}, given)
    assert (found == []) is agrees, found


def test_a_risk_beside_a_refusal_differs(published: Cases) -> None:
    case = next(case for case in published.cases if "error" in case.expected)
    found = check.differences(case.expected, {**case.expected, "risk": 0.5}, {"error"})
    assert [str(one) for one in found] == ["risk: expected nothing, got 0.5"]


def test_what_is_optional_is_compared_as_soon_as_one_answer_has_it(published: Cases) -> None:
    case = next(case for case in published.cases if "risk" in case.expected)
    without = {name: part for name, part in case.expected.items() if name != "band"}
    required = set(without) - set(check.OPTIONAL)
    assert check.differences(case.expected, without, required) == []
    found = check.differences(case.expected, without, required | {"band"})
    assert [one.field for one in found] == ["band.0", "band.1"]


def test_what_no_answer_has_is_told(
    few: Path, answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stripped = [json.loads(line) for line in answers.read_text().splitlines()]
    for answer in stripped:
        for part in (answer, *answer.get("scenarios", {}).values()):
            del part["shown"]
            part.pop("ci95", None)
    answers.write_text("".join(f"{json.dumps(answer)}\n" for answer in stripped))
    assert checked(few, mostly_right(answers)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "Not compared, because no answer has it: "
        "ci95, shown.band, shown.ci95, shown.points, shown.risk, shown.total_points."
    )


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ("sys.exit(3)", "The program ended with exit code 3."),
        ("import os; os.kill(os.getpid(), 9)", "The program ended with exit code -9."),
        ("print(); sys.exit()", "12 lines were given, 1 were answered."),
        ("print('ready')", "12 lines were given, 24 were answered."),
        ("answer = 'NaN\\n'", '    answer: expected "a JSON object", got "no JSON: NaN"'),
        ("answer = '[' * 9000 + '\\n'", f'got "no JSON: {"[" * 60}"'),
        ("answer = '[1]\\n'", 'got "no object: [1]"'),
        ("sys.stdout.buffer.write(b'\\xff\\xfe'); sys.stdout.flush()", "no JSON: \\\\xff\\\\xfe"),
        ("answer = answer.replace('\\n', '\\r\\n')", "12 of 12 cases agree."),
    ],
)
def test_programs_that_misbehave(
    few: Path,
    answers: Path,
    instead: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = checked(few, mostly_right(answers, instead))
    out = capsys.readouterr().out
    assert said in out
    assert code == (0 if out.endswith("12 of 12 cases agree.\n") else 1)


def test_a_program_that_writes_without_end_is_ended(
    few: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(few, python("while True: print('x' * 1000)")) == 1
    assert "The program was ended: it wrote more than" in capsys.readouterr().out


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(600)",
        "import os, time; os.close(1); time.sleep(600)",
        # It ends, and what it started keeps the output open.
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(600)'])",
    ],
)
def test_a_program_that_hangs_is_ended(
    few: Path, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(few, python(code), "--seconds=0.5") == 1
    said = capsys.readouterr().out
    assert "The program was ended: it took more than 0.5 seconds." in said
    assert "12 lines were given, 0 were answered." in said


def test_a_program_that_does_not_exist(few: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(few, ["no-such-program"]) == 1
    assert "The program can't be started" in capsys.readouterr().out


def test_cases_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(tmp_path / "none", ["true"]) == 1
    assert "The cases can't be read" in capsys.readouterr().err


@pytest.mark.slow
def test_many_differences_are_cut_off_unless_all_are_asked_for(
    kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = kit / "cases.jsonl"
    assert checked(cases, ["true"]) == 1
    said = capsys.readouterr().out
    assert "and 1,980 more cases; --all prints them" in said
    assert said.count("\n    ") == 20
    assert checked(cases, ["true"], "--all") == 1
    assert capsys.readouterr().out.count("\n    ") == 2_000


@pytest.mark.slow
def test_the_product_itself_passes(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "score", "--json"]
    assert checked(kit / "cases.jsonl", command, "--seconds=600") == 0
    assert capsys.readouterr().out == "2,000 of 2,000 cases agree.\n"
