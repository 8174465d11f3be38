import numpy as np
import pytest

from script.lib import coverage_auc


def test_with_few_events_the_logit_scale_covers_and_the_scale_of_the_auc_does_not() -> None:
    """1,000 sets: a share of 95 % has a standard error of 0.7 %, one of 86 % of 1.1 %."""
    plain, logit, none = coverage_auc.coverage(np.random.default_rng(2), 0.788, 5, 20, 1000)
    assert plain < 0.90
    assert 0.92 < logit < 0.98
    assert 0.0 < none < 0.05


def test_a_row_for_each_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert coverage_auc.main(["--sets", "20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "AUC 0.788, 20 sets of each size, seed 1"
    assert [line.split("|")[1:3] for line in lines[-3:]] == [
        [" 5 ", " 20 "],
        [" 10 ", " 39 "],
        [" 17 ", " 61 "],
    ]
