"""The ward settings, as an administrator fills them in."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.actions import WardConflictError, WardFacts
from scoring.display import printed_letters
from scoring.forms.fields import AS_TYPED
from scoring.forms.layout import CHECK, FIELD, FieldRow, plain_helper
from scoring.forms.time_zones import time_zone_choices
from scoring.models import Ward, WardSettings
from scoring.models.codes import LaboratoryUnit, PaperSize
from scoring.models.typed_text import readable_name
from scoring.models.ward_settings import UTC_NAMES
from scoring.words import laboratory

# One line of 182 mm in 7.5 point, without the dot between hospital and ward.
LETTERS_OF_LINE = 130


def _name(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=WardSettings._meta.get_field("ward_name").max_length,
        validators=[readable_name],
        widget=forms.TextInput(attrs={"class": "form-control", **AS_TYPED}),
    )


class WardSettingsForm(forms.Form):
    """Names, time zone, unit of the laboratory and paper; what is left empty is not printed."""

    hospital_name = _name(
        gettext_lazy("Hospital"),
        gettext_lazy("Shown at the head of the worklist and of every report."),
    )
    ward_name = _name(gettext_lazy("Ward"), gettext_lazy("Shown beside the name of the hospital."))
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": gettext_lazy("not chosen: choose the time zone of the ward."),
            "invalid_choice": gettext_lazy(
                "this server does not know this time zone: choose one from the list."
            ),
        },
    )
    pdw_unit = forms.ChoiceField(
        label=laboratory.PDW_UNIT,
        help_text=laboratory.PDW_UNIT_HELP,
        required=False,
        choices=[("", gettext_lazy("Not stated")), *LaboratoryUnit.choices],
        widget=forms.Select(attrs={"class": "form-select w-m"}),
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper of reports"),
        help_text=gettext_lazy("Who prints can choose the other one."),
        choices=PaperSize.choices,
        widget=forms.Select(attrs={"class": "form-select w-m"}),
        error_messages={"invalid_choice": gettext_lazy("choose A4 or US Letter.")},
    )
    shows_first_steps = forms.BooleanField(
        label=gettext_lazy("Show “First steps” to administrators until all are done"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    shows_users_funnel = forms.BooleanField(
        label=gettext_lazy(
            "Show reviewers observed and expected residual back pain by user (not by surgeon: the "
            "record does not say who operated)"
        ),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    need_to_know = forms.BooleanField(
        label=gettext_lazy(
            "Open patients of other wards only with a reason, which reviewers see in the access log"
        ),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, data: Any, *, ward: WardSettings) -> None:
        self.ward = ward
        on_record = {name: getattr(ward, name) for name in WardFacts.__annotations__}
        on_record["time_zone"] = ward.time_zone or self._offered_time_zone()
        super().__init__(data, initial={**on_record, "revision": ward.revision})
        zone = self.fields["time_zone"]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = time_zone_choices()
            if not on_record["time_zone"]:
                zone.choices = [("", _("Choose")), *time_zone_choices()]

    @staticmethod
    def _offered_time_zone() -> str:
        """The server's, but not UTC: to save another entry would choose it in passing."""
        server: str = settings.TIME_ZONE
        return "" if server in UTC_NAMES else server

    @property
    def helper(self) -> FormHelper:
        """One field below the other; the switches come last."""
        helper = plain_helper()
        fields = ("hospital_name", "ward_name", "time_zone", "pdw_unit", "paper")
        helper.layout = Layout(
            Div(*(FieldRow(FIELD, name) for name in fields), css_class="ward-fields"),
            FieldRow(CHECK, "need_to_know"),
            FieldRow(CHECK, "shows_users_funnel"),
            FieldRow(CHECK, "shows_first_steps"),
        )
        helper.render_hidden_fields = True
        return helper

    def clean(self) -> dict[str, Any]:
        """Both names have one line at the head of a report."""
        names = [self.cleaned_data.get(name, "") for name in ("hospital_name", "ward_name")]
        too_many = sum(printed_letters(name) for name in names) - LETTERS_OF_LINE
        if too_many > 0:
            self.add_error(
                "ward_name",
                _(
                    "hospital and ward together are too long for one line of the report: shorten "
                    "them by %(count)s letters (a Chinese character counts as two)."
                )
                % {"count": too_many},
            )
        return self.cleaned_data

    def facts(self) -> WardFacts:
        """What was entered; only of a valid form."""
        cleaned = self.cleaned_data
        return WardFacts(
            hospital_name=cleaned["hospital_name"],
            ward_name=cleaned["ward_name"],
            time_zone=cleaned["time_zone"],
            pdw_unit=cleaned["pdw_unit"],
            shows_first_steps=cleaned["shows_first_steps"],
            shows_users_funnel=cleaned["shows_users_funnel"],
            need_to_know=cleaned["need_to_know"],
            paper=cleaned["paper"],
        )

    def on_top_of(self, conflict: WardConflictError) -> "WardSettingsForm":
        """What was entered, on the settings that hold now; what both have changed is asked."""
        entered, current = self.facts(), conflict.current
        data = {
            name: value if value != getattr(conflict.opened, name) else getattr(current, name)
            for name, value in entered.items()
        }
        form = WardSettingsForm(data | {"revision": current.revision}, ward=current)
        for name in conflict.names:
            now = form.ward_text(name)
            form.add_error(
                name,
                _("this was changed to “%(now)s” after you opened the page. Save to replace it.")
                % {"now": now},
            )
        return form

    def ward_text(self, name: str) -> str:
        """What holds now, as the form words it."""
        value = getattr(self.ward, name)
        labels = dict(LaboratoryUnit.choices) | dict(PaperSize.choices)
        return str(labels.get(value, value)) if value else _("empty")


class NewWardForm(forms.Form):
    """The name of a ward that users and patients can belong to."""

    name = forms.CharField(
        label=gettext_lazy("New ward"),
        max_length=Ward._meta.get_field("name").max_length,
        validators=[readable_name],
        widget=forms.TextInput(attrs={"class": "form-control", **AS_TYPED}),
        error_messages={"required": gettext_lazy("nothing entered; a name is needed.")},
    )

    use_required_attribute = False

    def refuse_taken(self) -> None:
        """Say that there is a ward of this name."""
        self.add_error("name", _("there is a ward of this name already."))


class GiveForm(forms.Form):
    """The ward that patients without one are given to."""

    to = forms.ModelChoiceField(
        Ward.objects.order_by("name"),
        label=gettext_lazy("Give patients without a ward to"),
        empty_label=gettext_lazy("Choose"),
        widget=forms.Select(attrs={"class": "form-select w-l"}),
        error_messages={"required": gettext_lazy("not chosen: choose a ward.")},
    )

    use_required_attribute = False


def ward_field() -> "forms.ModelChoiceField[Ward]":
    """One of the wards, or none."""
    return forms.ModelChoiceField(
        Ward.objects.order_by("name"),
        label=gettext_lazy("Ward"),
        required=False,
        empty_label=gettext_lazy("None"),
        widget=forms.Select(attrs={"class": "form-select w-l"}),
    )
