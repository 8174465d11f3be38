"""What an application sends to record an assessment."""

from copy import deepcopy
from typing import Any

from scoring.nomogram.eligibility import Criterion, study_answer

WANG: dict[str, Any] = {
    "hospital_number": "H200555",
    "family_name": "王",
    "given_name": "小兰",
    "birth_date": "1944-07-14",
    "sex": "female",
}
VERSION: dict[str, Any] = {
    "operation_status": "done",
    "operation_date": "2025-03-13",
    "operation_time": "09:30",
    "fracture_level": "L1",
    **{criterion.value: study_answer(criterion).value for criterion in Criterion},
    "t_score": -3.2,
    "dxa_date": "2025-03-01",
    "dxa_site": "lumbar_spine",
    "trauma_history": True,
    "posterior_fascia_edema": True,
    "mri_date": "2025-03-10",
    "pdw_fl": 16.80,
    "pdw_unit": "fL",
    "pdw_date": "2025-03-11",
    "chloride_mmol_l": 101.5,
    "chloride_date": "2025-03-11",
    "mvh_restored": None,
}
NEW: dict[str, Any] = {"patient": WANG, "version": VERSION}


def new(**changes: Any) -> dict[str, Any]:
    """A request for a first version with other values in it."""
    sent = deepcopy(NEW)
    for name, value in changes.items():
        part = "patient" if name in {*WANG, "id"} else "version"
        sent[part][name] = value
    return sent
