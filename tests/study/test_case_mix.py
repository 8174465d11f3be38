"""The case mix of a file beside Tables 1 to 3, and what is said of it."""

import dataclasses
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scoring.evaluation.case_mix import CaseMixRow, case_mix
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.validation.case_mix import case_mix_table
from scoring.study.cautions import CohortCaution, cautions_of
from scoring.study.cohort_file import CohortFile, read_cohort
from scoring.study.text_table import titled_table
from scoring.study.wording import cohort_caution_text
from tests.commands.analysis import with_column
from tests.statistics.reference.values import COHORT_CSV

TEXT = COHORT_CSV.read_text()


def read(text: str) -> CohortFile:
    return read_cohort(io.BytesIO(text.encode()))


def changed(column: str, change: Callable[[str], object]) -> CohortFile:
    """The reference cohort, which is as the study's, with one column changed."""
    return read(with_column(TEXT, column, change))


def rows(patients: CohortFile) -> dict[str, CaseMixRow]:
    return {row.key: row for row in case_mix(patients.cohort, patients.event)}


def loud(patients: CohortFile) -> list[CohortCaution]:
    return [one for one in cautions_of(patients) if one.loud]


def said(patients: CohortFile) -> str:
    """The only loud caution."""
    (caution,) = loud(patients)
    return cohort_caution_text(caution)


def test_the_study_in_both_groups_together() -> None:
    """By hand from Table 2: PDW 12.69 ± 2.35 (452), 13.27 ± 2.61 (117)."""
    pdw = EVIDENCE.case_mix["pdw"]
    mean = (452 * 12.69 + 117 * 13.27) / 569
    # Sum of squares within and between the groups.
    squares = 451 * 2.35**2 + 116 * 2.61**2 + 452 * 117 / 569 * (13.27 - 12.69) ** 2
    assert pdw == pytest.approx((mean, (squares / 568) ** 0.5), rel=1e-12)
    assert EVIDENCE.case_mix["age"] == (71.76, 9.066)
    # Table 1: 251 (44.11), 420 (73.81), 52 (9.14).
    shares = {key: round(100 * EVIDENCE.case_mix[key].mean, 2) for key in ("bmd", "trauma_history")}
    assert shares == {"bmd": 44.11, "trauma_history": 73.81}
    assert EVIDENCE.case_mix["posterior_fascia_edema"].mean == 52 / 569
    assert EVIDENCE.case_mix["mvh"].mean == (382 + 66) / 569


def test_the_reference_cohort_is_as_the_study() -> None:
    found = rows(read(TEXT))
    assert list(found) == [*RONG_2025.by_key, "rbp"]
    for row in found.values():
        assert row.patients.mean == pytest.approx(row.study.mean, rel=0.003)
        assert row.patients.sd == pytest.approx(row.study.sd, rel=0.01)
        assert row.difference == pytest.approx(0.0, abs=0.02)
    # Table 3: 66 of 117 with pain and 382 of 452 without it restored.
    mvh = found["mvh"].odds_ratio
    assert mvh is not None
    assert mvh.value == pytest.approx((66 / 51) / (382 / 70), rel=1e-12)
    assert found["mvh"].study_odds_ratio == 0.260
    assert loud(read(TEXT)) == []


def test_pdw_in_another_unit() -> None:
    """Between 15.6 and 17.2 in every row: inside the central 95 %, as its median."""
    narrow = changed("pdw_fl", lambda pdw: round(15.6 + (float(pdw) * 7 % 1.6), 1))
    row = rows(narrow)["pdw"]
    assert (row.low, row.high) == (15.6, 17.2)
    values = narrow.cohort["pdw_fl"]
    sd, study = float(np.std(values, ddof=1)), EVIDENCE.case_mix["pdw"]
    expected = (values.mean() - study.mean) / np.sqrt((sd**2 + study.sd**2) / 2)
    assert row.difference == pytest.approx(expected)
    assert row.sd_ratio == pytest.approx(sd / study.sd)
    text = said(narrow)
    assert text.startswith("CAUTION: pdw_fl is 16.4 ± 0.5 here (all of them 15.6 to 17.2 fL), ")
    assert "12.8 ± 2.4 in the study (standardized difference 2.0" in text
    assert text.endswith(
        "Check: another unit than fL, another column, values shifted or filled in?"
    )


