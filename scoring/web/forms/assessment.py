"""The assessment itself: operation, eligibility, seven predictors with their sources."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.entry import AssessmentEntry, Measured
from scoring.models.codes import FRACTURE_LEVELS, DxaSite, OperationStatus, PdwUnit
from scoring.models.patient import completed_years
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web.forms import layout
from scoring.web.forms.fields import YES_NO, ClockField, DayField, MeasureField, Typed, chosen
from scoring.words.eligibility import CRITERION_NAMES

EARLIEST_OPERATION = date(2000, 1, 1)
LATEST_PLAN_DAYS = 365
ANSWER_CHOICES = [
    *YES_NO,
    (Answer.NOT_ASSESSED.value, pgettext_lazy("button", "Not assessed")),
]
PDW_UNITS = [
    ("", gettext_lazy("Unit?")),
    *PdwUnit.choices,
    ("other", gettext_lazy("Other")),
]


class AssessmentForm(forms.Form):
    """One screen; nothing is chosen beforehand, and nothing typed is lost."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    operation_date = DayField(label=gettext_lazy("Date of operation"))
    operation_time = ClockField(label=gettext_lazy("Time, if known"))
    operation_status = chosen(list(OperationStatus.choices), label=gettext_lazy("Operation"))
    fracture_level = forms.ChoiceField(
        label=gettext_lazy("Fractured vertebra"),
        choices=[("", gettext_lazy("Level?")), *FRACTURE_LEVELS],
        widget=forms.Select(attrs={"class": "form-select w-s"}),
        error_messages={"required": gettext_lazy("not chosen.")},
    )
    age_years = MeasureField(
        "age_years", label=gettext_lazy("Age"), unit_text="years", required=False
    )
    t_score = MeasureField("t_score", label=gettext_lazy("T-score (DXA)"), unit_text="")
    dxa_site = forms.ChoiceField(
        label=gettext_lazy("DXA, site"),
        choices=[("", gettext_lazy("Site?")), *DxaSite.choices],
        widget=forms.Select(attrs={"class": "form-select w-m"}),
        required=False,
    )
    dxa_date = DayField(label=gettext_lazy("DXA, date"), required=False)
    trauma_history = chosen(YES_NO, label=gettext_lazy("Trauma history"))
    trauma_history_date = DayField(label=gettext_lazy("Trauma, date"), required=False)
    posterior_fascia_edema = chosen(YES_NO, label=gettext_lazy("Posterior fascia edema"))
    mri_date = DayField(label=gettext_lazy("MRI, date"), required=False)
    pdw_fl = MeasureField(
        "pdw_fl", label=gettext_lazy("Platelet distribution width"), unit_text="fL"
    )
    pdw_unit = forms.ChoiceField(
        label=gettext_lazy("PDW, unit"),
        choices=PDW_UNITS,
        widget=forms.Select(attrs={"class": "form-select w-unit"}),
        error_messages={"required": gettext_lazy("the unit is not chosen; only fL is scored.")},
    )
    pdw_date = DayField(label=gettext_lazy("PDW, date"), required=False)
    chloride_mmol_l = MeasureField(
        "chloride_mmol_l", label=gettext_lazy("Serum chloride"), unit_text="mmol/L"
    )
    chloride_date = DayField(label=gettext_lazy("Chloride, date"), required=False)
    mvh_restored = chosen(
        [*YES_NO, ("not_known_yet", pgettext_lazy("button", "Not known yet"))],
        label=gettext_lazy("Middle vertebral height"),
    )
    radiograph_date = DayField(label=gettext_lazy("Radiograph, date"), required=False)

    use_required_attribute = False
    age_from_birth_date: int | None = None

    def __init__(
        self, *args: Any, birth_date: date | None = None, sent: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.birth_date = birth_date
        # Once the form was sent, what is still open is an error beside its field too.
        self.sent = sent
        for criterion in Criterion:
            self.fields[criterion.value] = chosen(ANSWER_CHOICES, label=CRITERION_NAMES[criterion])
        self.order_fields([*layout.OPERATION_FIELDS, *(criterion.value for criterion in Criterion)])
        for area, names in (area for row in layout.PREDICTOR_ROWS for area in row.areas):
            for name in names:
                # The hint of a row, and the messages, which come and go as one types.
                hint = f"{self[name].auto_id}_helptext " if name in RONG_2025.fields else ""
                self.fields[name].widget.attrs["aria-describedby"] = f"{hint}{area}"

    @property
    def operation_helper(self) -> FormHelper:
        """Layout of the operation."""
        return layout.operation_helper()

    @property
    def eligibility_helper(self) -> FormHelper:
        """Layout of the ten criteria."""
        return layout.eligibility_helper()

    @property
    def predictor_helper(self) -> FormHelper:
        """Layout of the seven predictors."""
        return layout.predictor_helper()

    def clean_pdw_unit(self) -> str:
        """Only femtolitres are scored: the units overlap and are not interchangeable."""
        unit: str = self.cleaned_data["pdw_unit"]
        if unit != "fL":
            raise ValidationError(
                _(
                    "only fL is scored. The study's PDW fits femtolitres; a per cent or a "
                    "geometric SD (GSD) gives overlapping numbers that mean something else. "
                    "Ask the laboratory for the value in fL."
                )
            )
        return unit

    def clean(self) -> dict[str, Any]:
        """Rules across fields: age, order of dates, radiograph only after the operation."""
        self._check_operation()
        self._check_age()
        self._check_sources()
        self._check_radiograph()
        return self.cleaned_data

    def _entered(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")).strip()

    def _refuse(self, name: str, message: str, **values: str) -> None:
        self.add_error(name, message % {"entered": self._entered(name), **values})

    def _check_operation(self) -> None:
        day: date | None = self.cleaned_data.get("operation_date")
        if day is None:
            return
        today = timezone.localdate()
        status = self.cleaned_data.get("operation_status")
        if not EARLIEST_OPERATION <= day <= today + timedelta(days=LATEST_PLAN_DAYS):
            self._refuse(
                "operation_date",
                _("you entered %(entered)s; allowed is 01-Jan-2000 to a year from today."),
            )
        elif status == OperationStatus.DONE and day > today:
            self._refuse(
                "operation_date",
                _("you entered %(entered)s, which lies ahead, but the operation is marked done."),
            )
        elif status == OperationStatus.PLANNED and day < today:
            self._refuse(
                "operation_date",
                _("you entered %(entered)s, which is past, but the operation is marked planned."),
            )

    def _check_age(self) -> None:
        """From the date of birth where it is known, else as stated; frozen when saved."""
        day: date | None = self.cleaned_data.get("operation_date")
        if self.birth_date is None:
            if "age_years" not in self.errors:
                self._check_stated_age()
            return
        self.errors.pop("age_years", None)
        if day is None:
            return
        age_years = completed_years(self.birth_date, day)
        try:
            self._measure("age_years").predictor.check(age_years)
        except PredictorError:
            self.add_error(
                "age_years",
                _(
                    "the patient is %(age)s\u00a0years old on the day of the operation; "
                    "allowed is %(allowed)s."
                )
                % {"age": age_years, "allowed": self._measure("age_years").allowed_text()},
            )
        else:
            self.age_from_birth_date = age_years

    def _check_stated_age(self) -> None:
        typed = self.cleaned_data.get("age_years")
        if isinstance(typed, Typed) and typed.value != typed.value.to_integral_value():
            self._refuse(
                "age_years",
                _("you entered %(entered)s\u00a0years; enter completed years, such as 80."),
            )

    def _measure(self, name: str) -> MeasureField:
        field = self.fields[name]
        if not isinstance(field, MeasureField):
            raise TypeError(name)
        return field

    def _check_sources(self) -> None:
        """Sources are past, and those of the study were there before the operation."""
        today = timezone.localdate()
        operation: date | None = self.cleaned_data.get("operation_date")
        for name in ("dxa_date", "trauma_history_date", "mri_date", "pdw_date", "chloride_date"):
            day: date | None = self.cleaned_data.get(name)
            if day is None:
                continue
            if not EARLIEST_OPERATION <= day <= today:
                self._refuse(name, _("you entered %(entered)s; allowed is 01-Jan-2000 to today."))
            elif operation is not None and name != "trauma_history_date" and day > operation:
                self._refuse(
                    name,
                    _(
                        "you entered %(entered)s, after the operation; the model takes values "
                        "from before it."
                    ),
                )

    def _check_radiograph(self) -> None:
        answer = self.cleaned_data.get("mvh_restored")
        day: date | None = self.cleaned_data.get("radiograph_date")
        operation: date | None = self.cleaned_data.get("operation_date")
        known = answer in {"yes", "no"}
        if known and self.cleaned_data.get("operation_status") == OperationStatus.PLANNED:
            self.add_error(
                "mvh_restored",
                _(
                    "the operation is marked planned; the height is known 24\u00a0h after it. "
                    "Choose “Not known yet”, or mark the operation done."
                ),
            )
        if day is None:
            return
        if answer == "not_known_yet":
            self._refuse(
                "radiograph_date",
                _("you entered %(entered)s, but the height is “Not known yet”."),
            )
        elif day > timezone.localdate() or (operation is not None and day < operation):
            self._refuse(
                "radiograph_date",
                _("you entered %(entered)s; allowed is from the day of the operation to today."),
            )

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
            t_score=self._measured("t_score", "dxa_date"),
            dxa_site=cleaned["dxa_site"],
            trauma_history=cleaned["trauma_history"] == "yes",
            trauma_history_date=cleaned["trauma_history_date"],
            posterior_fascia_edema=cleaned["posterior_fascia_edema"] == "yes",
            mri_date=cleaned["mri_date"],
            pdw=self._measured("pdw_fl", "pdw_date"),
            chloride=self._measured("chloride_mmol_l", "chloride_date"),
            mvh_restored={"yes": True, "no": False}.get(cleaned["mvh_restored"]),
            radiograph_date=cleaned["radiograph_date"],
        )

    def _measured(self, name: str, source: str) -> Measured:
        typed: Typed = self.cleaned_data[name]
        return Measured(
            value=typed.value, entered=typed.entered, source_date=self.cleaned_data[source]
        )
