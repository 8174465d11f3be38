"""Hypothesis strategies for everything that can be scored."""

from typing import Any

from hypothesis import strategies as st

NUMBERS: dict[str, st.SearchStrategy[float]] = {
    "age_years": st.integers(50, 100).map(float),
    "t_score": st.floats(-10.0, 4.0),
    "pdw_fl": st.floats(6.0, 34.8),
    "chloride_mmol_l": st.floats(75.8, 115.0),
}
PATIENTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "age_years": NUMBERS["age_years"],
        "t_score": NUMBERS["t_score"],
        "trauma_history": st.booleans(),
        "posterior_fascia_edema": st.booleans(),
        "pdw_fl": NUMBERS["pdw_fl"],
        "chloride_mmol_l": NUMBERS["chloride_mmol_l"],
        "mvh_restored": st.booleans(),
    }
)
