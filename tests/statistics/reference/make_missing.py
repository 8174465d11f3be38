"""Writes ``data/missing.csv``: patients whose outcome is not always known.

Run as ``python -m tests.statistics.reference.make_missing``. 300 patients with two predictors, a
predicted risk in whole per cent, so that some are tied, and an outcome, which is known more often
where ``answer`` is yes and ``number`` is low.
"""

import csv

import numpy as np

from tests.statistics.reference.values import FOLDER


def _write() -> None:
    rng = np.random.default_rng(11)
    n = 300
    number = np.round(rng.normal(0.0, 1.0, n), 3)
    answer = rng.random(n) < 0.6
    logit = -1.0 + 0.9 * number + 0.5 * answer
    risk = np.clip(np.round(1 / (1 + np.exp(-logit)), 2), 0.01, 0.99)
    event = rng.random(n) < 1 / (1 + np.exp(-(-0.3 + 0.8 * logit)))
    known = rng.random(n) < 1 / (1 + np.exp(-(0.8 - 0.7 * number + 0.8 * answer)))
    with (FOLDER / "data" / "missing.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["number", "answer", "risk", "event", "known"])
        for row in zip(number, answer, risk, event, known, strict=True):
            one, yes, share, pain, told = row
            rows.writerow([one, int(yes), share, int(pain), int(told)])


if __name__ == "__main__":
    _write()
