"""Which patients a validation is about, and under which name it is shared."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from scoring import queries
from scoring.forms.fields import AS_TYPED, DayField
from scoring.forms.history import POPULATIONS
from scoring.forms.layout import FIELD, FieldRow, plain_helper
from scoring.forms.models import ModelField, code_of
from scoring.forms.search import SearchForm
from scoring.models.typed_text import readable_name
from scoring.nomogram.eligibility import Population
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import CohortFilter
from scoring.report.validation import Chosen

REAL, SYNTHETIC = "real", "synthetic"
CENTRE_LENGTH = 100


def _select(**attributes: Any) -> forms.Select:
    return forms.Select(attrs={"class": "form-select w-m"}, **attributes)


_PUBLISHED = (RONG_2025.identifier, RONG_2025.version)


class ValidationForm(SearchForm):
    """Period, eligibility, model and kind of patients; all of it may stand in an address."""

    span = ("operated_from", "operated_to")

    operated_from = DayField(label=_("Operated from"), required=False)
    operated_to = DayField(label=_("to"), required=False)
    population = forms.ChoiceField(
        label=_("Eligibility"), choices=POPULATIONS, required=False, widget=_select()
    )
    model = ModelField(required=True)
    patients = forms.ChoiceField(
        label=_("Patients"),
        choices=[(REAL, _("Real")), (SYNTHETIC, _("Synthetic"))],
        widget=_select(),
    )

    use_required_attribute = False

    def __init__(self, data: Any) -> None:
        has_real, self.has_synthetic = queries.kinds_of_patients()
        filled = data.copy()
        filled.setdefault("model", code_of(_PUBLISHED))
        # Real patients wherever there are any: synthetic ones never slip in among them.
        only_synthetic = self.has_synthetic and not has_real
        filled.setdefault("patients", SYNTHETIC if only_synthetic else REAL)
        super().__init__(filled)
        model = self.fields["model"]
        if isinstance(model, ModelField):
            model.offer([_PUBLISHED])
        if not self.has_synthetic:
            self.fields["patients"].widget = forms.HiddenInput()

    @property
    def helper(self) -> FormHelper:
        """Everything in one row that wraps."""
        helper = plain_helper()
        shown = [name for name in self.fields if not self[name].is_hidden]
        helper.layout = Layout(*(FieldRow(FIELD, name) for name in shown))
        return helper

    def filter(self) -> CohortFilter:
        """What was chosen, as the query takes it; only of a valid form."""
        cleaned = self.cleaned_data
        population = cleaned["population"]
        return CohortFilter(
            model=cleaned["model"].model or _PUBLISHED,
            recalibration=cleaned["model"].recalibration,
            operated_from=cleaned["operated_from"],
            operated_to=cleaned["operated_to"],
            population=Population(population) if population else None,
            synthetic=cleaned["patients"] == SYNTHETIC,
        )

    @property
    def asks_for_latest(self) -> bool:
        """Whether it is about the version that new assessments use."""
        return self.filter().judged == _PUBLISHED

    def chosen(self) -> Chosen:
        """What was chosen, as page and report say it."""
        return Chosen(**vars(self.filter()))


class CentreForm(forms.Form):
    """The name under which other hospitals see the aggregate."""

    centre = forms.CharField(
        label=_("Name of the hospital in the file"),
        max_length=CENTRE_LENGTH,
        validators=[readable_name],
        widget=forms.TextInput(
            attrs=AS_TYPED | {"class": "form-control w-l", "autocomplete": "organization"}
        ),
    )

    use_required_attribute = False

    @property
    def helper(self) -> FormHelper:
        """One field."""
        helper = plain_helper()
        helper.layout = Layout(FieldRow(FIELD, "centre"))
        return helper
