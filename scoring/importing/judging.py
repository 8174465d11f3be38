"""What becomes of a row of a table, as the forms of the pages would judge it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.utils.translation import gettext as _

from scoring import queries
from scoring.entry import windows
from scoring.entry.folding import folded_number, normalised_hospital_number
from scoring.entry.identity import names_of
from scoring.entry.windows import Doubt
from scoring.files.blocks import Row
from scoring.files.headings import plain
from scoring.forms import AssessmentForm, PatientForm, questions
from scoring.forms.dropped import dropped
from scoring.forms.matching import form_matches
from scoring.forms.patient import ON_RECORD
from scoring.importing.cells import RowRead, read_key, read_row
from scoring.importing.columns import Columns
from scoring.models import Assessment, Patient
from scoring.words.marks import labelled, sentences

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
    # Right, but not recorded: others were refused, or rows were only checked.
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class RowResult:
    """A row by its number and its key, with its report number or what is wrong with it.

    ``made``: the version that it made, now or before.
    """

    row: int
    key: str
    outcome: Outcome
    report_number: str = ""
    errors: tuple[str, ...] = ()
    made: UUID | None = None


@dataclass(frozen=True)
class Judged:
    """What a row says, and what would become of it."""

    result: RowResult
    patient: PatientForm
    version: AssessmentForm
    token: UUID


def clashing_rows(rows: Iterable[Row], columns: Columns) -> list[int]:
    """The numbers of the rows that share their key with a row of other content."""
    of_key: dict[str, list[Row]] = {}
    for number, cells in rows:
        if key := folded_number(read_key(cells, columns)):
            of_key.setdefault(key, []).append((number, cells))
    return sorted(
        number
        for same in of_key.values()
        if any(cells != same[0][1] for _number, cells in same)
        for number, _cells in same
    )


class Judge:
    """Judges the rows of a table.

    ``past_is_right``: the user says of the whole table that operations long ago are right;
    ``how_to_say_so``: the sentence that tells how to say it. ``shown``: the patients whom its
    sentences tell of.
    """

    def __init__(self, columns: Columns, *, past_is_right: bool, how_to_say_so: str) -> None:
        self._columns = columns
        self._past_is_right, self._how_to_say_so = past_is_right, how_to_say_so
        self.shown: list[Patient] = []

    def judged(self, row: Row) -> Judged:
        """What the row says, and what would become of it now."""
        read = read_row(*row, self._columns)
        patient, version = _filled(read)
        token = self._token(read.key)
        existing = queries.made_by_form(Assessment, token) if read.is_whole else None
        if existing is not None and not version.is_valid():
            # What was planned then may lie in the past by now.
            then = _filled(read, existing.created_at)
            patient, version = then if then[1].is_valid() else (patient, version)
        errors = self._errors(read, patient, version)
        result = RowResult(read.row, read.key, Outcome.NOT_RECORDED)
        if existing is not None and read.key:
            if not errors and form_matches(patient, version, existing):
                result = as_made(result, Outcome.ALREADY_RECORDED, existing)
            else:
                errors.append(self._key_used(read.row, existing))
        else:
            errors += () if errors else self._asked_back(read, patient, version)
        if errors:
            result = replace(result, outcome=Outcome.REFUSED, errors=tuple(errors))
        return Judged(result, patient, version, token)

    def recorded(self, judged: Judged, made: Assessment) -> RowResult:
        """What became of a row with the assessment that its key leads to now.

        Another import may have used the key since the row was judged, with other content.
        """
        number = normalised_hospital_number(judged.patient.cleaned_data["hospital_number"])
        said = judged.version.entry(), number
        if said == (made.entry, made.patient.hospital_number):
            return as_made(judged.result, Outcome.RECORDED, made)
        errors = (self._key_used(judged.result.row, made),)
        return replace(judged.result, outcome=Outcome.REFUSED, errors=errors)

    def _token(self, key: str) -> UUID:
        """The same for the same key under the same header, whatever the file."""
        header = self._columns.header[self._columns.key]
        return uuid5(uuid5(_ROWS, plain(header)), folded_number(key))

    def _key_used(self, row: int, existing: Assessment) -> str:
        if not queries.is_seen(existing.patient):
            said = _("Row %(row)s: this key was used for a patient of another ward.")
            return said % {"row": row}
        return _(
            "Row %(row)s: this key was used before, with other content, for %(number)s. If it is "
            "the same operation, amend that assessment on its page. If not, give this row another "
            "key, or choose a column whose texts no other table has."
        ) % {"row": row, "number": existing.chain.report_number}

    def _errors(self, read: RowRead, patient: PatientForm, version: AssessmentForm) -> list[str]:
        found = list(read.errors.values())
        if not read.is_whole:
            return found
        for form in (patient, version):
            for name, texts in _refused(form).items():
                if _TICKED.get(name, name) in read.errors:
                    continue
                column = self._columns.name_of(_TICKED.get(name, name))
                found += [placed(read.row, column, said) for said in texts]
        return found or [
            placed(read.row, self._columns.name_of(one.field), one.text) for one in dropped(version)
        ]

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
                    yield sentences(_long_ago(read.row), self._how_to_say_so)
                continue
            if question.patient is not None:
                self.shown.append(question.patient)
            said = _(
                "Row %(row)s: this must be confirmed. Correct the row, or enter this patient on "
                "the page “New assessment” and answer there: “%(question)s”"
            )
            yield said % {"row": read.row, "question": question.text}


def _filled(read: RowRead, now: datetime | None = None) -> tuple[PatientForm, AssessmentForm]:
    """Both forms, as of ``now``, or else of this moment.

    A patient on record is taken only with the name, birth date and sex there.
    """
    patient = PatientForm(read.whose)
    patient.is_valid()
    on_record = patient.patient
    if on_record is not None and _is_the_same(patient, read.whose, on_record):
        patient = PatientForm(read.whose | {"known_patient": str(on_record.pk)})
        patient.is_valid()
    version = AssessmentForm(
        read.version | {"form_token": _NO_TOKEN}, **patient.age_source(), sent=True, now=now
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


def _long_ago(row: int) -> str:
    said = _("Row %(row)s: the operation lies more than %(days)s days back.")
    return said % {"row": row, "days": -windows.OPERATION.first}


def placed(row: int, column: str, said: str) -> str:
    """A sentence that begins with row and column."""
    return labelled(_("Row %(row)s, column %(column)s") % {"row": row, "column": column}, said)


def as_made(result: RowResult, outcome: Outcome, made: Assessment) -> RowResult:
    """The result of a row that made this version."""
    number = made.chain.report_number
    return replace(result, outcome=outcome, report_number=number, made=made.pk)