def test_one_value_filled_in() -> None:
    row = rows(constant := changed("age_years", lambda _age: 72))["age"]
    assert (row.mean_is_far, row.sd_is_far, row.sd_ratio) == (False, True, 0.0)
    assert "ratio of SDs 0.00" in said(constant)


def test_chloride_shifted_by_10() -> None:
    shifted = changed("chloride_mmol_l", lambda cl: max(float(cl) - 10, 75.8))
    row = rows(shifted)["chloride"]
    assert (row.mean_is_far, row.sd_is_far) == (True, False)
    assert "chloride_mmol_l is 93.9 ± 3.4 here" in said(shifted)


@pytest.mark.parametrize("column", ["mvh_restored", "trauma_history", "posterior_fascia_edema"])
def test_yes_and_no_exchanged(column: str) -> None:
    text = said(changed(column, lambda answer: 1 - int(answer)))
    assert text.startswith(f"CAUTION: {column} is yes in ")
    assert text.endswith("Inverted? Check whether yes and no are exchanged.")


def test_an_exchanged_outcome_is_said_alone() -> None:
    assert said(changed("rbp", lambda answer: 1 - int(answer))).startswith(
        "CAUTION: rbp is yes in 79.4 % of these patients, in 20.6 % of the study's"
    )


def test_an_association_that_is_reversed() -> None:
    """The share is not far off, so that only the association with the outcome tells."""
    patients = read(TEXT)
    restored = patients.event | (np.arange(569) % 2 == 0)
    columns: dict[str, Any] = {**patients.cohort.columns, "mvh_restored": restored}
    reversed_ = dataclasses.replace(patients, cohort=RONG_2025.cohort(columns))
    text = said(reversed_)
    assert text.startswith("CAUTION: where mvh_restored is yes, residual back pain has an odds")
    assert "of 0.26 in the study. Inverted?" in text


def test_no_t_score_below_the_threshold() -> None:
    text = said(changed("t_score", lambda _t: -3.0))
    assert text.startswith("CAUTION: t_score is below −3.5 in 0.0 % of these patients, in 44.1 %")
    assert text.endswith("Check that it is defined as in the study.")


def test_unsigned_t_scores_are_said_once() -> None:
    (caution,) = loud(changed("t_score", lambda t: min(abs(float(t)), 4.0)))
    assert caution.code == "t_score_unsigned"


def test_every_row_twice_under_new_ids() -> None:
    header, *lines = TEXT.splitlines()
    twice = read("\n".join([header, *lines, *(f"X{line}" for line in lines)]))
    (caution,) = loud(twice)
    assert (caution.code, caution.count, caution.n) == ("many_identical_rows", 569, 1138)
    once = read("\n".join([header, *lines, f"X{lines[0]}"]))
    assert loud(once) == []
    assert CohortCaution("identical_rows", None, 1, 570) in cautions_of(once)


@pytest.mark.parametrize("spelled", ["s0001", "Ｓ０００１", "S 0001", "00S0001"])
def test_ids_that_differ_in_their_spelling_alone(spelled: str) -> None:
    other = TEXT.splitlines()[3].split(",", 1)[1]
    (caution,) = loud(read(f"{TEXT}{spelled},{other.replace('105', '104.3')}\n"))
    assert (caution.code, caution.count, caution.n) == ("similar_ids", 1, 570)
    assert "case, width, spaces or leading zeros" in cohort_caution_text(caution)


def test_few_patients_are_not_compared() -> None:
    header, *lines = with_column(TEXT, "age_years", lambda _age: 99).splitlines()
    assert "case_mix" not in {
        one.code for one in cautions_of(read("\n".join([header, *lines[:19]])))
    }
    assert "case_mix" in {one.code for one in cautions_of(read("\n".join([header, *lines[:20]])))}


def test_the_table_marks_what_is_far() -> None:
    patients = changed("chloride_mmol_l", lambda cl: max(float(cl) - 10, 75.8))
    table = case_mix_table(rows(patients).values())
    lines = [" ".join(line.split()) for line in titled_table(table)]
    assert "Chloride, mmol/L 93.9 ± 3.4 103.9 ± 3.4 −2.98 ! 1.00" in lines
    assert "MVH restored 78.7 % 78.7 % 0.00 0.24 0.26" in lines
    assert "Residual back pain 20.6 % 20.6 % 0.00" in lines
