"""``manage.py score --model FILE``: the options are those of the predictors of the file."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from scoring.management.commands.score import Command
from tests.nomogram.made_up import model_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "made-up.json"
    path.write_text(json.dumps(model_file()))
    return path


def run(*arguments: Any) -> None:
    Command().run_from_argv(["manage.py", "score", *map(str, arguments)])


def test_one_patient(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--model", file, "--weight=70", "--smoker=yes", "--anemia=110")
    said = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[1:5] == [
        "Weight 70 kg 30.00",
        "Smoker yes 25.00",
        "Anemia yes (110 g/L) 40.00",
        "Total 95.00",
    ]
    assert "Risk of residual back pain 68 %" in lines
    assert "The study's cut-off of 50.0 % at or above" in lines
    assert "50 of the 200 patients the model was made from" in said
    assert "published" not in said
    assert "made-up, version" in said


def test_a_late_predictor_gives_both_its_outcomes(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("--model", file, "--weight=70", "--smoker=unknown", "--anemia=110")
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "PROVISIONAL, smoker: if yes if no" in lines
    assert "Total points 95.00 70.00" in lines


def test_help_offers_its_options(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--model", file, "--help")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--smoker yes|no|unknown" in said
    said = " ".join(said.split())
    assert "with weight_kg, smoker, hemoglobin_g_l; or a table" in said
    assert "smoker may be null: not known yet." in said
    assert "--chloride" not in said


def test_a_value_is_refused_with_what_its_predictor_allows(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--model", file, "--weight=20", "--smoker=often")
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert '--weight: "20" is outside what can be scored: 40 to 140 kg.' in said
    assert '--smoker: "often" is not an answer; allowed: yes, no or unknown.' in said
    assert "--anemia is missing." in said


def test_json_lines(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = b'{"weight_kg": 70, "smoker": true, "hemoglobin_g_l": 110}\n{"age_years": 80}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    run("--model", file, "--json")
    scored, refused = map(json.loads, capsys.readouterr().out.splitlines())
    assert scored["total_points"] == pytest.approx(95.0)
    assert scored["model"]["identifier"] == "made-up"
    assert refused["error"]["allowed"] == ["weight_kg", "smoker", "hemoglobin_g_l"]


@pytest.mark.parametrize("content", [None, "{}"])
def test_what_is_no_model_is_said(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SystemExit) as ended:
        run("--model", path, "--weight=70")
    assert ended.value.code == 1
    assert str(path) in capsys.readouterr().err
