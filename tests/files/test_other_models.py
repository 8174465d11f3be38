"""A table for a model that is not the published one: its columns go by the names of its inputs."""

import io

import pytest

from scoring.files.scored import Scoring
from scoring.files.table import Table
from tests.files.tables import rows_in, texts_of
from tests.nomogram.made_up import MADE_UP

TABLE = b"smoker,weight_kg,hemoglobin_g_l\nyes,90,110\n,140,130\nno,20,110\n"


def test_points_of_another_model() -> None:
    scoring = Scoring(Table(io.BytesIO(TABLE), MADE_UP), MADE_UP)
    final, both, refused = rows_in(texts_of(scoring)[0])
    result = MADE_UP.assess({"smoker": True, "weight_kg": 90, "hemoglobin_g_l": 110})
    assert float(final["total_points"]) == pytest.approx(result.scenarios[0].total_points)
    assert float(final["risk"]) == pytest.approx(result.scenarios[0].risk, abs=1e-6)
    assert final["model"] == MADE_UP.label
    unknown = MADE_UP.assess({"smoker": None, "weight_kg": 140, "hemoglobin_g_l": 130})
    found = [both[f"{name}_total_points"] for name in ("smoking", "not_smoking")]
    assert [*map(float, found)] == [
        pytest.approx(scenario.total_points) for scenario in unknown.scenarios
    ]
    assert refused["error"].startswith("Row 4, column weight_kg")
