"""``manage.py score --json``: each line is answered as it comes. No test uses the database."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from scoring.nomogram.exchange import result_as_dict
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.shown import with_shown
from tests.commands.scored import ROOT, WITHOUT_DATABASE, score, squeezed
from tests.nomogram.examples import WORKED_EXAMPLE


def score_json(monkeypatch: pytest.MonkeyPatch, text: bytes) -> list[dict[str, Any]]:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    call_command("score", "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def rounded(plain: dict[str, Any]) -> object:
    """Lines that are scored together have other last bits."""
    return json.loads(json.dumps(plain), parse_float=lambda text: f"{float(text):.12g}")


def test_lines_are_answered_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    line = json.dumps(WORKED_EXAMPLE).encode()

    class Pipe(io.BytesIO):
        pieces = [line[:20], line[20:] + b"\n", line + b"\n" + line + b"\n" + line]
        answered: list[int] = []

        def read1(self, _size: int | None = -1) -> bytes:
            self.answered.append(out.getvalue().count("\n"))
            return self.pieces.pop(0) if self.pieces else b""

    out, pipe = io.StringIO(), Pipe()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe))
    call_command("score", "--json", stdout=out)
    assert pipe.answered == [0, 0, 1, 3]
    assert out.getvalue().count("\n") == 4


def test_json_lines_in_order_with_errors_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    provisional = {**WORKED_EXAMPLE, "mvh_restored": None}
    rows = [WORKED_EXAMPLE, {**WORKED_EXAMPLE, "age_years": 30}, provisional]
    text = "\n".join(json.dumps(row) for row in rows).encode() + b"\nnot json\n"
    final, refused, both, malformed = score_json(monkeypatch, text)
    for answer, patient in ((final, WORKED_EXAMPLE), (both, provisional)):
        assert rounded(answer) == rounded(with_shown(result_as_dict(RONG_2025.assess(patient))))
    assert refused["error"] == {
        "row": 2,
        "code": "out_of_range",
        "predictor": "age_years",
        "value": 30,
        "allowed": {"low": 50.0, "high": 100.0, "unit": "a"},
    }
    assert (malformed["error"]["row"], malformed["error"]["code"]) == (4, "not_json")


def test_json_lines_say_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    provisional = {**WORKED_EXAMPLE, "mvh_restored": None}
    text = "\n".join(json.dumps(row) for row in (WORKED_EXAMPLE, provisional)).encode()
    final, both = score_json(monkeypatch, text)
    points = {"age": "19.00", "bmd": "16.32", "trauma_history": "19.58"}
    points |= {"posterior_fascia_edema": "44.21", "pdw": "23.60", "chloride": "25.50"}
    assert final["shown"].pop("points") == points | {"mvh": "35.68"}
    # As the table has them.
    table = squeezed(score())
    assert f"Total {final['shown']['total_points']}" in table
    assert f"Risk of residual back pain {final['shown']['risk']}" in table
    assert any(line.endswith(f"tables {final['shown']['ci95']}") for line in table)
    assert any(line.endswith(f"reconstruction {final['shown']['band']}") for line in table)
    assert both["shown"] == {"points": points}
    assert both["scenarios"]["if_not_restored"]["shown"] == final["shown"]


def test_json_lines_refuse_an_age_with_decimals(monkeypatch: pytest.MonkeyPatch) -> None:
    line = json.dumps({**WORKED_EXAMPLE, "age_years": 80.9}).encode()
    (refused,) = score_json(monkeypatch, line)
    assert (refused["error"]["code"], refused["error"]["value"]) == ("not_whole", 80.9)


def test_an_overlong_line_is_one_error_and_the_next_line_is_scored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = b"{" + b" " * 500_000 + b"}\n" + json.dumps(WORKED_EXAMPLE).encode()
    overlong, scored = score_json(monkeypatch, text)
    assert overlong["error"]["code"] == "line_too_long"
    assert scored["total_points"] == pytest.approx(183.886)


def test_no_input_gives_no_output(monkeypatch: pytest.MonkeyPatch) -> None:
    assert score_json(monkeypatch, b"") == []


def test_json_takes_no_predictors_from_options() -> None:
    with pytest.raises(CommandError, match="standard input"):
        call_command("score", "--json", "--age", "80")


def streaming() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "score", "--json"],
        cwd=ROOT,
        env=WITHOUT_DATABASE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_command_itself_answers_each_line_while_the_input_is_open() -> None:
    with streaming() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for age_years in (60, 70):
            row = {**WORKED_EXAMPLE, "age_years": age_years}
            process.stdin.write(json.dumps(row).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert answer["points"]["age"] == 0.95 * (100 - age_years)
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    """As ``| head -1`` does: read one answer, close the pipe."""
    row = json.dumps(WORKED_EXAMPLE).encode() + b"\n"
    with streaming() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(row)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["provisional"] is False
        process.stdout.close()
        process.stdin.write(row)
        process.stdin.flush()
        process.stdin.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""
