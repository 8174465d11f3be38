"""What R found; see reference/make_drift_reference.R."""

import json
from functools import cache
from typing import Any

from tests.statistics.reference.values import FOLDER


@cache
def drift_reference() -> Any:
    """Paths, run lengths, ratios and funnel limits."""
    return json.loads((FOLDER / "drift_reference.json").read_text(encoding="utf-8"))
