"""Who the assessment is about: hospital number first, identity if it is a new one."""

import re
from datetime import date
from typing import Any, TypedDict

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring import queries
from scoring.entry import PatientEntry
from scoring.entry.folding import normalised_hospital_number
from scoring.entry.rules import birth_day_rule, completed_years
from scoring.forms import layout
from scoring.forms.fields import AS_TYPED, TOO_LONG, DayField, Segmented, WholeTextField
from scoring.forms.rule_texts import rule_text
from scoring.models import Patient
from scoring.models.patient import Sex
from scoring.models.typed_text import readable_name, refuse_unreadable
from scoring.report.rows import identity_text
from scoring.words.dates import birth_reading

# A whole name as other systems copy it: "Wang, Xiulan".
_WHOLE_NAME = re.compile(r"\s*([^,，]*[^,，\s])\s*[,，]\s*([^,，]*[^,，\s])\s*")
_HOSPITAL_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z./_-]*")
NUMBER_ELSEWHERE = gettext_lazy(
    "this number belongs to a patient of another ward. Open the record with a reason, or correct "
    "the number."
)


# Codes of errors: the number belongs to a patient whom the user has not been shown, or of another
# ward.
ON_RECORD = "on_record"
OTHER_WARD = "other_ward"


class AgeSource(TypedDict):
    """The date of birth, None where it is not known or not readable, and whether age is asked."""

    birth_date: date | None
    asks_age: bool


