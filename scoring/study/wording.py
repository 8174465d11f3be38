"""What is wrong with a cohort file, and what to look at in it, in words."""

from django.utils.translation import gettext as _

from scoring import display
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study.case_mix_text import mix_caution_text
from scoring.study.cautions import CohortCaution
from scoring.study.cohort_file import CohortFileError
from scoring.words.values import unsigned_text, whole_text, with_unit


def _allowed_text(error: CohortFileError) -> str:
    if error.low is None or error.high is None:
        return _("1 or 0, yes or no")
    return _range_text(error.column or "", error.low, error.high)


def _range_text(column: str, lowest: float, highest: float) -> str:
    low, high = display.domain_texts(lowest, highest)
    text = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return display.plain(with_unit(RONG_2025.numeric[column], text))


def cohort_error_text(error: CohortFileError) -> str:
    """Row, column, value and reason."""
    words = {"row": error.row, "column": error.column, "value": error.value}
    whole_file = {
        "too_large": _("The file is larger than %(value)s MB."),
        "not_utf8": _("The file is not UTF-8 text."),
        "not_csv": _("The file is not a CSV file."),
        "empty_file": _("The file is empty."),
        "no_rows": _("The file has a header but no patient."),
        "missing_column": _("The column %(column)s is missing."),
        "duplicate_column": _("The column %(column)s is there twice."),
        "wrong_number_of_cells": _(
            "Row %(row)s has another number of cells than the header: %(value)s."
        ),
        "duplicate_id": _('Row %(row)s, column %(column)s: "%(value)s" is there twice.'),
    }
    if error.code in whole_file:
        return whole_file[error.code] % words
    if error.column == "id":
        return _("Row %(row)s, column %(column)s: the value is missing.") % words
    words["allowed"] = _allowed_text(error)
    predictor = RONG_2025.numeric.get(error.column or "")
    if predictor is not None:
        words["whole"] = whole_text(predictor)
        words["signed"] = unsigned_text(predictor, error.number or 0.0)
    cell = {
        "missing": _("Row %(row)s, column %(column)s: the value is missing; allowed: %(allowed)s."),
        "not_a_number": _(
            'Row %(row)s, column %(column)s: "%(value)s" is not a number; allowed: %(allowed)s.'
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
    }
    return cell[error.code] % words


def cohort_caution_text(caution: CohortCaution) -> str:
    """What to look at in a column, and in how many patients."""
    if caution.mix is not None:
        return mix_caution_text(caution.code, caution.mix)
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
