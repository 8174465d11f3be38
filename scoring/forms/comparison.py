"""Which two assessments of a patient are compared."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from scoring.models import Assessment
from scoring.report.sheet import Sheet
from scoring.report.summary_text import state_label
from scoring.words.marks import parts


class ComparisonForm(forms.Form):
    """Two of the patient's assessments; ``assessments`` has the current versions, latest first."""

    first = forms.ChoiceField(label=gettext_lazy("Compare"))
    second = forms.ChoiceField(label=gettext_lazy("with"))

    def __init__(self, *args: Any, assessments: Sequence[Assessment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(one.pk): one for one in assessments}
        choices = [(key, _choice(one)) for key, one in self.by_key.items()]
        latest = [*self.by_key, "", ""]
        for name, key in (("first", latest[1]), ("second", latest[0])):
            field = self.fields[name]
            field.widget = forms.Select(attrs={"class": "form-select w-find"}, choices=choices)
            self.initial[name] = key

    def chosen(self) -> tuple[Assessment | None, Assessment | None]:
        """The two; None where there is no such assessment of this patient."""
        first, second = (self.by_key.get(str(self[name].value())) for name in ("first", "second"))
        return first, second


def _choice(assessment: Assessment) -> str:
    sheet = Sheet(assessment)
    state = state_label(sheet.state_code).lower()
    return parts(assessment.chain.report_number, sheet.operation_text, state)
