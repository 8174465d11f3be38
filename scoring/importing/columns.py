"""Which column of a table holds which field of the forms: by its own name, or by the form's words.

The predictors are found as for scoring (``scoring/files/headings.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from scoring.files.headings import Heading, plain
from scoring.files.table import Table
from scoring.files.wording import table_error_text
from scoring.forms import AssessmentForm, PatientForm
from scoring.nomogram.eligibility import Criterion
from scoring.nomogram.rong2025.model import AGE, RONG_2025
from scoring.words.marks import listed

# A whole name, as the field of the family name takes it.
NAME = "name"
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    NAME: ("Patient name", "姓名", "患者姓名"),
    "birth_date": ("Birth date", "出生年月日"),
    "operation_status": ("Operation status", "手术状态"),
    "operation_date": ("Operation date",),
    "operation_time": ("Operation time",),
    "fracture_level": ("Fracture level", "骨折节段"),
}
_TICKED = ("name_not_known", "birth_date_not_known", "known_patient", "form_token")


class ColumnsError(ValueError):
    """The header does not say what is needed; ``texts`` say what is wrong, in words."""

    def __init__(self, *texts: str) -> None:
        super().__init__(*texts)
        self.texts = texts


@dataclass(frozen=True)
class Columns:
    """The places of the key, of the predictors and of the other fields in a row."""

    key: int
    predictors: Mapping[str, Heading]
    others: Mapping[str, int]
    header: tuple[str, ...]

    @property
    def not_read(self) -> list[str]:
        """The headers of the columns that are not imported."""
        read = {self.key, *self.others.values(), *(one.place for one in self.predictors.values())}
        return [name for place, name in enumerate(self.header) if name and place not in read]

    def name_of(self, field: str) -> str:
        """The header of a field as it stands; of one without a column what the form calls it."""
        if field in self.predictors:
            return self.predictors[field].header
        if field == "family_name" and NAME in self.others:
            field = NAME
        if field in self.others:
            return self.header[self.others[field]]
        shown = form_fields().get(field)
        return field if shown is None or not shown.label else str(shown.label)


@cache
def form_fields() -> Mapping[str, forms.Field]:
    """The fields of both forms that somebody fills in, in their order."""
    both = PatientForm.base_fields | AssessmentForm().fields
    return {
        name: field
        for name, field in both.items()
        if name not in _TICKED and not isinstance(field.widget, forms.HiddenInput)
    }


def in_all_languages(words: Callable[[], list[str]]) -> list[str]:
    """The words of the site in each of its languages."""
    found: list[str] = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found += words()
    return found


@cache
def headers_of(field: str) -> tuple[str, ...]:
    """What the header of a field may be, its own name first."""
    shown = form_fields().get(field)
    labels = [] if shown is None else in_all_languages(lambda: [str(shown.label)])
    return tuple(dict.fromkeys((field, *labels, *_OTHER_NAMES.get(field, ()))))


def find_columns(table: Table, key: str) -> Columns:
    """Where everything stands; ``key`` is the header of the column that tells the rows apart.

    Raises ColumnsError with all that is missing or said twice.
    """
    header = table.headings.header
    names = [plain(name) for name in header]
    errors: list[str] = []

    def place_of(wanted: set[str], field: str) -> int | None:
        found = [place for place, name in enumerate(names) if name in wanted]
        if len(found) > 1:
            said = _(
                "Several headers mean the column %(column)s: %(value)s. Name the right one "
                "%(column)s."
            )
            among = listed(header[place] for place in found)
            errors.append(said % {"column": field, "value": among})
        return found[0] if found else None

    others: dict[str, int] = {}
    for field in (NAME, *form_fields()):
        if field in RONG_2025.fields:
            continue
        place = place_of({plain(name) for name in headers_of(field)}, field)
        if place is not None:
            others[field] = place
    at_key = place_of({plain(key)}, key)
    if at_key is None:
        said = _("The column %(column)s is missing. The headers are: %(headers)s.")
        errors.append(said % {"column": key, "headers": listed(filter(None, header))})
    errors += _missing(others, table)
    if NAME in others and {"family_name", "given_name"} & set(others):
        errors.append(_("The name stands in one column, or in family and given name; not in both."))
    if errors or at_key is None:
        raise ColumnsError(*errors)
    return Columns(at_key, table.headings.by_field, others, header)


def _missing(others: Mapping[str, int], table: Table) -> list[str]:
    errors = [
        table_error_text(error, RONG_2025)
        for error in table.headings.errors
        # The age follows from the date of birth.
        if not (
            error.field == AGE.field and error.code == "missing_column" and "birth_date" in others
        )
    ]
    named = NAME in others or "family_name" in others
    # The unit may stand in the header or in the cell; the new fracture is not asked before the
    # operation: the rows tell whether these are missing.
    later = {Criterion.NEW_VERTEBRAL_FRACTURE.value, *_units()}
    needed = [name for name, field in form_fields().items() if field.required] + ["sex"]
    for field in [*needed, *([] if named else [NAME])]:
        if field in others or field in later or field in RONG_2025.fields:
            continue
        said = _("The column %(column)s is missing. Its header is one of: %(headers)s.")
        errors.append(said % {"column": field, "headers": listed(headers_of(field))})
    return errors


def _units() -> set[str]:
    return {beside.unit_field for beside in RONG_2025.provenances.values() if beside.unit_field}
