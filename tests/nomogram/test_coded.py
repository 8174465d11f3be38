"""What other systems call the predictors: nothing may mean two of them."""

from collections import Counter

import pytest

from scoring.nomogram.predictor import Predictor, YesNo
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import BMD, CHLORIDE, PDW, RONG_2025

CODED = [coded_as(one) for one in RONG_2025.predictors]


def test_a_code_stands_for_one_predictor_or_for_none() -> None:
    codes = [code for one in CODED for code in (*(each.code for each in one.loinc), *one.mistaken)]
    assert len(codes) == 33
    assert max(Counter(codes).values()) == 1


def test_a_name_stands_for_one_predictor() -> None:
    names = [
        {
            name.casefold()
            for name in (*one.english_headers, *one.chinese_headers, *one.result_names)
        }
        for one in CODED
    ]
    assert max(Counter(name for of_one in names for name in of_one).values()) == 1


@pytest.mark.parametrize(
    ("predictor", "unit", "is_its"),
    [
        (PDW, "fL", True),
        (PDW, "µm^3", True),
        (PDW, "µm³", True),
        (PDW, "um3", True),
        (PDW, "%", False),
        (PDW, "10(GSD)", False),
        (PDW, "", False),
        (CHLORIDE, "mEq / L", True),
        (CHLORIDE, "mg/dL", False),
        (BMD, "", True),
        (BMD, "{T-score}", True),
        (BMD, "SD", True),
        (BMD, "g/cm2", False),
    ],
)
def test_units(predictor: Predictor, unit: str, is_its: bool) -> None:
    assert coded_as(predictor).has_unit(unit) is is_its


def test_a_predictor_of_another_model_has_no_codes() -> None:
    other = YesNo(key="diabetes", field="diabetes", answer_points=BMD.answer_points)
    assert coded_as(other).loinc == ()
    assert not coded_as(other).has_unit("fL")
