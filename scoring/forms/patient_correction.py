"""A corrected identity, with the reason."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.entry import PatientEntry
from scoring.entry.folding import normalised_hospital_number
from scoring.forms.fields import token_field
from scoring.forms.life import ReasonField
from scoring.forms.patient import NUMBER_ELSEWHERE, OTHER_WARD, PatientForm
from scoring.models import Patient, PatientCorrection
from scoring.models.patient_correction import IDENTITY_FIELDS

# Codes of errors.
NOTHING_CHANGED = "nothing_changed"
NUMBER_TAKEN = "number_taken"


class PatientCorrectionForm(PatientForm):
    """The identity as on record, to be corrected; ``revision`` is the one its user saw."""

    reason = ReasonField()
    revision = forms.IntegerField(widget=forms.HiddenInput)
    form_token = token_field()

    def __init__(self, data: Any = None, *, patient: Patient) -> None:
        self.on_record = patient
        super().__init__(data, initial=_identity(patient))

    def clean_hospital_number(self) -> str:
        """The corrected number; that it is free is checked when it is written."""
        number = super().clean_hospital_number()
        self.patient = None
        return number

    def clean_birth_date(self) -> date | None:
        """Not after the day the patient was put on record either."""
        day = super().clean_birth_date()
        recorded = self.on_record.created_at.date()
        if day is not None and day > recorded:
            raise ValidationError(
                _("you entered %(entered)s, which is after the patient's first record.")
                % {"entered": self.data.get("birth_date", "")},
                code="birth_day",
            )
        return day

    @property
    def seen(self) -> Patient:
        """The patient at the revision the form was filled in beside."""
        seen = Patient.objects.get(pk=self.on_record.pk)
        seen.revision = self.cleaned_data["revision"]
        return seen

    def entry(self) -> PatientEntry:
        """The corrected identity; only of a valid form."""
        entry = super().entry()
        if not isinstance(entry, PatientEntry):
            raise TypeError("a correction never takes the identity of another patient")
        return entry

    def says_the_same_as(self, made: PatientCorrection) -> bool:
        """Whether a valid form still holds what it corrected the identity to."""
        entry = self.entry()
        return self.cleaned_data["reason"] == made.reason and all(
            getattr(entry, field) == getattr(made, f"new_{field}") for field in IDENTITY_FIELDS
        )

    def beside(self, patient: Patient) -> "PatientCorrectionForm":
        """The same entries beside the identity that was corrected meanwhile."""
        typed = {name: value for name, value in self.data.items() if name != "revision"}
        form = PatientCorrectionForm({**typed, "revision": patient.revision}, patient=patient)
        form.is_valid()
        return form

    def refuse(self, error: Exception) -> None:
        """Say at the field why the identity cannot be corrected so."""
        if isinstance(error, actions.NothingCorrectedError):
            self._refuse("hospital_number", NOTHING_CHANGED, _("nothing was changed."))
            return
        other = Patient.objects.get(
            hospital_number=normalised_hospital_number(self.cleaned_data["hospital_number"])
        )
        if not queries.is_seen(other):
            self._refuse("hospital_number", OTHER_WARD, str(NUMBER_ELSEWHERE))
            return
        message = _(
            "this number belongs to %(patient)s. To move an assessment to this patient, amend "
            "the assessment."
        )
        self._refuse("hospital_number", NUMBER_TAKEN, message % {"patient": other})


def _identity(patient: Patient) -> dict[str, object]:
    return {
        "hospital_number": patient.hospital_number,
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "name_not_known": not patient.family_name,
        "birth_date": patient.birth_date,
        "birth_date_not_known": patient.birth_date is None,
        "sex": patient.sex,
        "revision": patient.revision,
    }