class PatientForm(forms.Form):
    """Finds a patient by hospital number, or takes the identity of a new one.

    ``known_patient`` is the patient the page showed when the form was filled in: where the number
    on record now belongs to somebody the user has not been shown, the form is shown again.
    """

    hospital_number = WholeTextField(
        label=gettext_lazy("Hospital number"),
        max_length=32,
        validators=[refuse_unreadable],
        widget=forms.TextInput(attrs={"class": "form-control w-m", **AS_TYPED}),
        error_messages={
            "required": gettext_lazy("nothing entered; the hospital number is needed."),
            "max_length": TOO_LONG,
        },
    )
    known_patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    family_name = WholeTextField(
        label=gettext_lazy("Family name"),
        max_length=100,
        required=False,
        error_messages={"max_length": TOO_LONG},
        validators=[readable_name],
        widget=forms.TextInput(attrs={"class": "form-control w-m", **AS_TYPED}),
    )
    given_name = WholeTextField(
        label=gettext_lazy("Given name"),
        max_length=100,
        required=False,
        error_messages={"max_length": TOO_LONG},
        validators=[readable_name],
        widget=forms.TextInput(attrs={"class": "form-control w-m", **AS_TYPED}),
    )
    name_not_known = forms.BooleanField(
        label=gettext_lazy("Name not known"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    birth_date = DayField(label=gettext_lazy("Date of birth"), required=False)
    birth_date_not_known = forms.BooleanField(
        label=gettext_lazy("Date of birth not known"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input birth-date-unknown"}),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[
            (Sex.FEMALE, Sex.FEMALE.label),
            (Sex.MALE, Sex.MALE.label),
            (Sex.OTHER, gettext_lazy("Other")),
            (Sex.NOT_KNOWN, gettext_lazy("Not known")),
        ],
        required=False,
        widget=Segmented(attrs={"aria-label": gettext_lazy("Sex")}),
    )

    use_required_attribute = False
    number_layout = layout.NUMBER
    identity_layout = layout.IDENTITY
    patient: Patient | None = None
    # Whose number it is, if that is a patient of another ward: nothing is shown of whom.
    patient_elsewhere: Patient | None = None

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data and _with_name_split(data), *args, **kwargs)

    def clean_hospital_number(self) -> str:
        """One spelling for one number; sets ``patient`` where it is on record."""
        entered = self.cleaned_data["hospital_number"]
        number = normalised_hospital_number(entered)
        if not _HOSPITAL_NUMBER.fullmatch(number):
            raise ValidationError(
                _("you entered “%(entered)s”; allowed are letters, digits and - . / _")
                % {"entered": entered},
                code="invalid",
            )
        found = queries.patient_by_number(number)
        if found is not None and not queries.is_seen(found):
            self.patient_elsewhere = found
            raise ValidationError(NUMBER_ELSEWHERE, code=OTHER_WARD)
        self.patient = found
        return number

    def clean_birth_date(self) -> date | None:
        """Not in the future, not before 1900."""
        day: date | None = self.cleaned_data["birth_date"]
        if day is not None and (broken := birth_day_rule(day, timezone.localdate())):
            entered = self.data.get(self.add_prefix("birth_date"), "")
            raise ValidationError(rule_text(broken, entered), code=broken.rule)
        return day

    def clean(self) -> dict[str, Any]:
        """A known patient must be the one shown; a new one needs name, birth date and sex."""
        cleaned = self.cleaned_data
        if self.patient_elsewhere is not None:
            return cleaned
        if self.patient is not None:
            if cleaned.get("known_patient") != self.patient.pk:
                error = ValidationError(self._whose_it_is(self.patient), code=ON_RECORD)
                self.add_error("hospital_number", error)
            # Whatever stands in the fields of a new patient does not count for a known one.
            for name in ("birth_date", "family_name", "given_name", "sex"):
                self.errors.pop(name, None)
            return cleaned
        self._require_identity(cleaned)
        return cleaned

    def _whose_it_is(self, patient: Patient) -> str:
        """The error that the number is taken, with the differing identity that was typed."""
        family, given = (
            " ".join(self.cleaned_data.get(name, "").split())
            for name in ("family_name", "given_name")
        )
        born = self.cleaned_data.get("birth_date")
        on_record = (patient.family_name, patient.given_name, patient.birth_date)
        if not (family or given or born) or (family, given, born) == on_record:
            return _(
                "this number is on record. Check below that it is your patient, then save again."
            )
        return _(
            "this number is on record for the patient below, but you entered %(typed)s. If that is "
            "somebody else, correct the number; if it is your patient, save again."
        ) % {"typed": identity_text(family, given, born)}

    def _require_identity(self, cleaned: dict[str, Any]) -> None:
        named = bool(cleaned.get("family_name"))
        if not named and "family_name" not in self.errors and not cleaned["name_not_known"]:
            said = _("nothing entered; enter it or tick “Name not known”.")
            self._refuse("family_name", "required", said)
        if (named or cleaned.get("given_name")) and cleaned["name_not_known"]:
            said = _("a name is entered: clear it or untick this.")
            self._refuse("name_not_known", "entered", said)
        dated = cleaned.get("birth_date") is not None
        if not dated and "birth_date" not in self.errors and not cleaned["birth_date_not_known"]:
            said = _("nothing entered; enter it or tick “Date of birth not known”.")
            self._refuse("birth_date", "required", said)
        if dated and cleaned["birth_date_not_known"]:
            said = _("a date is entered: clear it or untick this.")
            self._refuse("birth_date_not_known", "entered", said)
        if not cleaned.get("sex") and "sex" not in self.errors:
            self._refuse("sex", "required", _("not answered."))

    def _refuse(self, field: str, code: str, said: str) -> None:
        self.add_error(field, ValidationError(said, code=code))

    def age_source(self) -> AgeSource:
        """Where the age comes from, as far as it can be told yet."""
        if self.patient is not None:
            born = self.patient.birth_date
            return {"birth_date": born, "asks_age": born is None}
        cleaned = getattr(self, "cleaned_data", {})
        is_stated = bool(cleaned.get("birth_date_not_known"))
        return {"birth_date": cleaned.get("birth_date"), "asks_age": is_stated}

    def day_reading(self, name: str, day: date) -> str:
        """How the date of birth was read, with the age today."""
        return birth_reading(day, completed_years(day, timezone.localdate()))

    def entry(self) -> Patient | PatientEntry:
        """The patient on record, or the identity of the new one."""
        if self.patient is not None:
            return self.patient
        cleaned = self.cleaned_data
        return PatientEntry(
            hospital_number=cleaned["hospital_number"],
            family_name=" ".join(cleaned["family_name"].split()),
            given_name=" ".join(cleaned["given_name"].split()),
            birth_date=cleaned["birth_date"],
            sex=cleaned["sex"],
        )


def _with_name_split(data: Any) -> Any:
    """A whole name in the field of the family name goes into both, where the other one is empty."""
    whole = _WHOLE_NAME.fullmatch(data.get("family_name") or "")
    if whole is None or (data.get("given_name") or "").strip():
        return data
    split = data.copy()
    split["family_name"], split["given_name"] = whole.groups()
    return split
