"""``manage.py score``. No test here may use the database: pytest-django fails one that tries."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from scoring.management.commands.score import Command
from scoring.nomogram.exchange import result_as_dict
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.shown import with_shown
from tests import worked_example as worked
from tests.nomogram.examples import WORKED_EXAMPLE

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_DATABASE = {
    **os.environ,
    "DJANGO_SETTINGS_MODULE": "rbpsite.settings",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}
OPTIONS = {
    "--age": "80",
    "--t-score": "-2.0",
    "--trauma": "yes",
    "--edema": "yes",
    "--pdw": "12.8",
    "--chloride": "105",
    "--mvh": "no",
}


def arguments(changes: dict[str, str | None] | None = None) -> list[str]:
    options = {**OPTIONS, **(changes or {})}
    return [
        part for option, value in options.items() if value is not None for part in (option, value)
    ]


def score(**changes: str | None) -> str:
    out = io.StringIO()
    named = {"--" + name.replace("_", "-"): value for name, value in changes.items()}
    call_command("score", *arguments(named), stdout=out)
    return out.getvalue()


def refusal(**changes: str | None) -> str:
    with pytest.raises(CommandError) as caught:
        score(**changes)
    assert caught.value.returncode == 1
    return str(caught.value)


def score_json(monkeypatch: pytest.MonkeyPatch, text: bytes) -> list[dict[str, Any]]:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    call_command("score", "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def run(*words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The real command, with a database that does not exist."""
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "score", *words],
        cwd=ROOT,
        env=WITHOUT_DATABASE,
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_worked_example_of_the_paper_as_a_table() -> None:
    assert squeezed(score()) == [
        "Predictor Value Points",
        "Age 80 years 19.00",
        "Bone mineral density, |T| > 3.5 no (T −2.0) 16.32",
        "Trauma history yes 19.58",
        "Posterior fascia edema on MRI yes 44.21",
        "Platelet distribution width 12.8 fL 23.60",
        "Serum chloride 105 mmol/L 25.50",
        "Middle vertebral height restored at 24 h no 35.68",
        "Total 183.89",
        "",
        "Total points 183.89",
        f"Risk of residual back pain {worked.RISK}",
        f"Approximate 95 % CI, derived from the published tables {worked.CI95}",
        f"Range of the reconstruction {worked.RANGE}",
        "The study's cut-off of 18.4 % at or above",
        "",
        "Caution: T-score −2.0 does not meet the study's criterion, T ≤ −2.5.",
        "Outcome: VAS ≥ 4 at 3 days and at 1 month; in the study 117 of 569.",
        "Model: Rong 2025, reconstruction 2 (rong-2025, version 2)",
    ]


def test_columns_line_up() -> None:
    lines = score().splitlines()
    assert len({len(line) for line in lines[:9]}) == 1
    assert len({len(line) for line in lines[10:15]}) == 1


def test_a_provisional_table_shows_both_scenarios() -> None:
    lines = squeezed(score(mvh="unknown"))
    assert "Middle vertebral height restored at 24 h not known yet 0.00 / 35.68" in lines
    assert "Total 148.21 / 183.89" in lines
    assert "PROVISIONAL, middle vertebral height: if restored if not restored" in lines
    assert "Total points 148.21 183.89" in lines
    assert f"Risk of residual back pain {worked.RISK_RESTORED} {worked.RISK}" in lines
    assert "The study's cut-off of 18.4 % at or above at or above" in lines


def test_below_the_cutoff_and_outside_the_central_95_per_cent() -> None:
    lines = squeezed(score(age="95", t_score="-3.6", edema="no", mvh="yes"))
    assert "The study's cut-off of 18.4 % below" in lines
    assert "Bone mineral density, |T| > 3.5 yes (T −3.6) 0.00" in lines
    assert "Caution: Age 95 years, outside the central 95 % of the study (54 to 90 years)." in lines


@pytest.mark.parametrize(
    "t_score", ["-2.0", "-2,0", "-2", "-2.", " -2.0 ", "\u22122.0", "–2.0", "－２．０"]
)
def test_a_negative_t_score_in_every_spelling(t_score: str) -> None:
    assert score(t_score=t_score) == score()


