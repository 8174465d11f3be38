"""The forms of the pages, filled in with what an application sends; their errors as pointers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from scoring import queries
from scoring.api import values
from scoring.api.requests import Correction, Patient, Version
from scoring.api.shape import Body, pointer
from scoring.forms import AssessmentForm, PatientForm
from scoring.forms.dropped import dropped, not_asked_text
from scoring.forms.fields import DayField
from scoring.forms.matching import form_matches
from scoring.forms.patient import ON_RECORD
from scoring.forms.predictors import NOT_KNOWN_YET
from scoring.forms.questions import Question, unanswered
from scoring.http.actor import log
from scoring.http.problems import FieldError, Problem, refused
from scoring.models import Assessment, AuditEvent
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.assessment_json import LEFT_OUT
from scoring.report.patient_copy.json_file import columns

# Where a form ticks "not known", an application sends null.
_NOT_KNOWN = {
    "family_name": "name_not_known",
    "birth_date": "birth_date_not_known",
}
_NAMES = {ticked: name for name, ticked in _NOT_KNOWN.items()} | {"known_patient": "id"}
# Stands for the one-time token of a form: a request has its key.
NO_TOKEN = {"form_token": str(UUID(int=0))}
_MAY_BE_UNKNOWN = {p.field for p in RONG_2025.predictors if p.may_be_unknown}


def typed(body: Body) -> dict[str, str]:
    """What was sent, as a browser would send it of a form."""
    sent = ((name, getattr(body, name)) for name in body.model_fields_set)
    return {
        name: _typed(value) if value is not None else NOT_KNOWN_YET[0]
        for name, value in sent
        if value is not None or (name in _MAY_BE_UNKNOWN and isinstance(body, Version))
    }


def _typed(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return values.digits(value)
        case _:
            return str(value)


@dataclass(frozen=True)
class Filled:
    """Whose assessment it is, and what was entered, judged."""

    patient: PatientForm
    assessment: AssessmentForm

    @classmethod
    def of(
        cls, version: Body, patient: Patient | None, amended: Assessment | None = None
    ) -> "Filled":
        """Without ``patient`` the one of the assessment that is amended."""
        if patient is None and amended is not None:
            on_record = amended.patient
            whose = {
                "hospital_number": on_record.hospital_number,
                "known_patient": str(on_record.pk),
            }
        else:
            whose = {} if patient is None else identity(patient)
        patient_form = PatientForm(whose)
        patient_form.is_valid()
        assessment = AssessmentForm(
            typed(version) | NO_TOKEN,
            **patient_form.age_source(),
            sent=True,
        )
        return cls(patient_form, assessment)

    def check(self, request: HttpRequest, others: Iterable[FieldError] = ()) -> None:
        """Raise Problem for all that is refused, ``others`` among it.

        Whoever has the number of a new patient is told, so that the id can be sent with it.
        """
        valid = [self.patient.is_valid(), self.assessment.is_valid()]
        errors = [
            *errors_in(self.patient, "/patient"),
            *errors_in(self.assessment, "/version"),
            *self._dropped(),
            *others,
        ]
        if all(valid) and not errors:
            return
        whose = self.patient.patient
        if whose is None or not any(error.code == ON_RECORD for error in errors):
            raise refused(errors)
        log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=whose)
        raise refused(errors, patient=columns(whose, but=LEFT_OUT))

    def _dropped(self) -> Iterator[FieldError]:
        """What was sent beside what is known, and says otherwise: the forms would drop it."""
        for one in dropped(self.assessment):
            yield FieldError(f"/version/{one.field}", one.code, one.text)
        known, sent = self.patient.patient, self.patient.data
        if known is None:
            # A number that can't be one, or is of another ward, is refused by the form.
            if sent.get("known_patient") and not self.patient.has_error("hospital_number"):
                said = _("no patient on record has this number and this id.")
                yield FieldError("/patient/id", "not_on_record", said)
            return
        names = sent.get("family_name", ""), sent.get("given_name", "")
        entered = queries.identity_entered(known.hospital_number, *names, None)
        is_other = {
            "family_name": any(names) and not entered.names & queries.identity_of(known).names,
            "birth_date": sent.get("birth_date") not in {None, str(known.birth_date)},
            "sex": sent.get("sex") not in {None, known.sex},
        }
        for name in filter(is_other.get, is_other):
            said = _("the patient on record has another. Check whose number it is.")
            yield FieldError(f"/patient/{name}", "differs", said)


def unasked(body: Body, form: Form) -> Iterator[FieldError]:
    """What was sent for fields that the form does not have now: it would be lost."""
    for name in sorted(body.model_fields_set - {*form.fields, "confirmed"}):
        if getattr(body, name) not in (None, ""):
            yield FieldError(pointer(name), "not_asked", not_asked_text())


def says(
    version: Body, patient: Patient | None, made: Assessment, amended: Assessment | None = None
) -> bool:
    """Whether what was sent is what this version was made with."""
    sent = Filled.of(version, patient, amended)
    return form_matches(sent.patient, sent.assessment, made)


def identity(patient: Patient | Correction) -> dict[str, str]:
    """Whose identity was sent, as a browser would send it."""
    sent = typed(patient)
    if known := sent.pop("id", ""):
        sent["known_patient"] = known
    for name, ticked in _NOT_KNOWN.items():
        if name in patient.model_fields_set and getattr(patient, name) is None:
            sent[ticked] = "on"
    return sent


def errors_in(form: Form, above: str, names: Mapping[str, str] = _NAMES) -> Iterator[FieldError]:
    """What a form refuses, by where it stands in the request."""
    form.is_valid()
    for field, errors in form.errors.as_data().items():
        place = "" if field == NON_FIELD_ERRORS else pointer(names.get(field, field))
        for error in errors:
            code = error.code or "invalid"
            said = _for_programs(form, field, code)
            for one in [said] if said else error.messages:
                yield FieldError(above + place, code, one)


def _for_programs(form: Form, field: str, code: str) -> str:
    """What to do, where the form tells people of ticks, buttons and dates as they type them."""
    match code:
        case "on_record":
            return _("this number is on record: if it is the same patient, send the id, too.")
        case "other_ward":
            return _("this number belongs to a patient of another ward.")
        case "required" if field in _NOT_KNOWN:
            return _("nothing sent; send null where it is not known.")
        case "required" if isinstance(form.fields.get(field), DayField):
            return _("nothing sent; send a date such as 2026-03-14.")
    return ""


def ask(request: HttpRequest, questions: Iterator[Question], confirmed: list[str] | None) -> None:
    """Raise Problem with all that must be confirmed, unless every key was sent."""
    found = unanswered(questions, confirmed or [])
    if not found:
        return
    for question in found:
        if question.patient is not None:
            log(request, AuditEvent.Action.PATIENT_LOOKED_UP, patient=question.patient)
    said = _("Nothing was saved: check “questions”, then send the key of each in “confirmed”.")
    asked = [{"key": question.key, "detail": question.text} for question in found]
    raise Problem(409, "to_confirm", said, questions=asked)
