"""What happens to an assessment after it was made: completed, voided, reinstated, outcomes."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.entry import AssessmentEntry, OutcomeEntry
from scoring.entry.folding import folded_number
from scoring.entry.rules import (
    DONE,
    BrokenRule,
    Rule,
    broken_rules,
    outcome_rule,
    vas_order_rule,
)
from scoring.forms.fields import (
    AS_TYPED,
    TOO_LONG,
    YES_NO,
    DayField,
    WholeTextField,
    choice_field,
    token_field,
)
from scoring.forms.rule_texts import rule_text
from scoring.models import Assessment, AssessmentChain, Outcome
from scoring.models.codes import NotEvaluable, TimePoint
from scoring.models.typed_text import refuse_unreadable
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.rong2025.model import MVH
from scoring.report.rows import operation_moment
from scoring.words.dates import day_reading
from scoring.words.definitions import Definition, definition_of
from scoring.words.eligibility import CRITERION_NAMES

VAS_MAX = 10
# The code of an error: there is no radiograph before the operation.
LIES_AHEAD = "lies_ahead"


class OnceForm(forms.Form):
    """A form that carries a one-time token: sent twice, it does its work once."""

    use_required_attribute = False
    form_token = token_field()


class ReasonField(WholeTextField):
    """Why a record is changed: if needed, more than blanks."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            label=gettext_lazy("Reason"),
            required=required,
            max_length=500,
            validators=[refuse_unreadable],
            widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
            error_messages={
                "required": gettext_lazy("nothing entered; a reason is needed."),
                "max_length": TOO_LONG,
            },
        )


class ReasonForm(OnceForm):
    """Void, or undo a void."""

    reason = ReasonField()

    def says_the_same_as(self, made: Assessment) -> bool:
        """Whether the form still holds what it made a version with."""
        return self.is_valid() and self.cleaned_data["reason"] == made.reason


class OptionalReasonForm(ReasonForm):
    """Where the choice says what happened, and the reason may stay open."""

    reason = ReasonField(required=False)


class CompleteForm(OnceForm):
    """The finding of the 24-hour radiograph; the button pressed is the answer."""

    mvh_restored = choice_field(YES_NO, label=gettext_lazy("Middle vertebral height restored"))
    radiograph_date = DayField(label=gettext_lazy("Date of the radiograph"), required=False)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assessment = assessment
        fracture = Criterion.NEW_VERTEBRAL_FRACTURE
        if assessment.answers[fracture] is Answer.NOT_ASSESSED:
            # It could not be told before the operation.
            field = choice_field(YES_NO, label=CRITERION_NAMES[fracture])
            field.required = False
            self.fields[fracture.value] = field

    @property
    def new_fracture(self) -> Answer | None:
        """Whether a vertebra fractured since; None where it is not asked or left open."""
        answered = self.cleaned_data.get(Criterion.NEW_VERTEBRAL_FRACTURE.value)
        return Answer(answered) if answered else None

    def clean(self) -> dict[str, Any]:
        """The rules of the assessment, as far as the finding and the operation go."""
        cleaned = self.cleaned_data
        entered = self.assessment.entry.recorded() | {
            "operation_status": DONE,
            MVH.field: cleaned.get("mvh_restored"),
            "radiograph_date": cleaned.get("radiograph_date"),
        }
        found = broken_rules(
            entered, birth_date=self.assessment.birth_date, now=timezone.localtime()
        )
        for broken in found:
            if broken.field == "radiograph_date":
                typed = self.data.get("radiograph_date", "")
                error = ValidationError(rule_text(broken, typed), code=broken.rule)
                self.add_error("radiograph_date", error)
            elif broken.rule in {Rule.DONE_BUT_AHEAD, Rule.DONE_BUT_LATER}:
                raise ValidationError(
                    _(
                        "The operation is planned for %(moment)s. If it was done earlier, change "
                        "its date first."
                    )
                    % {"moment": operation_moment(self.assessment)},
                    code=LIES_AHEAD,
                )
        return cleaned

    @property
    def lies_ahead(self) -> bool:
        """Whether it was refused because the operation lies ahead."""
        return self.has_error(NON_FIELD_ERRORS, LIES_AHEAD)

    def entry(self) -> AssessmentEntry:
        """The assessment with the finding; only of a valid form."""
        day = self.cleaned_data["radiograph_date"]
        return self.assessment.entry.completed(
            mvh_restored=self.restored, radiograph_date=day, new_fracture=self.new_fracture
        )

    def day_reading(self, name: str, day: date) -> str:
        """How the date was read, and how long after the operation it is."""
        return day_reading(day, self.assessment.operation_date)

    @property
    def definition(self) -> Definition:
        """What "restored" means, and what the paper leaves open about it."""
        return definition_of(MVH.field)

    @property
    def restored(self) -> bool:
        """The answer of a valid form."""
        return bool(self.cleaned_data["mvh_restored"] == "yes")

    def says_the_same_as(self, made: Assessment) -> bool:
        """Whether the form still holds what it made a version with."""
        if not self.is_valid():
            return False
        day, fracture = self.cleaned_data["radiograph_date"], Criterion.NEW_VERTEBRAL_FRACTURE
        answer = self.new_fracture or self.assessment.answers[fracture]
        said = made.mvh_restored, made.radiograph_date, made.answers[fracture]
        return (self.restored, day, answer) == said


