"""Patients that several tests use."""

from typing import Any

# Section 4 of the paper.
WORKED_EXAMPLE: dict[str, Any] = {
    "age_years": 80,
    "t_score": -2.0,
    "trauma_history": True,
    "posterior_fascia_edema": True,
    "pdw_fl": 12.80,
    "chloride_mmol_l": 105,
    "mvh_restored": False,
}
LOW_RISK: dict[str, Any] = {
    "age_years": 72,
    "t_score": -3.6,
    "trauma_history": True,
    "posterior_fascia_edema": False,
    "pdw_fl": 12.8,
    "chloride_mmol_l": 104,
    "mvh_restored": True,
}
