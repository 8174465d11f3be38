"""Values taken from a laboratory's message, and what the laboratory said of them since."""

from django.utils.translation import gettext as _

from scoring.display import signed_text
from scoring.entry.characters import visible
from scoring.models import Assessment, LaboratoryResult, LaboratorySource
from scoring.nomogram.predictor import Predictor, Threshold
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.dates import moment_text
from scoring.words.laboratory import SITES, unusable_text
from scoring.words.marks import spaced
from scoring.words.predictors import words_of
from scoring.words.values import measured_text

# Longer control IDs are cut: a line has no room for them.
_LONGEST_ID = 20


def value_text(result: LaboratoryResult) -> str:
    """Name and value of a result, "Chloride 104 mmol/L"; as it was sent if it can't be used."""
    predictor = RONG_2025.by_field[result.predictor]
    name = str(words_of(predictor).caution_name)
    site = str(SITES[result.site]) if result.site in SITES else ""
    if result.value is None or result.unusable:
        sent = spaced(*filter(None, [visible(result.value_text), visible(result.unit)]))
        return spaced(*filter(None, [name, site, sent or "–"]))
    return spaced(*filter(None, [name, site, _number(predictor, float(result.value))]))


def _number(predictor: Predictor, value: float) -> str:
    if isinstance(predictor, Threshold):
        return signed_text(value)
    return measured_text(RONG_2025.numeric[predictor.field], value)


def from_message(assessment: Assessment, predictor: Predictor, source: str) -> str:
    """Where a value comes from, with the message that it was taken from."""
    taken = assessment.sources_by_predictor.get(predictor.field)
    if taken is None:
        return source
    return _("%(source)s, message %(message)s") % {
        "source": source,
        "message": _message_name(taken),
    }


def _message_name(taken: LaboratorySource) -> str:
    return visible(taken.result.message.control_id)[:_LONGEST_ID]


def changed_since(assessment: Assessment) -> list[tuple[str, str]]:
    """Values that the laboratory took back or corrected after they were taken over: title, text."""
    found = []
    for taken in assessment.sources_by_predictor.values():
        later = taken.later
        if later is not None:
            found.append((value_text(taken.result), _said_since(later)))
    return found


def _said_since(later: LaboratoryResult) -> str:
    values = {
        "moment": moment_text(later.message.received_at),
        "value": value_text(later),
        "reason": unusable_text(later.unusable),
    }
    if later.unusable == "withdrawn":
        text = _("The laboratory took this value back on %(moment)s. The result still rests on it.")
    elif later.unusable:
        text = _(
            "The laboratory corrected this value on %(moment)s to one that can't be used: "
            "%(reason)s. The result still rests on the old one."
        )
    else:
        text = _(
            "The laboratory corrected this value on %(moment)s: %(value)s. The result still rests "
            "on the old one."
        )
    return text % values
