"""The numbers of the published study that pages and papers repeat, as text."""

from scoring.display import whole_percent
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.words.risk import one_decimal_percent


def study_numbers() -> dict[str, str]:
    """Patients with the outcome and all of them, and the cut-off; per cent without its sign."""
    outcome = RONG_2025.outcome
    return {
        "events": f"{outcome.events}",
        "n": f"{outcome.n}",
        "rate": one_decimal_percent(outcome.rate),
        "of_hundred": f"{whole_percent(outcome.rate)}",
        "cutoff": one_decimal_percent(RONG_2025.cutoff),
        "sensitivity": one_decimal_percent(EVIDENCE.training.sensitivity),
        "specificity": one_decimal_percent(EVIDENCE.training.specificity),
    }
