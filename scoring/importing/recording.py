"""The rows of a table recorded one by one, as the forms of the pages would be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID, uuid5

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.forms import Form
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.entry import Origin, Submission, windows
from scoring.entry.folding import folded_number
from scoring.entry.identity import names_of
from scoring.entry.windows import Doubt
from scoring.files.blocks import Row
from scoring.files.headings import plain
from scoring.forms import AssessmentForm, PatientForm, questions
from scoring.forms.matching import form_matches
from scoring.forms.patient import ON_RECORD
from scoring.importing.cells import RowRead, read_row
from scoring.importing.columns import Columns
from scoring.models import Assessment, AuditEvent, Patient, User
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.rong2025.model import AGE
from scoring.words.marks import labelled

# All tokens of rows come from this one, the name of the key column and the key.
_ROWS = UUID("0d7a4c52-5a0e-4b0b-8f8b-6f3f2a8f7c11")
_NO_TOKEN = str(UUID(int=0))
# Where a form ticks "not known", the column of the value is meant.
_TICKED = {"name_not_known": "family_name", "birth_date_not_known": "birth_date"}


class Outcome(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    ALREADY_RECORDED = "already_recorded"
    REFUSED = "refused"
    # Right, but not recorded because others were refused.
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class RowResult:
    """A row by its number and its key, with its report number or what is wrong with it."""

    row: int
    key: str
    outcome: Outcome
    report_number: str = ""
    errors: tuple[str, ...] = ()


class Import:
    """One import by one user; ``origin``: where it was asked for.

    Whose patients the user sees, and the time zone of the ward, are set by whoever calls.
    ``past_is_right``: the user says of the whole table that operations long ago are no slips.
    """

    def __init__(
        self, *, by: User, columns: Columns, origin: Origin, past_is_right: bool = False
    ) -> None:
        self._by, self._columns, self._origin = by, columns, origin
        self._past_is_right = past_is_right
        # Whom errors tell of: written to the access log, whatever becomes of the rows.
        self._shown: list[Patient] = []

    def all_or_nothing(self, rows: list[Row]) -> list[RowResult]:
        """Record all rows in one transaction, or none if one is refused."""
        with transaction.atomic():
            results = [self._record(row) for row in rows]
            is_whole = all(result.outcome is not Outcome.REFUSED for result in results)
            if is_whole:
                self._log(results)
            transaction.set_rollback(not is_whole)
        if is_whole:
            return results
        results = [_taken_back(result) for result in results]
        # A patient of an earlier row is on record no more.
        self._shown = [one for one in self._shown if Patient.objects.filter(pk=one.pk).exists()]
        self._log(results)
        return results

    def good_rows(self, rows: list[Row]) -> Iterator[RowResult]:
        """Record each row that is right, in a transaction of its own."""
        results: list[RowResult] = []
        try:
            for row in rows:
                results.append(self._record(row))
                yield results[-1]
        finally:
            self._log(results)

    def _log(self, results: list[RowResult]) -> None:
        for patient in self._shown:
            looked_up = AuditEvent.Action.PATIENT_LOOKED_UP
            actions.log_event(by=self._by, action=looked_up, origin=self._origin, patient=patient)
        detail: dict[str, object] = {"rows": len(results)}
        for outcome in Outcome:
            detail[outcome.value] = sum(result.outcome is outcome for result in results)
        imported = AuditEvent.Action.ASSESSMENTS_IMPORTED
        actions.log_event(by=self._by, action=imported, origin=self._origin, detail=detail)

    def _record(self, row: Row) -> RowResult:
        read = read_row(*row, self._columns)
        patient, version = _filled(read)
        submission = Submission(token=self._token(read.key), origin=self._origin)
        existing = queries.made_by_form(Assessment, submission.token)
        errors = self._errors(read, patient, version)
        if existing is not None and read.key:
            if not errors and form_matches(patient, version, existing):
                return _result(read, Outcome.ALREADY_RECORDED, existing)
            errors.append(self._key_used(read, existing))
        errors += () if errors else self._asked_back(read, patient, version)
        if errors:
            return RowResult(read.row, read.key, Outcome.REFUSED, errors=tuple(errors))
        try:
            made = actions.record_assessment(
                by=self._by, patient=patient.entry(), entry=version.entry(), submission=submission
            )
        except actions.HospitalNumberTakenError:
            # Registered by somebody else at this moment.
            said = self._placed(read, "hospital_number", _("this number is on record."))
            return RowResult(read.row, read.key, Outcome.REFUSED, errors=(said,))
        return _result(read, Outcome.RECORDED, made)

    def _token(self, key: str) -> UUID:
        """The same for the same key under the same header, whatever the file."""
        header = self._columns.header[self._columns.key]
        return uuid5(uuid5(_ROWS, plain(header)), folded_number(key))

    def _key_used(self, read: RowRead, existing: Assessment) -> str:
        if not queries.is_seen(existing.patient):
            said = _("Row %(row)s: this key was used for a patient of another ward.")
            return said % {"row": read.row}
        return _(
            "Row %(row)s: this key was used before, with other content, for %(number)s. Amend that "
            "assessment on its page, or give this row another key."
        ) % {"row": read.row, "number": existing.chain.report_number}

    def _placed(self, read: RowRead, field: str, said: str) -> str:
        column = self._columns.name_of(_TICKED.get(field, field))
        place = _("Row %(row)s, column %(column)s") % {"row": read.row, "column": column}
        return labelled(place, said)

    def _errors(self, read: RowRead, patient: PatientForm, version: AssessmentForm) -> list[str]:
        found = list(read.errors.values())
        for form in (patient, version):
            for name, texts in _refused(form).items():
                if _TICKED.get(name, name) in read.errors:
                    continue
                found += [self._placed(read, name, said) for said in texts]
        return found or [self._placed(read, *one) for one in _dropped(version)]

    def _asked_back(
        self, read: RowRead, patient: PatientForm, version: AssessmentForm
    ) -> Iterator[str]:
        past = {
            day.key
            for day in version.doubtful_days()
            if day.doubt is Doubt.OPERATION_FAR and day.days < 0
        }
        for question in questions.about_assessment(patient.entry(), version.entry()):
            if question.key in past:
                if not self._past_is_right:
                    yield _long_ago(read.row)
                continue
            if question.patient is not None:
                self._shown.append(question.patient)
            said = _(
                "Row %(row)s: the form asks back here. Correct the row, or enter this patient on "
                "the page “New assessment” and answer there: “%(question)s”"
            )
            yield said % {"row": read.row, "question": question.text}


def _filled(read: RowRead) -> tuple[PatientForm, AssessmentForm]:
    """Both forms; a patient on record is taken only with the name, birth date and sex there."""
    patient = PatientForm(read.whose)
    patient.is_valid()
    on_record = patient.patient
    if on_record is not None and _is_the_same(patient, read.whose, on_record):
        patient = PatientForm(read.whose | {"known_patient": str(on_record.pk)})
        patient.is_valid()
    version = AssessmentForm(
        read.version | {"form_token": _NO_TOKEN}, **patient.age_source(), sent=True
    )
    version.is_valid()
    return patient, version


def _is_the_same(form: PatientForm, sent: Mapping[str, str], on_record: Patient) -> bool:
    typed = names_of(*(form.cleaned_data.get(name, "") for name in ("family_name", "given_name")))
    known = names_of(on_record.family_name, on_record.given_name)
    born = form.cleaned_data.get("birth_date")
    return (
        (bool(typed & known) or not (typed or known))
        and born == on_record.birth_date
        # A date that can't be read is not an unknown one.
        and bool(born) == bool(sent.get("birth_date"))
        and form.cleaned_data.get("sex") == on_record.sex
    )


def _refused(form: Form) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, errors in form.errors.as_data().items():
        place = "hospital_number" if name == NON_FIELD_ERRORS else name
        for error in errors:
            texts = [_other_identity()] if error.code == ON_RECORD else error.messages
            found.setdefault(place, []).extend(texts)
    return found


def _other_identity() -> str:
    return _(
        "this number is on record with another name, date of birth or sex. Correct the row, or "
        "enter this patient on the page “New assessment”."
    )


def _dropped(version: AssessmentForm) -> Iterator[tuple[str, str]]:
    """What the form would drop of a valid row, by field: it says otherwise, or is not asked."""
    stated, age = version.data.get(AGE.field), version.age_from_birth_date
    if stated and age is not None and version.fields[AGE.field].clean(stated).value != age:
        said = _("the date of birth gives %(age)s years: leave the age out.") % {"age": age}
        yield AGE.field, said
    later = Criterion.NEW_VERTEBRAL_FRACTURE.value
    if version.data.get(later, Answer.NOT_ASSESSED) != version.cleaned_data[later]:
        yield later, _("this is not asked here and would be lost: leave it out.")


def _long_ago(row: int) -> str:
    said = _(
        "Row %(row)s: the operation lies more than %(days)s days back. If that is right in the "
        "whole table, import it with --past-operations."
    )
    return said % {"row": row, "days": -windows.OPERATION.first}


def _result(read: RowRead, outcome: Outcome, made: Assessment) -> RowResult:
    return RowResult(read.row, read.key, outcome, made.chain.report_number)


def _taken_back(result: RowResult) -> RowResult:
    if result.outcome is not Outcome.RECORDED:
        return result
    return replace(result, outcome=Outcome.NOT_RECORDED, report_number="")
