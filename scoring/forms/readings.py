"""How a date was read, said beside its field."""

from datetime import date

from django import forms
from django.forms import BoundField
from django.utils import timezone

from scoring.entry.rules import completed_years
from scoring.forms.fields import DayField
from scoring.words import dates
from scoring.words.marks import sentences


class OneDay(forms.Form):
    """A date of a page that is still being filled in; without an operation it is a birth date."""

    field = forms.CharField(required=False)
    day = DayField(required=False)
    operated_on = DayField(required=False)

    def day_reading(self, _name: str, day: date) -> str:
        """How long after the operation it is, or how old somebody is who was born on it."""
        if self.cleaned_data.get("field") == "operation_date":
            return dates.operation_reading(day, timezone.localdate())
        operation = self.cleaned_data.get("operated_on")
        if operation is None:
            return dates.birth_reading(day, completed_years(day, timezone.localdate()))
        return dates.day_reading(day, operation)


def day_reading(field: BoundField) -> str:
    """What a form says of a date that can be read; "" where there is none."""
    if not isinstance(field.field, DayField) or not hasattr(field.form, "day_reading"):
        return ""
    if field.form.is_bound:
        day = getattr(field.form, "cleaned_data", {}).get(field.name)
    else:
        day = field.initial
    return str(field.form.day_reading(field.name, day)) if isinstance(day, date) else ""


def live_day_reading(field: BoundField) -> str:
    """The same while somebody types, or why what stands there can't be read."""
    unread = field.form.errors.as_data().get(field.name, [])
    said = [text for error in unread if error.code == "invalid" for text in error.messages]
    return sentences(*said) or day_reading(field)
