"""Values taken from a laboratory or a FHIR server, and what the laboratory said of them since."""

from django.utils.translation import gettext as _

from scoring.display import signed_text
from scoring.entry.characters import visible
from scoring.models import Assessment, LaboratoryResult
from scoring.nomogram.predictor import Predictor, Threshold
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.dates import day_text, moment_text
from scoring.words.laboratory import SITES, unusable_text
from scoring.words.marks import spaced
from scoring.words.predictors import words_of
from scoring.words.values import measured_text

# Longer names are cut: a line has no room for them. The page of the message has them whole.
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
    if taken is None or taken.result.message.is_read:
        return source
    name = visible(taken.result.message.control_id)[:_LONGEST_ID]
    return _("%(source)s, message %(message)s") % {"source": source, "message": name}


def read_from_servers(assessment: Assessment) -> list[str]:
    """For each value that was read from a FHIR server: what it said, and in which resource."""
    taken = assessment.sources_by_predictor.values()
    return [_read_text(one.result) for one in taken if one.result.message.is_read]


def _read_text(result: LaboratoryResult) -> str:
    reference, version = result.message.resource
    predictor = RONG_2025.numeric[result.predictor]
    # A T-score has none, whatever stands for that: 1, {T-score}.
    unit = visible(result.unit) if predictor.unit else ""
    values = {
        "name": words_of(predictor).caution_name,
        "value": spaced(*filter(None, [visible(result.value_text), unit])),
        "day": day_text(result.taken_on) if result.taken_on else "",
        "server": visible(result.message.sender),
        "resource": reference,
        "version": version,
    }
    if version:
        text = _(
            "%(name)s read from %(server)s: %(value)s of %(day)s, in %(resource)s, version "
            "%(version)s."
        )
    else:
        text = _("%(name)s read from %(server)s: %(value)s of %(day)s, in %(resource)s.")
    return text % values


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
