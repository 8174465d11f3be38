"""Values of an earlier assessment, offered to be taken over one by one; nothing is prefilled."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

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
    """A value of one measured predictor.

    ``key`` is what the button sends where no script runs; ``fills`` are the controls of the form
    that it fills, as JSON by name.
    """

    key: str
    field: str
    text: str
    fills: str


class Offers(NamedTuple):
    """All that is offered for one predictor."""

    field: str
    each: list[Offer]


def offers(patient: Patient | None, more: Iterable[Offer] = ()) -> list[Offers]:
    """What the latest assessment in use of a patient offers, for each measured predictor.

    ``more`` are offers from elsewhere, which come first: they are newer.
    """
    fields = [name for name, beside in RONG_2025.provenances.items() if beside.quantity]
    found = [] if patient is None else queries.comparable_assessments(patient)
    known = [*more, *(_offer(found[0], field) for field in fields if found)]
    return [Offers(field, [one for one in known if one.field == field]) for field in fields]


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
        "value": offered_value(predictor, float(entered.number)),
        "day": day_text(day) if day else "",
        "operation": day_text(latest.operation_date),
    }
    return Offer(f"earlier-{field}", field, text, json.dumps(fills))


def offered_value(predictor: Predictor, value: float) -> str:
    """A value as an offer shows it, with its unit and sign."""
    is_signed = isinstance(predictor, Threshold)
    return signed_text(value) if is_signed else brief_text(predictor, value)
