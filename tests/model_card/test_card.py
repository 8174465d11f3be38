"""The card: its form, and that every number in it is the model's own."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from scoring.nomogram.predictor import Measured, NumericPredictor, Threshold
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.model_card import FORMAT, SOFTWARE_LICENCE, card_lines, model_card

ROOT = Path(__file__).resolve().parents[2]
# Every key with the type of its value; in a list the form of each of its parts.
AGE = {"mean": float, "sd": float, "low": float, "high": float}
SET: dict[str, Any] = {
    "n": int,
    "male": int,
    "female": int,
    "age_years": AGE,
    "recruited": [str],
}
PERFORMANCE: dict[str, Any] = {
    "auc": float,
    "cutoff": float,
    "sensitivity": float,
    "specificity": float,
    "hosmer_lemeshow": {"chi2": float, "df": int, "p": float},
    "net_benefit_thresholds": [[float]],
}
FORM: dict[str, Any] = {
    "format": str,
    "model_details": {
        "identifier": str,
        "version": str,
        "name": str,
        "type": str,
        "citation": str,
        "doi": str,
        "license": str,
        "software": {"name": str, "version": str, "license": str},
        "reconstruction": {
            "method": str,
            "documentation": str,
            "formula": str,
            "p50_points": float,
            "k_points_per_logit": float,
            "risk_at_points": [{"points": float, "risk": float, "low": float, "high": float}],
        },
    },
    "intended_use": {
        "purpose": str,
        "role": str,
        "users": str,
        "not_for": [str],
        "eligibility": {"present": [str], "absent": [str]},
    },
    "inputs": list,
    "output": {
        "outcome": str,
        "kind": str,
        "cutoff": {"risk": float, "points": float, "source": str},
    },
    "factors": {"groups": [str], "performance_by_group": type(None), "note": str},
    "training_data": {
        **SET,
        "events": int,
        "event_rate": float,
        "setting": str,
        "source": str,
        "predictors": dict,
    },
    "evaluation_data": {**SET, "kind": str},
    "performance": {
        "source": str,
        "training": {**PERFORMANCE, "auc_ci95": [float], "auc_bootstrap": float},
        "evaluation": PERFORMANCE,
        "effects": dict,
        "single_predictors": dict,
    },
    "ethical_considerations": [str],
    "limits": [str],
    "contact": {"maintainer": type(None), "hospital": type(None)},
}


def misfits(value: Any, form: Any, at: str = "card") -> list[str]:
    """Where a value has other keys or types than its form."""
    if isinstance(form, dict):
        if not isinstance(value, dict) or set(value) != set(form):
            return [f"{at}: {sorted(value) if isinstance(value, dict) else value}"]
        return [m for key in form for m in misfits(value[key], form[key], f"{at}.{key}")]
    if isinstance(form, list):
        if not isinstance(value, list) or not value:
            return [f"{at}: {value}"]
        return [m for i, one in enumerate(value) for m in misfits(one, form[0], f"{at}[{i}]")]
    return [] if type(value) is form else [f"{at}: {value!r}"]


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    """As a file holds it."""
    read: dict[str, Any] = json.loads(json.dumps(model_card(RONG_2025, EVIDENCE), allow_nan=False))
    return read


def test_it_has_its_form_and_no_other_key(card: dict[str, Any]) -> None:
    assert misfits(card, FORM) == []
    assert card["format"] == FORMAT
    assert misfits({**card, "more": 1}, FORM)
    assert misfits({**card, "limits": [1]}, FORM)


def test_the_numbers_are_the_model_s(card: dict[str, Any]) -> None:
    details = card["model_details"]
    assert (details["identifier"], details["version"]) == (RONG_2025.identifier, RONG_2025.version)
    line, outcome = RONG_2025.line, RONG_2025.outcome
    assert details["reconstruction"]["p50_points"] == line.p50_points
    assert details["reconstruction"]["k_points_per_logit"] == line.k_points_per_logit
    for row in details["reconstruction"]["risk_at_points"]:
        assert row["risk"] == float(RONG_2025.risk(row["points"]))
        assert (row["low"], row["high"]) == tuple(map(float, RONG_2025.band(row["points"])))
        assert row["low"] < row["risk"] < row["high"]
    assert details["doi"] == RONG_2025.citation.doi
    cutoff = card["output"]["cutoff"]
    assert cutoff["risk"] == RONG_2025.cutoff
    assert float(line.risk(cutoff["points"])) == pytest.approx(RONG_2025.cutoff, rel=1e-12)
    training = card["training_data"]
    assert (training["n"], training["events"]) == (outcome.n, outcome.events)
    assert training["event_rate"] == outcome.rate
    for name, part in (("training", EVIDENCE.training), ("evaluation", EVIDENCE.validation)):
        found = card["performance"][name]
        for field in ("auc", "cutoff", "sensitivity", "specificity"):
            assert found[field] == getattr(part, field)
        assert found["hosmer_lemeshow"]["chi2"] == part.hosmer_lemeshow_chi2
    assert card["performance"]["training"]["auc_ci95"] == list(EVIDENCE.training_auc_ci95)


def test_every_input_is_there_once_with_its_limits(card: dict[str, Any]) -> None:
    assert [one["key"] for one in card["inputs"]] == list(RONG_2025.by_key)
    for found, predictor in zip(card["inputs"], RONG_2025.predictors, strict=True):
        assert found["field"] == predictor.field
        assert found["meaning"]
        assert found["may_be_unknown"] == predictor.may_be_unknown
        if isinstance(predictor, NumericPredictor):
            assert (found["low"], found["high"]) == predictor.domain
            assert found["unit"] == (predictor.unit or None)
        else:
            assert (found["low"], found["high"], found["unit"]) == (None, None, None)
        if isinstance(predictor, Threshold):
            assert found["below"] == predictor.below


def test_the_points_in_it_give_the_model_s_points(card: dict[str, Any]) -> None:
    for found, predictor in zip(card["inputs"], RONG_2025.predictors, strict=True):
        points = found["points"]
        if isinstance(predictor, Measured):
            for value in predictor.domain:
                by_hand = points["per_unit"] * (value - points["zero_at"])
                assert by_hand == pytest.approx(float(predictor.points(value)), abs=1e-9)
        else:
            assert points == {
                "yes": predictor.points(1.0),
                "no": predictor.points(0.0),
            }


def test_the_study_s_patients_stand_by_predictor(card: dict[str, Any]) -> None:
    mix = card["training_data"]["predictors"]
    assert list(mix) == list(RONG_2025.by_key)
    for key, predictor in RONG_2025.by_key.items():
        known = EVIDENCE.case_mix[key]
        if isinstance(predictor, Measured):
            assert mix[key] == {"mean": known.mean, "sd": known.sd}
        else:
            assert mix[key] == {"share": known.mean}
    assert list(card["performance"]["effects"]) == list(EVIDENCE.effects)
    assert list(card["performance"]["single_predictors"]) == list(EVIDENCE.areas)


def test_no_hospital_is_in_it_unless_given() -> None:
    assert "performance_here" not in model_card(RONG_2025, EVIDENCE)
    here = {"analysed": 3}
    assert model_card(RONG_2025, EVIDENCE, here=here)["performance_here"] == here


def test_the_command(capsys: pytest.CaptureFixture[str], card: dict[str, Any]) -> None:
    call_command("model_card", "--json")
    assert json.loads(capsys.readouterr().out) == card
    call_command("model_card")
    lines = capsys.readouterr().out.splitlines()
    assert lines == list(card_lines(card))
    assert f"  version: {RONG_2025.version}" in lines
    assert "    may_be_unknown: yes" in lines


def test_the_licence_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"]["text"] == SOFTWARE_LICENCE


def test_the_document_names_every_section(card: dict[str, Any]) -> None:
    document = (ROOT / "docs" / "model-card.md").read_text()
    named = [line.split("`")[1] for line in document.splitlines() if line.startswith("| `")]
    assert named == [*card, "performance_here"]
