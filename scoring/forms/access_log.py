"""What the access log is narrowed down to."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.forms.fields import AS_TYPED, DayField
from scoring.forms.layout import FIELD, FieldRow, plain_helper
from scoring.forms.search import SearchForm
from scoring.models import AuditEvent, User

_HOSPITAL_NUMBER_LENGTH = 100


class AccessLogForm(SearchForm):
    """Patient, user, day and kind of line. The hospital number never stands in an address."""

    span = ("first_day", "last_day")

    q = forms.CharField(
        label=_("Hospital number, current or former"),
        required=False,
        max_length=_HOSPITAL_NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control", **AS_TYPED}),
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
            Div(FieldRow(FIELD, number), css_class="grow align-self-start"),
            *(FieldRow(FIELD, name) for name in others),
        )
        return helper
