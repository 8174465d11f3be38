"""What is wrong with a table or a cell, in words: what it is, what is allowed, what to do."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from scoring import display
from scoring.entry.numbers import MOST_DECIMALS
from scoring.files.errors import CellError, TableError
from scoring.files.headings import names_of
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.words.marks import listed
from scoring.words.values import number_words, unit_text, unsigned_text, whole_text, with_unit


def allowed_text(predictor: Predictor) -> str:
    """What may stand in a cell: "6 to 34.8 fL"."""
    if isinstance(predictor, NumericPredictor):
        low, high = (number_words(predictor, end) for end in predictor.domain)
        ends = _("%(low)s to %(high)s") % {"low": low, "high": high}
        return display.plain(with_unit(predictor, ends))
    if predictor.may_be_unknown:
        return _("yes or no, 是 or 否, 有 or 无, or empty if it is not known yet")
    return _("yes or no, 是 or 否, 有 or 无")


def table_error_text(error: TableError, model: Nomogram) -> str:
    """Why no row of a file can be scored, and what to do."""
    words: dict[str, object] = {"value": error.value, "column": error.field, "row": error.row}
    predictor = model.by_field.get(error.field)
    if predictor is not None:
        names = (error.field, *names_of(predictor))
        words["headers"] = listed(names)
    if isinstance(predictor, NumericPredictor):
        words["unit"] = unit_text(predictor)
    texts = {
        "too_large": _("The file is larger than %(value)s MB. Divide it into several files."),
        "unpacked_too_large": _(
            "Unpacked, the workbook is larger than %(value)s MB. Save the table alone as CSV."
        ),
        "utf_16": _("The file is UTF-16 text. In the spreadsheet, save it as “CSV UTF-8”."),
        "encoding": _(
            "The file is neither UTF-8 text nor GB18030 text with Chinese headers or answers. In "
            "the spreadsheet, save it as “CSV UTF-8”."
        ),
        "old_excel": _(
            "The file is an old Excel file (.xls) or has a password. In the spreadsheet, save it "
            "as .xlsx without a password, or as “CSV UTF-8”."
        ),
        "markup": _(
            "The file is a web page or XML with the name of a spreadsheet. Open it in the "
            "spreadsheet and save it as .xlsx, or as “CSV UTF-8”."
        ),
        "not_xlsx": _(
            "The file is not a workbook that can be read. In the spreadsheet, save it as .xlsx or "
            "as “CSV UTF-8”."
        ),
        "not_csv": _(
            "Row %(row)s is not CSV: a quotation mark is not closed, a cell is far too long, or a "
            "character is not text."
        ),
        "empty": _("The file is empty."),
        "no_header": _(
            "No header was found in the first rows. Name the columns of the predictors as the "
            "documentation lists them, for example age_years or 年龄."
        ),
        "no_rows": _("The file has a header but no patient."),
        "no_sheet": _("The file has no sheet named “%(value)s”."),
        "several_sheets": _(
            "Several sheets have a table: %(value)s. Say which, or save one as a file of its own."
        ),
        "missing_column": _("The column %(column)s is missing. Its header is one of: %(headers)s."),
        "ambiguous_column": _(
            "Several headers mean the column %(column)s: %(value)s. Name the right one %(column)s."
        ),
        "same_column": _(
            "“%(value)s” is chosen for another predictor, too. Choose another column."
        ),
        "other_unit": _(
            "The header “%(value)s” has another unit than %(unit)s. Convert the values and name "
            "the column %(column)s, or ask the laboratory for the values in %(unit)s."
        )
        if _can_be_converted(predictor)
        else _(
            "The header “%(value)s” has another unit than %(unit)s, which can't be converted. Ask "
            "the laboratory for the values in %(unit)s."
        ),
    }
    return texts[error.code] % words


def _can_be_converted(predictor: Predictor | None) -> bool:
    """Whether the other units in which a number is reported are so many of the scored one."""
    others = predictor.other_units if isinstance(predictor, NumericPredictor) else ()
    return all(other.per_unit is not None for other in others)


def cell_error_text(error: CellError, row: int, header: str) -> str:
    """Row and column as the spreadsheet shows them, the cell as it stands, and what is allowed."""
    predictor = error.predictor
    words: dict[str, object] = {
        "row": row,
        "column": header,
        "value": error.text,
        "allowed": allowed_text(predictor),
        "decimals": MOST_DECIMALS,
    }
    if isinstance(predictor, NumericPredictor):
        words["whole"] = whole_text(predictor)
        words["unit"] = unit_text(predictor)
        words["signed"] = _signed(predictor, error)
    return cell_text(error.code, words)


def cell_text(code: str, words: Mapping[str, object]) -> str:
    """What is wrong with a cell, by its code; ``words`` has row, column, value and what is allowed.

    ``signed``, where it is not empty: what the value would be with its sign.
    """
    texts = {
        "missing": _("Row %(row)s, column %(column)s: the value is missing; allowed: %(allowed)s."),
        "not_a_number": _(
            'Row %(row)s, column %(column)s: "%(value)s" is not a number; allowed: %(allowed)s.'
        ),
        "bound": _(
            'Row %(row)s, column %(column)s: "%(value)s" is a limit, not a value; allowed: '
            "%(allowed)s."
        ),
        "decimals": _(
            'Row %(row)s, column %(column)s: "%(value)s" has more than %(decimals)s decimals; '
            "round it."
        ),
        "other_unit": _(
            'Row %(row)s, column %(column)s: "%(value)s" has another unit; allowed: %(allowed)s.'
        ),
        "unit_missing": _(
            'Row %(row)s, column %(column)s: "%(value)s" has no unit. If the values are in '
            "%(unit)s, write %(unit)s in brackets into the header."
        ),
        "out_of_range": _(
            'Row %(row)s, column %(column)s: "%(value)s" has lost its sign; enter %(signed)s.'
        )
        if words.get("signed")
        else _(
            'Row %(row)s, column %(column)s: "%(value)s" is outside what can be scored: '
            "%(allowed)s."
        ),
        "not_whole": _(
            'Row %(row)s, column %(column)s: "%(value)s" has decimals; enter %(whole)s.'
        ),
        "not_yes_or_no": _(
            'Row %(row)s, column %(column)s: "%(value)s" is not an answer; allowed: %(allowed)s.'
        ),
        "one_or_zero": _(
            'Row %(row)s, column %(column)s: nothing says whether "%(value)s" means yes or no. '
            "Write yes or no, or (1=yes,0=no) behind the name in the header."
        ),
        "formula": _(
            'Row %(row)s, column %(column)s: "%(value)s" is a formula without a stored result. '
            "Open the file in the spreadsheet and save it again, or enter the value."
        ),
        "cell_error": _(
            'Row %(row)s, column %(column)s: "%(value)s" is an error of the spreadsheet; allowed: '
            "%(allowed)s."
        ),
    }
    return texts[code] % words


def wrong_width_text(row: int, cells: int, expected: int) -> str:
    """What is wrong with a row that is shorter or longer than the header."""
    return _(
        "Row %(row)s has %(cells)s cells, the header has %(expected)s. Is a decimal comma not in "
        "quotation marks?"
    ) % {"row": row, "cells": cells, "expected": expected}


def _signed(predictor: NumericPredictor, error: CellError) -> str:
    try:
        return unsigned_text(predictor, float(error.text.replace(",", ".")))
    except ValueError:
        return ""
