"""The quick way through plain lines gives what the other way gives, to the letter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.files.blocks import Block
from scoring.files.quick import QuickReader
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from tests.files.tables import WORKED, changed, csv_of, rows_in, scoring_of, texts_of

CELLS = {
    "id": ["P1", "", "=x", "@", "王", "a b", "a-long-identifier"],
    "age_years": ["80", "49.5", "", "8０", "120", "80 years"],
    "t_score": ["-2.0", "+1", "- 2.5", "−3.6", "28", "-3,5"],
    "trauma_history": ["yes", "no", "1", "是", "", "TRUE"],
    "posterior_fascia_edema": ["no", "有", "?"],
    "pdw_fl": ["12.8", "6", "=1+1", "12.8 fL", "#N/A", "a very long text", "9.9"],
    "chloride_mmol_l": ["105", "97", "1050", "99.5"],
    "mvh_restored": ["no", "", "unknown", "恢复", "yes"],
}
PATIENTS = st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), min_size=1)


@settings(deadline=None)
@given(PATIENTS, st.sampled_from([",", ";", "\t"]))
def test_the_same_text(patients: list[tuple[str, ...]], separator: str) -> None:
    content = csv_of(WORKED, *patients, separator=separator)
    with pytest.MonkeyPatch.context() as patch:
        # The first block has the header, and goes the other way.
        patch.setattr("scoring.files.csv_rows.LINES_AT_ONCE", 2)
        quick = texts_of(scoring_of(content))
        patch.setattr(QuickReader, "read", lambda *_arguments: None)
        assert texts_of(scoring_of(content)) == quick


def test_blank_rows_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.files.csv_rows.LINES_AT_ONCE", 2)
    # As a spreadsheet saves rows below the table that were cleared.
    blank = ["", " ", *[""] * 6]
    scoring = scoring_of(csv_of(WORKED, WORKED, blank, blank, ["P2", *blank[1:]], WORKED))
    *scored, refused, last = rows_in(texts_of(scoring)[0])
    assert [row["id"] for row in (*scored, refused, last)] == ["P1", "P1", "P2", "P1"]
    assert refused["error"].startswith("Row 6, column age_years: the value is missing")
    assert (scoring.counts.rows, scoring.counts.refused) == (4, 1)


def test_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    rows = Block.__dict__["rows"].fget

    def told(block: Block) -> object:
        if block.lines:
            parsed.append(block.first)
        return rows(block)

    monkeypatch.setattr(Block, "rows", property(told))
    texts_of(scoring_of(csv_of(*[WORKED] * 9000, changed(pdw_fl="x"))))
    # The first block alone, whose header is looked for.
    assert set(parsed) == {1}


def test_every_row_is_that_of_the_model() -> None:
    cohort = synthetic_cohort(10_000, seed=5).cohort
    columns = [
        ["yes" if cell else "no" for cell in column] if column.dtype == bool else column.tolist()
        for column in cohort.columns.values()
    ]
    content = csv_of(*(("", *map(str, row)) for row in zip(*columns, strict=True)))
    scoring = scoring_of(content)
    rows = rows_in(texts_of(scoring)[0])
    result = RONG_2025.assess_cohort(cohort)
    for name, expected in {
        "total_points": result.total_points,
        "risk": result.risk,
        "ci95_low": result.ci95[0],
        "ci95_high": result.ci95[1],
        "band_low": result.band[0],
        "band_high": result.band[1],
        **{f"points_{key}": points for key, points in result.points.items()},
    }.items():
        found = np.array([float(row[name]) for row in rows])
        assert np.abs(found - expected).max() < 6e-7, name
    cautions = sum(bool(row["cautions"]) for row in rows)
    assert scoring.counts.with_caution == cautions > 0
    assert scoring.counts.rows == 10_000


def test_many_different_texts_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.files.cells._MOST_TEXTS", 100)
    patients = [changed(pdw_fl=f"{6 + number / 1000:.3f}") for number in range(12_000)]
    scoring = scoring_of(csv_of(*patients))
    rows = rows_in(texts_of(scoring)[0])
    for row in rows[::997]:
        assert float(row["points_pdw"]) == pytest.approx(3.47 * (float(row["pdw_fl"]) - 6))
    assert all(len(texts) < 9000 for texts in scoring._columns.values())


def test_last_line_without_an_end() -> None:
    content = csv_of(*[WORKED] * 5000).rstrip(b"\r\n")
    rows = rows_in(texts_of(scoring_of(content))[0])
    assert len(rows) == 5000
    assert rows[-1] == rows[0]
