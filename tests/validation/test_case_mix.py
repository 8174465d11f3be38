"""Data that are not the ward's: each made-up error is told on the page and on paper."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from scoring import queries
from scoring.evaluation.case_mix import mix_cautions
from scoring.evaluation.local import case_mix_of, counts_of
from scoring.evaluation.outcome_cohort import OutcomeCohort
from scoring.report.validation.case_mix import record_cautions
from tests.validation.cohorts import analysed
from tests.validation.ward import reviewer
from tests.web.html import Page, signed_in

ENOUGH = 50


def _changed(column: str, change: Callable[[Any], Any]) -> OutcomeCohort:
    own = analysed(ENOUGH).inputs[column]
    return analysed(ENOUGH, **{column: change(own)})


def _twice() -> OutcomeCohort:
    once = analysed(ENOUGH)
    arrays = {name: values for name, values in vars(once).items() if name != "inputs"}
    again = {name: np.concatenate([values] * 2) for name, values in arrays.items()}
    inputs = {name: np.concatenate([values] * 2) for name, values in once.inputs.items()}
    return OutcomeCohort(inputs=inputs, **again | {"patient": np.arange(2 * ENOUGH)})


ERRORS: dict[str, tuple[Callable[[], OutcomeCohort], str]] = {
    "pdw_in_gsd": (
        lambda: _changed("pdw_fl", lambda fl: np.round(16.3 + (fl - 12.8) / 5, 1)),
        "PDW is 16.",
    ),
    "mvh_inverted": (
        lambda: _changed("mvh_restored", np.logical_not),
        "“MVH restored” is yes in ",
    ),
    "chloride_minus_10": (
        lambda: _changed("chloride_mmol_l", lambda chloride: np.maximum(chloride - 10, 75.8)),
        "Chloride is 9",
    ),
    "t_scores_in_another_column": (
        lambda: _changed("t_score", lambda t: np.full(len(t), -3.0)),
        "T-score is below −3.5 in 0.0 % of these patients",
    ),
    "rows_doubled": (_twice, f"{ENOUGH} assessments have the day of operation"),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.django_db
def test_page_and_paper_tell_an_error_of_the_data(error: str) -> None:
    make, said = ERRORS[error]
    client = signed_in(reviewer())
    with patch.object(queries, "validation_cohort", return_value=make()):
        page = Page(client.get("/validation"))
        with patch("scoring.http.printing.pdf_of", side_effect=str.encode):
            paper = Page(client.get("/validation/report"))
    assert f"These data are unlike the study's. {_WHAT_TO_DO} {said}" in page.text
    assert f"Unlike the study. Check: {said}" in paper.text


_WHAT_TO_DO = "Check this before you rely on the figures, recalibrate or export."


@pytest.mark.parametrize("first", range(0, 550, ENOUGH))
def test_an_honest_ward_hears_nothing(first: int) -> None:
    """Other patients than the study's, by as much as hospitals differ."""
    ward = analysed(min(ENOUGH, 569 - first), first=first)
    inputs: dict[str, Any] = dict(ward.inputs)
    inputs["age_years"] = np.minimum(inputs["age_years"] + 3, 100)
    inputs["chloride_mmol_l"] = inputs["chloride_mmol_l"] - 1
    inputs["pdw_fl"] = inputs["pdw_fl"] * 1.03
    for one in (ward, replace(ward, inputs=inputs)):
        assert list(record_cautions(counts_of(one), case_mix_of(one))) == []


def test_few_patients_are_not_compared() -> None:
    """Nor is anything said of nobody."""
    assert case_mix_of(analysed(0)) == ()
    shifted = analysed(20, chloride_mmol_l=analysed(20).inputs["chloride_mmol_l"] - 8)
    assert [one.row.key for one in mix_cautions(case_mix_of(shifted))] == ["chloride"]
    few = replace(
        shifted,
        status=np.where(np.arange(20) < 19, shifted.status, 1).astype(np.int32),
    )
    assert mix_cautions(case_mix_of(few)) == ()


def test_only_another_patients_row_of_the_same_day_is_alike() -> None:
    twice = _twice()
    assert counts_of(twice).alike == ENOUGH
    same_patient = replace(twice, patient=np.tile(np.arange(ENOUGH), 2))
    assert counts_of(same_patient).alike == 0
    assert counts_of(same_patient).repeated == ENOUGH
    other_day = replace(twice, operation_day=np.arange(2 * ENOUGH, dtype=np.int32))
    assert counts_of(other_day).alike == 0
    other_outcome = np.append(twice.event[:ENOUGH], ~twice.event[ENOUGH:])
    assert counts_of(replace(twice, event=other_outcome)).alike == 0
