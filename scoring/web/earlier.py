"""Values of an earlier assessment, offered to be taken over one by one; nothing is prefilled."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring import queries
from scoring.display import signed_text
from scoring.forms.predictors import taken_field, typed_as
from scoring.models import Assessment, Patient
from scoring.nomogram.predictor import Predictor, Threshold
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.dates import day_text
from scoring.words.predictors import words_of
from scoring.words.values import brief_text


@dataclass(frozen=True)
class Offer:
    """The value of one measured predictor; ``text`` is empty where there is none to offer.

    ``fills`` are the controls of the form that it fills, as JSON by name.
    """

    field: str
    text: str = ""
    fills: str = ""


def offers(patient: Patient | None) -> list[Offer]:
    """What the latest assessment in use of a patient offers, for each measured predictor."""
    fields = [name for name, beside in RONG_2025.provenances.items() if beside.quantity]
    found = [] if patient is None else queries.comparable_assessments(patient)
    return [_offer(found[0], field) if found else Offer(field) for field in fields]


def _offer(latest: Assessment, field: str) -> Offer:
    entered, beside = latest.entry[field], RONG_2025.provenances[field]
    predictor = RONG_2025.by_field[field]
    day = entered.source_date
    fills = {
        field: typed_as(entered),
        beside.date_field: day_text(day) if day else "",
        **({beside.site_field: entered.site} if beside.site_field else {}),
        **({beside.unit_field: RONG_2025.numeric[field].unit} if beside.unit_field else {}),
        taken_field(beside): "",
    }
    said = (
        _("%(name)s %(value)s of %(day)s")
        if day
        else _("%(name)s %(value)s, date not stated, assessed for the operation of %(operation)s")
    )
    text = said % {
        "name": words_of(predictor).field_label,
        "value": _value(predictor, float(entered.number)),
        "day": day_text(day) if day else "",
        "operation": day_text(latest.operation_date),
    }
    return Offer(field, text, json.dumps(fills))


def _value(predictor: Predictor, value: float) -> str:
    is_signed = isinstance(predictor, Threshold)
    return signed_text(value) if is_signed else brief_text(predictor, value)
