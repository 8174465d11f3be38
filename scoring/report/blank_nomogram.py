"""The nomogram on paper without a patient, to be read by hand when the computer is down."""

from django.template.loader import render_to_string

from scoring import charts
from scoring.charts.nomogram import words
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.model import Nomogram
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.publication import WORKED_EXAMPLE
from scoring.words.eligibility import CRITERION_NAMES

# What it can be laid out for, the usual one first.
SIZES = ("a4", "letter")


def blank_nomogram_html(*, size: str) -> str:
    """One page for a size of paper, across; everything on it follows from the model."""
    model = RONG_2025
    answers = model.eligibility.items()
    return render_to_string(
        "scoring/blank_nomogram.html",
        {
            "model": model,
            "size": size,
            "nomogram": charts.as_data_uri(charts.blank_nomogram_svg(model)),
            "labels": charts.blank_nomogram_labels(model),
            "example": _worked_example(model),
            "yes": [CRITERION_NAMES[criterion] for criterion, a in answers if a is Answer.YES],
            "no": [CRITERION_NAMES[criterion] for criterion, a in answers if a is Answer.NO],
        },
    )


def _worked_example(model: Nomogram) -> str:
    result = model.assess(WORKED_EXAMPLE)
    return words.description(result, words.row_words(result))
