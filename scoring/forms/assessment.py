"""The assessment itself: operation, eligibility, seven predictors with their sources."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.entry import AssessmentEntry
from scoring.entry.rules import BrokenRule, broken_rules, completed_years
from scoring.entry.windows import DoubtfulDay, doubtful_days
from scoring.forms import layout
from scoring.forms.fields import (
    YES_NO,
    ClockField,
    DayField,
    MeasureField,
    Typed,
    choice_field,
    token_field,
)
from scoring.forms.predictors import (
    FROM_EHR,
    ask_if_exchanged,
    input_of,
    plain_value,
    predictor_fields,
    read_units,
    taken_field,
)
from scoring.forms.rule_texts import rule_text
from scoring.models.codes import FRACTURE_LEVELS, OperationStatus
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.rong2025.model import AGE, RONG_2025
from scoring.words.dates import day_reading, operation_reading
from scoring.words.eligibility import CRITERION_NAMES

# A number that a key of the database can be.
_KEY = re.compile(r"[1-9][0-9]{0,17}")
ANSWER_CHOICES = [
    *YES_NO,
    (Answer.NOT_ASSESSED.value, pgettext_lazy("button", "Not assessed")),
]


class AssessmentForm(forms.Form):
    """One screen; nothing is chosen beforehand, and nothing typed is lost."""

    form_token = token_field()
    operation_date = DayField(label=gettext_lazy("Date of operation"))
    operation_time = ClockField(label=gettext_lazy("Time, if known"))
    operation_status = choice_field(list(OperationStatus.choices), label=gettext_lazy("Operation"))
    fracture_level = forms.ChoiceField(
        label=gettext_lazy("Fractured vertebra"),
        choices=[("", gettext_lazy("Level?")), *FRACTURE_LEVELS],
        widget=forms.Select(attrs={"class": "form-select w-s"}),
        error_messages={"required": gettext_lazy("not chosen.")},
    )

    use_required_attribute = False
    operation_layout = layout.OPERATION
    eligibility_layout = layout.ELIGIBILITY
    predictor_layout = layout.PREDICTORS
    age_from_birth_date: int | None = None
    # Whether what is entered becomes an assessment, and so has a report.
    is_saved = True

    def __init__(
        self,
        *args: Any,
        birth_date: date | None = None,
        asks_age: bool = True,
        sent: bool = False,
        now: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.birth_date = birth_date
        # Whether the age is stated here. Else it follows from the date of birth, and what is wrong
        # with that is said there.
        self.asks_age = asks_age and birth_date is None
        # Once the form was sent, what is still open is an error beside its field too.
        self.sent = sent
        # The moment that days are compared with, else that of the check.
        self.now = now
        self.fields |= predictor_fields()
        for criterion in Criterion:
            self.fields[criterion.value] = choice_field(
                ANSWER_CHOICES, label=CRITERION_NAMES[criterion]
            )
        self.order_fields([*layout.OPERATION_FIELDS, *(criterion.value for criterion in Criterion)])
        for area, names in (area for row in layout.PREDICTOR_ROWS.values() for area in row.areas):
            for name in names:
                # The hint of a row, and the messages, which come and go as one types.
                hint = f"{self[name].auto_id}_helptext " if name in RONG_2025.fields else ""
                self.fields[name].widget.attrs["aria-describedby"] = f"{hint}{area}"

    def clean(self) -> dict[str, Any]:
        """Rules across fields: age, order of dates, radiograph only after the operation."""
        if not self.asks_age:
            # Whatever stands in the field.
            self.errors.pop(AGE.field, None)
        read_units(self)
        ask_if_exchanged(self)
        if self.cleaned_data.get("operation_status") == OperationStatus.PLANNED:
            # Nobody can tell before the operation: it is asked with the radiograph.
            self.errors.pop(Criterion.NEW_VERTEBRAL_FRACTURE.value, None)
            not_yet = Answer.NOT_ASSESSED.value
            self.cleaned_data[Criterion.NEW_VERTEBRAL_FRACTURE.value] = not_yet
        now = timezone.localtime(self.now)
        for broken in broken_rules(self.readable(), birth_date=self.birth_date, now=now):
            error = ValidationError(self._message(broken), code=broken.rule)
            self.add_error(broken.field, error)
        day: date | None = self.cleaned_data.get("operation_date")
        if self.birth_date is not None and day is not None:
            self.age_from_birth_date = completed_years(self.birth_date, day)
        return self.cleaned_data

    def readable(self) -> dict[str, Any]:
        """What can be read so far, by field, as the record has it; what is open is left out."""
        cleaned = getattr(self, "cleaned_data", {})
        return {name: plain_value(value) for name, value in cleaned.items() if value != ""}

    def day_reading(self, name: str, day: date) -> str:
        """How a date was read, with its distance from today or from the operation."""
        if name == "operation_date":
            return operation_reading(day, timezone.localdate())
        return day_reading(day, self.cleaned_data.get("operation_date"))

    def doubtful_days(self) -> list[DoubtfulDay]:
        """Dates to confirm, of what can be read so far."""
        return list(doubtful_days(self.readable(), timezone.localdate()))

    def _message(self, broken: BrokenRule) -> str:
        field = self.fields[broken.field]
        allowed = field.allowed_text() if isinstance(field, MeasureField) else ""
        entered = str(self.data.get(self.add_prefix(broken.field), "")).strip()
        return rule_text(broken, entered, allowed=allowed)

    @property
    def taken(self) -> dict[str, int]:
        """Keys of the laboratories' results that values were taken from, by predictor."""
        said = self._taken_from.items()
        return {field: int(key) for field, key in said if _KEY.fullmatch(key)}

    @property
    def taken_from_ehr(self) -> set[str]:
        """Predictors whose values were taken from the reading that the form belongs to."""
        return {field for field, key in self._taken_from.items() if key == FROM_EHR}

    @property
    def _taken_from(self) -> dict[str, str]:
        return {
            field: self.cleaned_data.get(taken_field(beside), "")
            for field, beside in RONG_2025.provenances.items()
            if beside.quantity
        }

    def entry(self) -> AssessmentEntry:
        """What was entered, as domain types; only of a valid form."""
        cleaned = self.cleaned_data
        stated = cleaned.get("age_years")
        return AssessmentEntry(
            operation_date=cleaned["operation_date"],
            operation_time=cleaned["operation_time"],
            operation_status=cleaned["operation_status"],
            fracture_level=cleaned["fracture_level"],
            answers={criterion: Answer(cleaned[criterion.value]) for criterion in Criterion},
            age_years=int(stated.value) if isinstance(stated, Typed) else None,
            inputs_by_field={
                field: input_of(cleaned, field, beside)
                for field, beside in RONG_2025.provenances.items()
            },
        )
