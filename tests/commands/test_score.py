"""``manage.py score``. No test here may use the database: pytest-django fails one that tries."""

import subprocess
import sys

import pytest
from django.core.management.base import CommandError
from django.utils.translation import override

from scoring.management.commands.score import Command
from tests import worked_example as worked
from tests.commands.scored import ROOT, WITHOUT_DATABASE, arguments, score, squeezed


def refusal(**changes: str | None) -> str:
    with pytest.raises(CommandError) as caught:
        score(**changes)
    assert caught.value.returncode == 1
    return str(caught.value)


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