def test_a_decimal_comma_capitals_and_spaces() -> None:
    assert score(pdw="12,8", chloride=" 105,0 ", trauma="YES", edema=" Yes ", mvh="No") == (
        score(chloride="105.0")
    )
    assert score(t_score="-,5") == score(t_score="-.5") == score(t_score="-0.5")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": "200"}, '--age: "200" is outside what can be scored: 50 to 100 years.'),
        ({"age": "80.9"}, '--age: "80.9" has decimals; enter completed years, such as 80.'),
        ({"age": "abc"}, '--age: "abc" is not a number; allowed: 50 to 100 years.'),
        ({"age": ""}, '--age: "" is not a number; allowed: 50 to 100 years.'),
        ({"age": "8_0"}, '--age: "8_0" is not a number; allowed: 50 to 100 years.'),
        ({"pdw": "10²"}, '--pdw: "10²" is not a number; allowed: 6 to 34.8 fL.'),
        (
            {"age": "\u0668\u0660"},
            '--age: "\u0668\u0660" is not a number; allowed: 50 to 100 years.',
        ),
        ({"pdw": "1.234,5"}, '--pdw: "1.234,5" is not a number; allowed: 6 to 34.8 fL.'),
        ({"pdw": "nan"}, '--pdw: "nan" is not a number; allowed: 6 to 34.8 fL.'),
        ({"pdw": "34.81"}, '--pdw: "34.81" is outside what can be scored: 6 to 34.8 fL.'),
        ({"t_score": "-10,1"}, '--t-score: "-10,1" is outside what can be scored: −10.0 to +4.0.'),
        ({"t_score": "4.5"}, '--t-score: "4.5" has lost its sign; enter −4.5.'),
        ({"t_score": "11"}, '--t-score: "11" is outside what can be scored: −10.0 to +4.0.'),
        ({"trauma": "1"}, '--trauma: "1" is not an answer; allowed: yes or no.'),
        ({"edema": "unknown"}, '--edema: "unknown" is not an answer; allowed: yes or no.'),
        ({"mvh": "maybe"}, '--mvh: "maybe" is not an answer; allowed: yes, no or unknown.'),
        ({"chloride": None}, "--chloride is missing."),
        ({"mvh": None}, "--mvh is missing."),
    ],
)
def test_what_is_refused_is_said(change: dict[str, str | None], message: str) -> None:
    assert refusal(**change) == message


def test_chinese_names_the_answers_that_the_options_take() -> None:
    with override("zh-hans"):
        assert refusal(trauma="是") == "--trauma：“是”不是有效答案；应为 yes 或 no。"


def test_every_refusal_is_said_at_once() -> None:
    assert refusal(age="20", pdw=None, mvh="?").splitlines() == [
        '--age: "20" is outside what can be scored: 50 to 100 years.',
        "--pdw is missing.",
        '--mvh: "?" is not an answer; allowed: yes, no or unknown.',
    ]


@pytest.mark.parametrize(("pdw", "scored"), [("34.8", True), ("6", True), ("5.99", False)])
def test_domain_edges_as_typed(pdw: str, scored: bool) -> None:
    if scored:
        assert "Total" in score(pdw=pdw)
    else:
        assert "outside" in refusal(pdw=pdw)


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


def test_no_system_check_needs_a_database() -> None:
    assert Command.requires_system_checks == []
    assert Command.requires_migrations_checks is False


def test_the_command_itself_without_a_database() -> None:
    answer = run(*arguments({"--t-score": "-2,0"}))
    assert answer.stderr == b""
    assert answer.returncode == 0
    assert answer.stdout.decode() == score()


@pytest.mark.slow
def test_the_command_itself_refuses_on_standard_error() -> None:
    answer = run(*arguments({"--age": "20"}))
    assert answer.returncode == 1
    assert answer.stdout == b""
    assert b'--age: "20" is outside what can be scored' in answer.stderr


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
