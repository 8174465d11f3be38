"""Headers of a cohort file: the names of the columns, and the Chinese ones that mean the same."""

import re
from collections.abc import Mapping, Sequence

from scoring.entry.numbers import NumberUnreadError, read_number
from scoring.evaluation.case_mix import OUTCOME
from scoring.files.headings import plain
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study.cohort_errors import CohortFileError

IDENTIFIER = "id"
COLUMNS = (IDENTIFIER, *RONG_2025.fields, OUTCOME)
CHINESE_HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "患者编号", "病历号", "病案号", "住院号"),
    **{field: coded_as(one).chinese_headers for field, one in RONG_2025.by_field.items()},
    "rbp": ("残余腰背痛", "残余背痛", "残留腰背痛", "术后残余腰背痛"),
}
# A unit, or what is asked, in brackets behind a Chinese name.
_IN_BRACKETS = re.compile(r"(?P<name>[^()\[\]]+)[(\[](?P<unit>[^()\[\]]+)[)\]]")
_YES_OR_NO = ("是/否", "有/无")


_COLUMN_OF = {plain(name): column for column, names in CHINESE_HEADERS.items() for name in names}


def _without_unit(header: str) -> tuple[str, str]:
    folded = plain(header)
    if found := _IN_BRACKETS.fullmatch(folded):
        return found["name"], found["unit"]
    return folded, ""


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands: under its own name in any case, else under a Chinese one.

    Raises CohortFileError: "missing_column", "duplicate_column", "ambiguous_column", "other_unit".
    """
    return {column: _place(column, header) for column in COLUMNS}


def _place(column: str, header: Sequence[str]) -> int:
    own = [place for place, name in enumerate(header) if name.casefold() == column]
    if len(own) > 1:
        raise CohortFileError("duplicate_column", column=column)
    found = own or [place for place, name in enumerate(header) if _means(name, column)]
    if not found:
        raise CohortFileError("missing_column", column=column)
    if len(found) > 1:
        names = ", ".join(header[place] for place in found)
        raise CohortFileError("ambiguous_column", column=column, value=names)
    return found[0]


def _means(header: str, column: str) -> bool:
    """Whether a header is a Chinese name of a column. Raises CohortFileError("other_unit")."""
    name, unit = _without_unit(header)
    if _COLUMN_OF.get(name) != column:
        return False
    if not unit:
        return True
    predictor = RONG_2025.numeric.get(column)
    if predictor is None:
        # Anything else may say that 1 means no.
        return unit in _YES_OR_NO
    try:
        read_number(f"1 {unit}", predictor)
    except NumberUnreadError as error:
        if error.code != "other_unit":
            return False
        raise CohortFileError("other_unit", column=column, value=header) from None
    return True
