"""What is wrong with a cohort file, and what to look at in it, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from scoring import display
from scoring.evaluation.case_mix import MixCaution
from scoring.files.csv_rows import UTF_8
from scoring.files.errors import TableError
from scoring.files.wording import cell_text, table_error_text
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.validation.case_mix import mix_caution_text
from scoring.study.cautions import CohortCaution
from scoring.study.cohort_errors import CohortFileError, Gaps
from scoring.study.cohort_file import CohortFile
from scoring.study.headers import CHINESE_HEADERS
from scoring.words.marks import listed, sentences
from scoring.words.values import unit_text, unsigned_text, whole_text, with_unit

# What is wrong with tables to be scored, too, by its code there.
_AS_FOR_SCORING = {
    "not_utf8": "encoding",
    "empty_file": "empty",
    "no_rows": "no_rows",
    "ambiguous_column": "ambiguous_column",
}


def _allowed_text(error: CohortFileError) -> str:
    if error.low is None or error.high is None:
        return _("1 or 0, yes or no, 是 or 否, 有 or 无")
    return _range_text(error.column or "", error.low, error.high)


def _range_text(column: str, lowest: float, highest: float) -> str:
    low, high = display.domain_texts(lowest, highest)
    text = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return display.plain(with_unit(RONG_2025.numeric[column], text))


def cohort_error_text(error: CohortFileError) -> str:
    """Row, column, value and reason."""
    column = error.column or ""
    if error.code in _AS_FOR_SCORING:
        same = TableError(_AS_FOR_SCORING[error.code], field=column, value=error.value or "")
        return table_error_text(same, RONG_2025)
    words: dict[str, object] = {"row": error.row, "column": column, "value": error.value}
    words["headers"] = listed((column, *CHINESE_HEADERS.get(column, ())))
    whole_file = {
        "too_large": _("The file is larger than %(value)s MB."),
        "not_csv": _("The file is not a CSV file."),
        "missing_column": _(
            "The column %(column)s is missing. Its header is one of: %(headers)s. The first row "
            "that is not empty is the header."
        ),
        "other_unit": _(
            "The header “%(value)s” has another unit than %(allowed_unit)s. Convert the values and "
            "name the column %(column)s."
        ),
        "duplicate_column": _("The column %(column)s is there twice."),
        "wrong_number_of_cells": _(
            "Row %(row)s has another number of cells than the header: %(value)s."
        ),
        "no_complete_row": _("Every row lacks a value."),
        "duplicate_id": _('Row %(row)s, column %(column)s: "%(value)s" is there twice.'),
    }
    predictor = RONG_2025.numeric.get(column)
    if predictor is not None:
        words["allowed_unit"] = unit_text(predictor)
    if error.code in whole_file:
        return whole_file[error.code] % words
    if column == "id":
        return _("Row %(row)s, column %(column)s: the value is missing.") % words
    words["allowed"] = _allowed_text(error)
    if predictor is not None:
        words["whole"] = whole_text(predictor)
        words["signed"] = unsigned_text(predictor, error.number or 0.0)
    text = cell_text(error.code, words)
    return text if error.gaps is None else sentences(text, _gaps_text(error.gaps))


def _gaps_text(gaps: Gaps) -> str:
    """How many rows lack a value, which, and what to do."""
    return _(
        "%(incomplete)s of %(rows)s rows lack a value (%(columns)s). Fill them in, or analyze the "
        "complete rows alone with --complete-cases."
    ) % {
        "incomplete": gaps.incomplete,
        "rows": gaps.rows,
        "columns": listed(f"{column} {count}" for column, count in gaps.missing.items()),
    }


def reading_lines(patients: CohortFile) -> Iterator[str]:
    """How the file was read, where that is not as it is documented in English."""
    if patients.encoding != UTF_8:
        yield _("Encoding: read as %(encoding)s.") % {"encoding": patients.encoding}
    if patients.header_row > 1:
        yield _("Header: row %(row)s; the rows above it are empty.") % {"row": patients.header_row}
    if patients.headers:
        read = [f"{header} = {column}" for column, header in patients.headers.items()]
        yield _("Headers: read %(read)s.") % {"read": listed(read)}
    if patients.chinese_answers:
        yield _("Answers: read 是 and 有 as yes, 否 and 无 as no, in %(columns)s.") % {
            "columns": listed(patients.chinese_answers)
        }


def cohort_caution_text(caution: CohortCaution) -> str:
    """What to look at in a column, and in how many patients."""
    if caution.mix is not None:
        found = mix_caution_text(MixCaution(caution.code, caution.mix), columns=True)
        return _("CAUTION: %(found)s") % {"found": found}
    column = caution.column or ""
    words: dict[str, object] = {"column": column, "count": caution.count, "n": caution.n}
    if caution.low is not None and caution.high is not None:
        words["range"] = _range_text(column, caution.low, caution.high)
    if caution.high is not None:
        words["limit"] = display.signed_text(caution.high)
    texts = {
        "same_data": _(
            "CAUTION: the model was made from these patients. What follows is its apparent "
            "performance, no validation."
        ),
        "t_score_unsigned": _(
            "CAUTION: %(column)s is positive in %(count)s of %(n)s patients: are these absolute "
            "values? Enter them signed, as −2.8."
        ),
        "t_score_positive": _(
            "CAUTION: %(column)s is positive in %(count)s of %(n)s patients; it is read as signed."
        ),
        "t_score_above_osteoporosis": _(
            "Caution: %(column)s of %(count)s of %(n)s patients does not meet the study's "
            "criterion, T ≤ %(limit)s."
        ),
        "outside_central_95": _(
            "Caution: %(column)s of %(count)s of %(n)s patients lies outside the central 95 %% of "
            "the study (%(range)s)."
        ),
        "incomplete_rows": _(
            "CAUTION: %(count)s of %(n)s rows lack a value and are left out. What follows is about "
            "the complete rows alone."
        ),
        "missing_values": _("CAUTION: %(column)s is missing in %(count)s of %(n)s rows."),
        "similar_ids": _(
            "CAUTION: %(count)s of %(n)s ids are those of an earlier row but for case, width, "
            "spaces or leading zeros. Are these the same patients twice?"
        ),
        "identical_rows": _(
            "Caution: %(count)s of %(n)s rows have all predictors and the outcome of an earlier "
            "row."
        ),
        "many_identical_rows": _(
            "CAUTION: %(count)s of %(n)s rows have all predictors and the outcome of an earlier "
            "row. Are these the same patients twice?"
        ),
    }
    return texts[caution.code] % words
