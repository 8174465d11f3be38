"""Writes what pmvalsampsize says into sample_size_reference.json, under its version.

Needs pmvalsampsize (PyPI), which the tests don't: 0.2.1, and 0.1.0 for the net benefit, for which
0.2.1 stops with an UnboundLocalError. Run in the repository's root with each of them, as
``PYTHONPATH=. python tests/statistics/reference/make_sample_size.py``.

``normal``: linear predictors with mean -1.65 and SD 1.2. ``study``: those of the rebuilt cohort of
the study with the line of version 1 of the model, drawn by numpy in place of the package's normal
ones. Events 117 of 569, C 0.7792 (the rebuilt cohort's).
"""

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstruction

LINE = (154.59609313508565, 24.488005400489964)
CALL: dict[str, Any] = {
    "type": "b",
    "prevalence": 117 / 569,
    "cstatistic": 0.7792,
    "oeciwidth": 0.4,
    "cstatciwidth": 0.1,
    "csciwidth": 0.4,
    "noprint": True,
    "lpnormal": (-1.65, 1.2),
}
AT_CUTOFF = {"sensitivity": 0.761, "specificity": 0.710, "threshold": 0.184, "nbciwidth": 0.2}
FILE = Path(__file__).parent / "sample_size_reference.json"


def _of_the_study(*, loc: float, scale: float, size: int) -> NDArray[np.float64]:
    """In place of scipy's norm.rvs."""
    rng = np.random.default_rng(1)
    event = rng.random(size) < 117 / 569
    points = np.empty(size)
    for group, rows in ((paper.PAIN, event), (paper.PAIN_FREE, ~event)):
        mixture = reconstruction.points_mixture(group)
        pattern = rng.choice(len(mixture.weight), size=int(rows.sum()), p=mixture.weight)
        points[rows] = rng.normal(mixture.mean[pattern], mixture.sd)
    return (points - LINE[0]) / LINE[1]


def _sizes(package: Any, **options: Any) -> dict[str, int]:
    table = package.pmvalsampsize(**CALL, **options)["results_table"]
    names = {
        "Criteria 1 - O/E": "observed_expected",
        "Criteria 2 - C-slope": "calibration_slope",
        "Criteria 3 - C statistic": "auc",
        "Criteria 4 - St Net Benefit": "net_benefit",
    }
    return {names[row[0]]: int(row[1]) for row in table if row[0] in names}


def main() -> None:
    """Both distributions, with the installed version."""
    package: Any = import_module("pmvalsampsize.pmvalsampsize")
    installed = version("pmvalsampsize")
    options: dict[str, Any] = AT_CUTOFF if installed == "0.1.0" else {}
    found = {"normal": _sizes(package, **options)}
    package.norm.rvs = _of_the_study
    found["study"] = _sizes(package, **options)
    out = json.loads(FILE.read_text()) if FILE.exists() else {}
    out[installed] = found
    FILE.write_text(json.dumps(out, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
