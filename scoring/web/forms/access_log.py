"""What the access log is narrowed down to."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.models import AuditEvent, User
from scoring.web.forms.fields import DayField
from scoring.web.forms.layout import FIELD, Row, plain_helper

_HOSPITAL_NUMBER_LENGTH = 100


class AccessLogForm(forms.Form):
    """Patient, user, day and kind of line. The hospital number never stands in an address."""

    q = forms.CharField(
        label=_("Hospital number, as it is or as it was"),
        required=False,
        max_length=_HOSPITAL_NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    user = forms.ChoiceField(
        label=_("User"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select w-m"}),
    )
    first_day = DayField(label=_("From"), required=False)
    last_day = DayField(label=_("to"), required=False)
    action = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Anything")), *AuditEvent.Action.choices],
        widget=forms.Select(attrs={"class": "form-select w-l"}),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = User.objects.order_by("display_name", "username")
        field = self.fields["user"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", _("Anyone")),
                *((user.username, f"{user} ({user.username})") for user in users),
            ]

    @property
    def helper(self) -> FormHelper:
        """Everything in one row that wraps; the number takes what room there is."""
        helper = plain_helper()
        number, *others = self.fields
        helper.layout = Layout(
            Div(Row(FIELD, number), css_class="grow"), *(Row(FIELD, name) for name in others)
        )
        return helper

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        cleaned = self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first is not None and last is not None and first > last:
            self.add_error("last_day", _("this day lies before the first one."))
        return cleaned

    @classmethod
    def shared_names(cls) -> list[str]:
        """The fields that may stand in an address: all but the hospital number."""
        return [name for name in cls.base_fields if name != "q"]

    @property
    def typed(self) -> dict[str, str]:
        """The filters that are set, as they stand in the address."""
        return {name: self.data[name] for name in self.shared_names() if self.data.get(name)}
