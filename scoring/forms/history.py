"""What the history is narrowed down to."""

import json
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scoring import queries
from scoring.forms.fields import AS_TYPED, DayField, day_in
from scoring.forms.layout import FIELD, FieldRow, plain_helper
from scoring.forms.models import ModelField, ModelVersion
from scoring.forms.search import SearchForm
from scoring.models.codes import Rbp
from scoring.nomogram.eligibility import Population
from scoring.queries import CutoffSide, DisplayState, HistoryFilter
from scoring.report import filter_words
from scoring.words.study import study_numbers
from scoring.words.types import Words

STATES = [("", _("Any state")), *((code, filter_words.STATES[code]) for code in DisplayState)]
SIDES = [("", _("Any")), *((code, filter_words.SIDES[code]) for code in CutoffSide)]
POPULATIONS = [("", _("Any")), *((code, filter_words.POPULATIONS[code]) for code in Population)]


def _select(
    label: Words, choices: list[tuple[Any, Any]], coerce: Any = str, empty: Any = ""
) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,  # type: ignore[arg-type]
        choices=choices,
        coerce=coerce,
        empty_value=empty,
        required=False,
        widget=forms.Select(attrs={"class": "form-select w-m"}),
    )


# The fields whose choices come from the record.
_OFFERED = ("clinician", "model")

_CUTOFF = format_lazy(_("Study cut-off {percent}\u00a0%"), percent=study_numbers()["cutoff"])


class HistoryForm(SearchForm):
    """Search text and filters. The text is patient data and never stands in an address."""

    span = ("assessed_from", "assessed_to")

    q = forms.CharField(
        label=_("Number, name, birth date or report"),
        required=False,
        # As long as the longest name.
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", **AS_TYPED}),
    )
    assessed_from = DayField(label=_("Assessed from"), required=False)
    assessed_to = DayField(label=_("to"), required=False)
    state = _select(_("State"), STATES, DisplayState, None)
    cutoff = _select(_CUTOFF, SIDES, CutoffSide, None)
    clinician = _select(_("Assessed by"), [], int, None)
    outcome = _select(_("Residual back pain"), [("", _("Any")), *Rbp.choices])
    population = _select(_("Eligibility"), POPULATIONS)
    model = ModelField(required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clinician = self.fields["clinician"]
        if isinstance(clinician, forms.ChoiceField):
            clinician.choices = [("", _("Anyone")), *queries.clinicians()]
        model = self.fields["model"]
        if isinstance(model, ModelField):
            model.offer()

    @property
    def text_helper(self) -> FormHelper:
        """The text: it takes what room there is beside the filters."""
        helper = plain_helper()
        helper.layout = Layout(Div(FieldRow(FIELD, "q"), css_class="grow align-self-start"))
        return helper

    @property
    def filters_helper(self) -> FormHelper:
        """Everything else in the same row, which wraps."""
        helper = plain_helper()
        helper.layout = Layout(*(FieldRow(FIELD, name) for name in self.shared_names()))
        return helper

    @property
    def looks(self) -> str:
        """All that the filters' HTML depends on: they are drawn once for as long as it stays.

        Not with an error, nor the text: that is patient data, and is never kept for others.
        """
        if set(self.errors) - {"q"}:
            return ""
        offered = [list(getattr(self.fields[name], "choices", [])) for name in _OFFERED]
        return json.dumps([get_language(), self.typed, offered], default=str)

    def filter(self) -> HistoryFilter:
        """What was entered, as domain types; only of a valid form."""
        cleaned = self.cleaned_data
        version = cleaned["model"] or ModelVersion(None, None)
        return HistoryFilter(
            assessed_from=cleaned["assessed_from"],
            assessed_to=cleaned["assessed_to"],
            state=cleaned["state"],
            cutoff=cleaned["cutoff"],
            clinician_id=cleaned["clinician"],
            outcome=cleaned["outcome"],
            population=cleaned["population"],
            model=version.model,
            recalibration=version.recalibration,
            text=cleaned["q"],
            birth_date=day_in(cleaned["q"]),
        )
