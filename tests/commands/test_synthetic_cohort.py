import io
from pathlib import Path

import pytest

from scoring.study.cohort_file import read_cohort
from tests.commands.analysis import answer, refusal


def test_a_cohort_that_can_be_read_again() -> None:
    found = read_cohort(io.BytesIO(answer("synthetic_cohort", "--n", 569, "--seed", 3).encode()))
    assert (len(found.ids), int(found.event.sum())) == (569, 117)
    assert found.ids[0] == "SYNTHETIC-000001"
    assert int(found.cohort["mvh_restored"].sum()) == 382 + 66


def test_the_same_seed_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "cohort.csv"
    answer("synthetic_cohort", "--seed", 3, "--output", file)
    assert file.read_text() == answer("synthetic_cohort", "--seed", 3)
    assert file.read_text() != answer("synthetic_cohort", "--seed", 4)


@pytest.mark.parametrize("words", [("--n", 0, "--seed", 1), ("--n", 5, "--seed", -1)])
def test_what_cannot_be(words: tuple[object, ...]) -> None:
    assert refusal("synthetic_cohort", *words) == "--n is 1 or more, --seed 0 or more."


def test_a_seed_is_asked_for() -> None:
    assert "--seed" in refusal("synthetic_cohort", "--n", 5)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    text = refusal("synthetic_cohort", "--seed", 1, "--output", tmp_path / "no" / "cohort.csv")
    assert "cannot be written" in text
