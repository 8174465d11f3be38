"""The cells of a row as a browser would send them of the two forms, or why one can't be read.

Nothing is filled in: an empty cell is an error wherever the form needs an answer. What is not known
is written so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from django import forms
from django.utils.translation import gettext as _

from scoring.entry.numbers import without_arrow
from scoring.files.cells import broken_cell, read_cell
from scoring.files.errors import CellError
from scoring.files.headings import Heading, plain
from scoring.files.safe_cells import as_it_was
from scoring.files.wording import cell_error_text, cell_text, wrong_width_text
from scoring.forms.fields import ClockField, DayField
from scoring.forms.predictors import NOT_KNOWN_YET
from scoring.importing.columns import NAME, Columns, form_fields, in_all_languages
from scoring.models.patient_correction import IDENTITY_FIELDS
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.model import AGE, RONG_2025
from scoring.words.marks import listed

_EMPTY = ("", "NULL")
_NOT_KNOWN = ("notknown", "unknown", "不详", "未知")
_YES_NO = {
    **dict.fromkeys(("y", "true", "有"), "yes"),
    **dict.fromkeys(("n", "false", "无"), "no"),
}
_MORE_WORDS: Mapping[str, Mapping[str, str]] = {
    "sex": {
        **dict.fromkeys(("f", "女性"), "female"),
        **dict.fromkeys(("m", "男性"), "male"),
        **dict.fromkeys(("unknown", "未知"), "not_known"),
    },
}
_LEVEL = re.compile("[胸腰]([0-9]{1,2})")
# A spreadsheet writes a date with a time behind it, and a time as one of the first day it knows.
_DAY_AND_TIME = re.compile(r"(.*\S)[ T]+(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?", re.A)
_TIME_ALONE = re.compile(
    r"(?:(?:1899-12-3[01]|1904-01-01) )?(\d{1,2}:\d{2})(?::00(?:\.0+)?)?", re.A
)
_MIDNIGHT = ("0:00", "00:00")


@dataclass(frozen=True)
class RowRead:
    """What a row says for the form of the patient and for that of the assessment.

    ``errors``: sentences by field; such a field is left out of both. A row of another width than
    the header is not ``is_whole``: nothing is read of it.
    """

    row: int
    key: str
    whose: dict[str, str] = field(default_factory=dict)
    version: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    is_whole: bool = True


def read_row(row: int, cells: Sequence[str], columns: Columns) -> RowRead:
    """Read one row; ``row`` is its number as the spreadsheet counts."""
    read = RowRead(row, read_key(cells, columns), is_whole=len(cells) == len(columns.header))
    if not read.is_whole:
        read.errors["key"] = wrong_width_text(row, len(cells), len(columns.header))
        return read
    if not read.key or broken_cell(read.key):
        header = columns.header[columns.key]
        read.errors["key"] = _missing(row, header, _("a text that no other row has"))
    for name, place in columns.others.items():
        _read_other(read, name, columns.header[place], _cell(cells, place))
    if "birth_date" not in columns.others:
        read.whose["birth_date_not_known"] = "on"
    for name, heading in columns.predictors.items():
        _read_predictor(read, RONG_2025.by_field[name], heading, _cell(cells, heading.place))
    return read


def read_key(cells: Sequence[str], columns: Columns) -> str:
    """The key of a row; "" where it has none."""
    return _cell(cells, columns.key)


def _cell(cells: Sequence[str], place: int) -> str:
    text = as_it_was(cells[place].strip()) if place < len(cells) else ""
    return "" if text in _EMPTY else text


def _read_other(read: RowRead, name: str, header: str, cell: str) -> None:
    form_field = "family_name" if name == NAME else name
    shown = form_fields()[form_field]
    to = read.whose if form_field in IDENTITY_FIELDS else read.version
    if broken_cell(cell):
        read.errors[form_field] = _not_an_answer(read.row, header, cell, _("a value"))
    elif isinstance(shown, forms.ChoiceField):
        _read_choice(read, form_field, header, cell, to)
    elif form_field in ("family_name", "birth_date"):
        _read_identity(read, form_field, header, cell)
    elif isinstance(shown, DayField):
        _read_day(read, form_field, cell, to)
    elif isinstance(shown, ClockField):
        found = _TIME_ALONE.fullmatch(cell)
        if cell:
            to[form_field] = found[1] if found else cell
    else:
        to[form_field] = cell


def _read_choice(read: RowRead, name: str, header: str, cell: str, to: dict[str, str]) -> None:
    codes = _codes(name)
    if not cell:
        if (form_fields()[name].required and name not in _LATER) or name == "sex":
            read.errors[name] = _missing(read.row, header, _allowed(name))
        return
    code = codes.get(plain(cell))
    if code is None:
        read.errors[name] = _not_an_answer(read.row, header, cell, _allowed(name))
    else:
        to[name] = code


# Whether these are needed depends on the rest of the row: the form says so.
_LATER = ("new_vertebral_fracture", "pdw_unit")


@cache
def _codes(name: str) -> Mapping[str, str]:
    """The code of each choice by the words of it, folded, in all languages."""
    choices = _choices(name)
    codes = {plain(code): code for code, _word in choices}
    words = in_all_languages(lambda: [word for _code, word in _choices(name)])
    for place, word in enumerate(words):
        codes[plain(word)] = choices[place % len(choices)][0]
    if {"yes", "no"} <= set(codes):
        codes |= _YES_NO
    if name == "fracture_level":
        vertebrae = {"T": "胸", "L": "腰"}
        codes |= {f"{vertebrae[code[0]]}{code[1:]}": code for code, _word in choices}
    return {**codes, **_MORE_WORDS.get(name, {})}


def _choices(name: str) -> list[tuple[str, str]]:
    shown = form_fields()[name]
    if not isinstance(shown, forms.ChoiceField):
        raise TypeError(name)
    choices: Iterable[tuple[str, object]] = shown.widget.choices
    return [(str(code), str(word)) for code, word in choices if code]


def _allowed(name: str) -> str:
    return listed(word for _code, word in _choices(name))


def _read_identity(read: RowRead, name: str, header: str, cell: str) -> None:
    """The name or the date of birth: what a form ticks as not known is written so here."""
    if not cell:
        allowed = (
            _("a date such as 2026-03-14, or “not known”")
            if name == "birth_date"
            else _("a name, or “not known”")
        )
        read.errors[name] = _missing(read.row, header, allowed)
    elif plain(cell) in _NOT_KNOWN:
        read.whose["birth_date_not_known" if name == "birth_date" else "name_not_known"] = "on"
    elif name == "birth_date":
        _read_day(read, name, cell, read.whose)
    else:
        read.whose[name] = cell


def _read_day(read: RowRead, name: str, cell: str, to: dict[str, str]) -> None:
    """A date; of the operation the time behind it, too."""
    found = _DAY_AND_TIME.fullmatch(cell)
    if found is None:
        if cell:
            to[name] = cell
        return
    to[name] = found[1]
    if name == "operation_date" and found[2] not in _MIDNIGHT:
        read.version.setdefault("operation_time", found[2])


def _read_predictor(read: RowRead, predictor: Predictor, heading: Heading, cell: str) -> None:
    blank = cell in ("", "NA")
    if predictor == AGE and blank:
        # The form says where it is needed.
        return
    if blank and predictor.may_be_unknown:
        allowed = _("yes, no or “not known yet”")
        read.errors[predictor.field] = _missing(read.row, heading.header, allowed)
        return
    unit = _unit_field(predictor)
    if unit and heading.has_unit and isinstance(predictor, NumericPredictor):
        read.version.setdefault(unit, predictor.unit)
    found = read_cell(cell, predictor, replace(heading, has_unit=unit in read.version or not unit))
    if isinstance(found, CellError):
        read.errors[predictor.field] = cell_error_text(found, read.row, heading.header)
    elif isinstance(predictor, NumericPredictor):
        read.version[predictor.field] = without_arrow(cell)
    else:
        read.version[predictor.field] = _NOT_KNOWN_YET if found is None else _yes_no(found)


_NOT_KNOWN_YET = NOT_KNOWN_YET[0]


def _yes_no(answer: object) -> str:
    return "yes" if answer else "no"


def _unit_field(predictor: Predictor) -> str:
    return predictor.provenance.unit_field if predictor.provenance is not None else ""


def _missing(row: int, header: str, allowed: str) -> str:
    return cell_text("missing", {"row": row, "column": header, "allowed": allowed})


def _not_an_answer(row: int, header: str, cell: str, allowed: str) -> str:
    words = {"row": row, "column": header, "value": cell, "allowed": allowed}
    return cell_text("not_yes_or_no", words)