class OutcomeForm(OnceForm):
    """VAS with its date, or why there is none; a correction needs a reason."""

    vas = forms.CharField(
        label=gettext_lazy("VAS, 0 (no pain) to 10"),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control w-unit", "inputmode": "numeric", **AS_TYPED}
        ),
    )
    measured_on = DayField(label=gettext_lazy("Date of the VAS"), required=False)
    not_evaluable = forms.ChoiceField(
        label=gettext_lazy("No VAS because"),
        choices=[("", gettext_lazy("–")), *NotEvaluable.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select w-l"}),
    )
    expected = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        assessment: Assessment,
        time_point: TimePoint,
        current: Outcome | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.assessment, self.time_point, self.current = assessment, time_point, current
        if time_point is TimePoint.DAY_30:
            answer = choice_field(YES_NO, label=gettext_lazy("New vertebral fracture up to day 30"))
            answer.required = False
            # A correction starts from the answer on record.
            known = None if current is None else current.new_vertebral_fracture
            answer.initial = "" if known is None else "yes" if known else "no"
            self.fields["new_vertebral_fracture"] = answer
        if current is not None and not current.withdrawn:
            self.fields["reason"] = ReasonField()

    def day_reading(self, name: str, day: date) -> str:
        """How the date was read, and how long after the operation it is."""
        return day_reading(day, self.assessment.operation_date)

    def clean_vas(self) -> int | None:
        """A whole number from 0 to 10."""
        entered = str(self.cleaned_data["vas"]).strip()
        if not entered:
            return None
        text = folded_number(entered)
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= VAS_MAX):
            raise ValidationError(
                _("you entered “%(entered)s”; allowed is a whole number from 0 to 10.")
                % {"entered": entered[:20]},
                code="out_of_range",
            )
        return int(text)

    def clean(self) -> dict[str, Any]:
        """VAS and date after the operation and in order, or why it is not evaluable."""
        cleaned = self.cleaned_data
        broken = outcome_rule(
            self.entry(),
            operated_on=self.assessment.operation_date,
            other=self.assessment.chain.day_of_other_vas(self.time_point),
            today=timezone.localdate(),
        )
        # What can't be read is an error already, and not missing.
        is_readable = not {"vas", "measured_on"} & set(self.errors)
        if broken and (is_readable or broken.rule is Rule.VAS_DAY):
            self._refuse(broken)
        return cleaned

    def _refuse(self, broken: BrokenRule) -> None:
        said = rule_text(broken, self.data.get("measured_on", ""))
        self.add_error(broken.field, ValidationError(said, code=broken.rule))

    def refuse_order(self, chain: AssessmentChain) -> None:
        """Say on which side of the other VAS the date must lie, now that this is known."""
        other = chain.day_of_other_vas(self.time_point)
        broken = vas_order_rule(self.time_point, self.cleaned_data["measured_on"], other)
        if broken:
            self._refuse(broken)

    def says_the_same_as(self, made: Outcome) -> bool:
        """Whether a valid form still holds what it made an outcome with."""
        entry = self.entry()
        held = (entry.vas, entry.measured_on, entry.not_evaluable, entry.new_fracture)
        of_made = (made.vas, made.measured_on, made.not_evaluable, made.new_vertebral_fracture)
        # What was undone is recorded anew, for a reason of the site's own.
        reason = self.cleaned_data["reason"] if "reason" in self.fields else made.reason
        return (*held, reason) == (*of_made, made.reason)

    def entry(self) -> OutcomeEntry:
        """What was entered, as domain types: a new fracture is the reason why no VAS counts."""
        cleaned = self.cleaned_data
        entered = OutcomeEntry(
            time_point=self.time_point,
            vas=cleaned.get("vas"),
            measured_on=cleaned.get("measured_on"),
            not_evaluable=cleaned.get("not_evaluable", ""),
            new_fracture=self._new_fracture,
        )
        if not entered.new_fracture or entered.not_evaluable:
            return entered
        return replace(
            entered, vas=None, measured_on=None, not_evaluable=NotEvaluable.NEW_FRACTURE.value
        )

    @property
    def _new_fracture(self) -> bool | None:
        answered = self.cleaned_data.get("new_vertebral_fracture")
        return answered == "yes" if answered else None

    @property
    def replaced_vas(self) -> int | None:
        """The VAS of a valid form that a new fracture takes the place of."""
        vas: int | None = self.cleaned_data["vas"]
        return None if self.entry().vas is not None else vas
