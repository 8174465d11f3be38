"""Writes benefit_reference.json from data/risks.csv: net benefit as dcurves has it.

Needs dcurves 1.1.7 (PyPI) and pandas, which the tests don't. Run in this folder as
``python make_benefit.py``.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

THRESHOLDS = [0.05, 0.1, 0.184, 0.3, 0.5, 0.8]
FOLDER = Path(__file__).parent


def main() -> None:
    """Every set of risks."""
    pd: Any = import_module("pandas")
    dca = import_module("dcurves").dca
    risks = pd.read_csv(FOLDER / "data" / "risks.csv")
    out = {}
    for name, rows in risks.groupby("set"):
        found = dca(
            data=rows, outcome="event", modelnames=["risk"], thresholds=THRESHOLDS
        ).set_index(["model", "threshold"])["net_benefit"]
        out[name] = {
            "threshold": THRESHOLDS,
            "model": [float(found["risk", t]) for t in THRESHOLDS],
            "all": [float(found["all", t]) for t in THRESHOLDS],
        }
    (FOLDER / "benefit_reference.json").write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
