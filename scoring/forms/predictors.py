"""The fields of the predictors, made from what the model says of them."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.entry import Input
from scoring.entry.numbers import are_exchanged
from scoring.forms.fields import (
    YES_NO,
    DayField,
    MeasureField,
    RefusedNumberError,
    Typed,
    choice_field,
)
from scoring.forms.number_texts import exchanged_text
from scoring.models.codes import DxaSite, LaboratoryUnit
from scoring.nomogram.parts import Provenance
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words import definitions
from scoring.words.predictors import ProvenanceWords, provenance_words, words_of
from scoring.words.types import Words

NOT_KNOWN_YET = ("not_known_yet", pgettext_lazy("button", "Not known yet"))
FROM_EHR = "ehr"
_ANSWERS = {"yes": True, "no": False, NOT_KNOWN_YET[0]: None}
_TYPED_AS = {answer: code for code, answer in _ANSWERS.items()}


class UnitField(forms.ChoiceField):
    """The unit a laboratory reports; any but the one that is scored is refused, and why."""

    def __init__(self, predictor: NumericPredictor, words: ProvenanceWords) -> None:
        self.predictor, self.words = predictor, words
        super().__init__(
            label=words.unit_label,  # type: ignore[arg-type]  # the stubs know no lazy label
            choices=[
                ("", gettext_lazy("Unit?")),
                *LaboratoryUnit.choices,
                ("other", gettext_lazy("Other")),
            ],
            widget=forms.Select(attrs={"class": "form-select w-unit"}),
            error_messages={"required": words.unit_missing},  # type: ignore[dict-item]  # as above
        )

    def clean(self, value: Any) -> str:
        """Only the unit of the model: the numbers of others overlap and mean something else."""
        unit: str = super().clean(value)
        if unit != self.predictor.unit:
            raise ValidationError(str(self.words.unit_refused), code="other_unit")
        return unit


def predictor_fields() -> Iterator[tuple[str, forms.Field]]:
    """The field of every predictor, followed by those of its unit, site and date."""
    for predictor in RONG_2025.predictors:
        yield predictor.field, _own_field(predictor, words_of(predictor).field_label)
        beside = predictor.provenance
        if beside is None:
            continue
        words = provenance_words(predictor)
        if beside.unit_field:
            yield beside.unit_field, UnitField(RONG_2025.numeric[predictor.field], words)
        if beside.site_field:
            yield beside.site_field, _site_field(words)
        yield beside.date_field, DayField(label=words.date_label, required=False)
        if beside.quantity:
            # Which result of another system it was taken from; what can't be read is none.
            yield taken_field(beside), forms.CharField(required=False, widget=forms.HiddenInput)


def taken_field(beside: Provenance) -> str:
    """The hidden field that says where a value was taken from.

    The key of a laboratory's result, or ``FROM_EHR``: the reading that the form belongs to.
    """
    return f"{beside.quantity}_result"


def _own_field(predictor: Predictor, label: Words) -> forms.Field:
    hint = definitions.hint(predictor.field)
    if isinstance(predictor, NumericPredictor):
        # The age follows from the birth date, where that is known.
        is_needed = predictor.provenance is not None
        return MeasureField(predictor, label=label, required=is_needed, help_text=hint)
    choices = [*YES_NO, NOT_KNOWN_YET] if predictor.may_be_unknown else YES_NO
    return choice_field(choices, label=label, help_text=hint)


def _site_field(words: ProvenanceWords) -> forms.Field:
    return forms.ChoiceField(
        label=words.site_label,  # type: ignore[arg-type]  # the stubs know no lazy label
        choices=[("", gettext_lazy("Site?")), *DxaSite.choices],
        widget=forms.Select(attrs={"class": "form-select w-m"}),
        required=False,
    )


def plain_value(value: Any) -> Any:
    """What a field of the form gives, as the record has it: a number, an answer, or the same."""
    if isinstance(value, Typed):
        return value.value
    return _ANSWERS.get(value, value) if isinstance(value, str) else value


def input_of(cleaned: dict[str, Any], field: str, beside: Provenance) -> Input:
    """What was entered about one predictor; only of a valid form."""
    value = cleaned[field]
    return Input(
        value=plain_value(value),
        typed=value.entered if isinstance(value, Typed) else "",
        source_date=cleaned[beside.date_field],
        site=cleaned.get(beside.site_field, ""),
    )


def typed_as(entered: Input) -> str:
    """What a form is filled in with to give this input again."""
    return entered.typed or _TYPED_AS[entered.answer]


def read_units(form: forms.Form) -> None:
    """A unit that was typed behind its value need not be chosen beside it, too."""
    for name, beside in RONG_2025.provenances.items():
        typed, unit = form.cleaned_data.get(name), beside.unit_field
        if not (unit and isinstance(typed, Typed) and typed.unit):
            continue
        if not form.data.get(form.add_prefix(unit)):
            form.errors.pop(unit, None)
            form.cleaned_data[unit] = typed.unit


def ask_if_exchanged(form: forms.Form) -> None:
    """Beside two refused values that would fit in each other's place: were they exchanged?"""
    refused = {
        RONG_2025.numeric[name]: error.value
        for name, errors in form.errors.as_data().items()
        for error in errors
        if isinstance(error, RefusedNumberError)
    }
    for one, other in permutations(refused, 2):
        if are_exchanged(refused[one], one, refused[other], other):
            said = exchanged_text(str(words_of(other).short_name))
            form.add_error(one.field, ValidationError(said, code="exchanged"))
