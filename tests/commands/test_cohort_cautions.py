"""What the commands on cohort files say of their columns. No test here may use the database."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.commands.analysis import answer, answer_json, with_column
from tests.statistics.reference.values import COHORT_CSV

UNSIGNED = "are these absolute values? Enter them signed"


def absolute(t_score: str) -> float:
    """But for a few: with none below −3.5 there is no model."""
    value = float(t_score)
    return value if value < -4.75 else min(-value, 4.0)


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """The reference cohort as the paper writes T, and with PDW as per cent."""
    text = with_column(COHORT_CSV.read_text(), "t_score", absolute)
    path = tmp_path / "doubtful.csv"
    path.write_text(with_column(text, "pdw_fl", lambda pdw: round(1.5 * float(pdw), 1)))
    return path


@pytest.mark.parametrize("command", ["validate_model", "develop_model"])
def test_absolute_t_scores_and_per_cent_are_said(
    command: str, doubtful: Path, tmp_path: Path
) -> None:
    folder = ("--output", tmp_path) if command == "develop_model" else ()
    text = answer(command, doubtful, "--resamples", 0, *folder)
    assert f"CAUTION: t_score is positive in 517 of 569 patients: {UNSIGNED}" in text
    assert "CAUTION: pdw_fl is 19.2 ± 3.6 here" in text
    found = answer_json(command, doubtful, "--resamples", 0)
    loud = [(one["code"], one["column"]) for one in found["cautions"][:2]]
    assert loud == [("t_score_unsigned", "t_score"), ("case_mix", "pdw_fl")]
    assert found["cautions"][0]["count"] == 517
    assert found["cautions"][0]["n"] == 569
    if folder:
        assert UNSIGNED in (tmp_path / "doubtful-report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["validate_model", "develop_model"])
def test_beside_json_the_loud_ones_are_on_standard_error(command: str, doubtful: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command(command, str(doubtful), "--resamples", "0", "--json", stdout=out, stderr=err)
    loud = [line for line in err.getvalue().splitlines() if line.startswith("CAUTION")]
    assert [line.split()[1] for line in loud] == ["t_score", "pdw_fl"]
    assert "Caution:" not in err.getvalue()


@pytest.mark.parametrize("command", ["validate_model", "develop_model"])
def test_a_signed_cohort_has_counts_alone(command: str) -> None:
    cautions = answer_json(command, COHORT_CSV, "--resamples", 0)["cautions"]
    assert {one["code"] for one in cautions} <= {
        "outside_central_95",
        "t_score_above_osteoporosis",
    }


def test_what_is_shared_is_said_but_not_shared(doubtful: Path, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("export_validation", str(doubtful), "--centre", "A", stdout=out, stderr=err)
    assert "cautions" not in json.loads(out.getvalue())
    assert UNSIGNED in err.getvalue()
    assert "Case mix beside the study's training set" in err.getvalue()
    file = tmp_path / "a.json"
    assert UNSIGNED in answer("export_validation", doubtful, "--centre", "A", "--output", file)
    assert json.loads(file.read_text()) == json.loads(out.getvalue())


def test_no_model_of_absolute_t_scores_and_why(tmp_path: Path) -> None:
    path = tmp_path / "unsigned.csv"
    text = with_column(COHORT_CSV.read_text(), "t_score", lambda t: min(abs(float(t)), 4.0))
    path.write_text(text)
    err = io.StringIO()
    with pytest.raises(CommandError, match="There is no model"):
        call_command("develop_model", str(path), "--json", stdout=io.StringIO(), stderr=err)
    assert UNSIGNED in err.getvalue()
