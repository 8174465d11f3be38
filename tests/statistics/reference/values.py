"""The data and the reference values beside this file, read once."""

import csv
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from scoring.statistics import Predictions

FOLDER = Path(__file__).parent
COHORT_CSV = FOLDER / "data" / "cohort.csv"

# R's answers are written with 15 digits. Sums in another order, and other rounding in exp and log,
# change the last few of them.
EXACT = 1e-12
# Maximum likelihood by iteration: both stop where the next step is below 1e-8 or less; lrm, glm and
# ours then differ by the rounding of their last step.
ITERATED = 1e-7


@cache
def r_reference() -> Any:
    """What R 4.2.2 found; see make_reference.R."""
    return json.loads((FOLDER / "r_reference.json").read_text(encoding="utf-8"))


@cache
def reference(name: str) -> Any:
    """What the script beside ``<name>_reference.json`` found."""
    return json.loads((FOLDER / f"{name}_reference.json").read_text(encoding="utf-8"))


def logit_interval(auc: float, variance: float) -> tuple[float, float]:
    """The interval on the logit scale from an AUC and its variance as pROC has them."""
    half = norm.ppf(0.975) * math.sqrt(variance) / (auc * (1.0 - auc))
    return float(expit(logit(auc) - half)), float(expit(logit(auc) + half))


SETS = ("smooth", "ties", "odd")


@cache
def predictions_of(name: str) -> Predictions:
    """One of the sets of make_data.py."""
    with (FOLDER / "data" / "risks.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == name]
    return Predictions([float(row["risk"]) for row in rows], [int(row["event"]) for row in rows])


NAMES = ("age", "bmd", "trauma_history", "posterior_fascia_edema", "pdw", "chloride", "mvh")
BINARY = {"bmd", "trauma_history", "posterior_fascia_edema", "mvh"}


@cache
def cohort_columns() -> tuple[dict[str, NDArray[np.float64]], NDArray[np.bool_]]:
    """The predictors of cohort.csv as the logistic model takes them, and the outcome."""
    with COHORT_CSV.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    fields = {
        "age": "age_years",
        "trauma_history": "trauma_history",
        "posterior_fascia_edema": "posterior_fascia_edema",
        "pdw": "pdw_fl",
        "chloride": "chloride_mmol_l",
        "mvh": "mvh_restored",
    }
    columns = {
        name: np.array([float(row[field]) for row in rows]) for name, field in fields.items()
    }
    columns["bmd"] = np.array([float(float(row["t_score"]) < -3.5) for row in rows])
    event = np.array([row["rbp"] == "1" for row in rows])
    return {name: columns[name] for name in NAMES}, event
