"""Writes the data that the reference values belong to.

Run as ``python -m tests.statistics.reference.make_data``.

``cohort.csv``: a synthetic cohort of 569 patients (seed 1), with what the commands read.
``risks.csv``: predicted risks and outcomes of three sets. "smooth" has the 569 different risks of
version 1 of the model; "ties" 78 risks in whole per cent; "odd" 103 risks, a number no grouping
divides, of a model too extreme.
"""

import csv
from pathlib import Path

import numpy as np

from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1

FOLDER = Path(__file__).parent / "data"


def _write_cohort() -> None:
    made = synthetic_cohort(569, seed=1)
    with (FOLDER / "cohort.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["id", *RONG_2025.fields, "rbp"])
        for number in range(569):
            values = [f"{made.cohort[field][number]:g}" for field in RONG_2025.fields]
            rows.writerow([f"S{number + 1:04}", *values, int(made.event[number])])


def _write_risks() -> None:
    made = synthetic_cohort(569, seed=1)
    rng = np.random.default_rng(2)
    logit = rng.normal(-1.2, 1.0, 78)
    tied = np.round(1 / (1 + np.exp(-logit)), 2)
    extreme = rng.normal(-1.0, 2.2, 103)
    sets = {
        "smooth": (RONG_2025_VERSION_1.assess_cohort(made.cohort).risk, made.event),
        "ties": (tied, rng.random(78) < tied),
        "odd": (
            1 / (1 + np.exp(-extreme)),
            rng.random(103) < 1 / (1 + np.exp(-(0.5 + 0.6 * extreme))),
        ),
    }
    with (FOLDER / "risks.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["set", "risk", "event"])
        for name, (risks, events) in sets.items():
            for risk, event in zip(risks.tolist(), events.tolist(), strict=True):
                rows.writerow([name, repr(risk), int(event)])


if __name__ == "__main__":
    _write_cohort()
    _write_risks()
