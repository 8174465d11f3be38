"""An operation that is postponed: its new day, and nothing else."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.entry import AssessmentEntry
from scoring.entry.rules import Rule, broken_rules
from scoring.forms.fields import DayField, MeasureField
from scoring.forms.life import OnceForm
from scoring.forms.rule_texts import rule_text
from scoring.models import Assessment
from scoring.nomogram.rong2025.model import AGE
from scoring.words.dates import operation_reading


class PostponeForm(OnceForm):
    """The new day of a planned operation; its time is open again."""

    operation_date = DayField(label=gettext_lazy("New date of the operation"))

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assessment = assessment

    def day_reading(self, _name: str, day: date) -> str:
        """How the date was read, and how far from today it lies."""
        return operation_reading(day, timezone.localdate())

    def clean_operation_date(self) -> date:
        """A day that the operation can be planned for, after which no VAS is on record."""
        day: date = self.cleaned_data["operation_date"]
        typed = str(self.data.get("operation_date", ""))
        ages = MeasureField(AGE).allowed_text()
        found = broken_rules(
            self._entry(day).recorded(),
            birth_date=self.assessment.patient.birth_date,
            now=timezone.localtime(),
        )
        for broken in found:
            if broken.field in {"operation_date", AGE.field}:
                said = rule_text(broken, typed, allowed=ages)
                self.add_error("operation_date", ValidationError(said, code=broken.rule))
        if self.assessment.patient.birth_date is None and self._entry(day).age_years is None:
            said = _(
                "the date of birth is not known any more: amend the assessment instead, and "
                "enter the age."
            )
            self.add_error("operation_date", ValidationError(said, code=Rule.AGE_AT_OPERATION))
        chain = self.assessment.chain
        if any(vas and vas <= day for vas in (chain.vas_day_3_on, chain.vas_day_30_on)):
            said = _("a VAS on record is dated before this day.")
            self.add_error("operation_date", ValidationError(said, code=Rule.VAS_DAY))
        return day

    def _entry(self, day: date) -> AssessmentEntry:
        return replace(self.assessment.entry, operation_date=day, operation_time=None)

    def entry(self) -> AssessmentEntry:
        """The assessment with the new day; only of a valid form."""
        return self._entry(self.cleaned_data["operation_date"])

    def says_the_same_as(self, made: Assessment) -> bool:
        """Whether the form still holds what it made a version with."""
        return self.is_valid() and self.cleaned_data["operation_date"] == made.operation_date
