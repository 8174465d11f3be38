"""One cell of a table as an input of the model: its value, or why it has none.

A column of a large table has few different texts. Each is read once and known by a number from
then on, so that a million rows cost little more than looking them up.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.entry.folding import folded_number
from scoring.entry.numbers import NumberUnreadError, read_number, without_arrow
from scoring.files.errors import CellError
from scoring.files.headings import Heading
from scoring.files.safe_cells import as_it_was, safe
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.predictor import Caution, NumericPredictor, Predictor, Value

_ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "是", "有"), True),
    **dict.fromkeys(("no", "n", "false", "否", "无"), False),
}
_RESTORED = {
    **dict.fromkeys(("restored", "恢复", "已恢复"), True),
    **dict.fromkeys(("not restored", "未恢复"), False),
}
_ONE_OR_ZERO = {"1": True, "1.0": True, "0": False, "0.0": False}
_NOT_KNOWN = ("", "na", "unknown", "not known yet", "尚不清楚", "不详", "未知")
# #N/A, #DIV/0!, #VALUE!, #REF! and the others of a spreadsheet.
_CELL_ERROR = re.compile(r"#[A-Z/0]+[!?]?")
# A column with more different texts than these is read anew: memory stays bounded.
_MOST_TEXTS = 20_000


def broken_cell(cell: str) -> str:
    """What the spreadsheet left in place of a value: "formula" or "cell_error"; else ""."""
    if cell.startswith("="):
        return "formula"
    return "cell_error" if _CELL_ERROR.fullmatch(cell) else ""


def read_cell(text: str, predictor: Predictor, heading: Heading) -> Value | CellError:
    """The value as it is scored; None is an answer that is not known yet."""
    cell = as_it_was(text.strip())
    if broken := broken_cell(cell):
        return CellError(predictor, broken, cell)
    if not isinstance(predictor, NumericPredictor):
        return _answer(cell, predictor, heading)
    if cell in ("", "NA"):
        return CellError(predictor, "missing", cell)
    try:
        read = read_number(without_arrow(cell), predictor)
        if read.unit is None and not heading.has_unit:
            return CellError(predictor, "unit_missing", cell)
        return predictor.check(read.value)
    except (NumberUnreadError, PredictorError) as error:
        return CellError(predictor, error.code, cell)


def _answer(cell: str, predictor: Predictor, heading: Heading) -> bool | CellError | None:
    plain = folded_number(cell).casefold()
    if plain in _NOT_KNOWN:
        return None if predictor.may_be_unknown else CellError(predictor, "missing", cell)
    if plain in _ONE_OR_ZERO:
        if heading.one_is_yes:
            return _ONE_OR_ZERO[plain]
        return CellError(predictor, "one_or_zero", cell)
    answers = _ANSWERS | _RESTORED if predictor.key == "mvh" else _ANSWERS
    if plain not in answers:
        return CellError(predictor, "not_yes_or_no", cell)
    return answers[plain]


class TextMeanings(NamedTuple):
    """What the texts of a column mean, by number.

    ``values``: a number or an answer; of a text that gives none, one that can be scored stands
    there and is not shown. ``points``: bytes with a comma before them. ``cautions``: in words.
    ``is_unsafe``: a spreadsheet would take the text for a formula. ``is_blank``: nothing stands
    there.
    """

    values: NDArray[Any]
    points: NDArray[np.bytes_]
    is_error: NDArray[np.bool_]
    is_unknown: NDArray[np.bool_]
    is_unsafe: NDArray[np.bool_]
    is_blank: NDArray[np.bool_]
    cautions: NDArray[np.object_]


class ColumnTexts(dict[str, int]):
    """The texts of one column by number, in the order they came; a new one is read.

    ``times_begun``: how often the numbers began anew.
    """

    def __init__(
        self, predictor: Predictor, heading: Heading, caution_text: Callable[[Caution], str]
    ) -> None:
        super().__init__()
        self.predictor = predictor
        self.heading = heading
        self.times_begun = 0
        self._caution_text = caution_text
        self._begin()

    def _begin(self) -> None:
        self.clear()
        self.times_begun += 1
        self.read: list[Value | CellError] = []
        self._values: list[float] = []
        self._points: list[bytes] = []
        self._cautions: list[str] = []
        self._meanings: TextMeanings | None = None

    def forget_many(self) -> None:
        """Begin anew if there are too many: called between two blocks of rows."""
        if len(self) > _MOST_TEXTS:
            self._begin()

    def __missing__(self, text: str) -> int:
        number = len(self)
        self[text] = number
        found = read_cell(text, self.predictor, self.heading)
        is_error = isinstance(found, CellError)
        value = None if isinstance(found, CellError) else found
        cautions = () if is_error else self.predictor.cautions(value)
        self.read.append(found)
        self._cautions.append(" ".join(map(self._caution_text, cautions)))
        self._values.append(self._filler() if value is None else float(value))
        points = self.predictor.points(self.predictor.covariate(self._values[number]))
        written = f"{points:.6f}".rstrip("0").rstrip(".")
        self._points.append(b"," if value is None else f",{written}".encode())
        self._meanings = None
        return number

    def _filler(self) -> float:
        if isinstance(self.predictor, NumericPredictor):
            return float(self.predictor.domain.low)
        return 0.0

    @property
    def meanings(self) -> TextMeanings:
        """What all of them mean."""
        if self._meanings is None:
            values: NDArray[Any] = np.array(self._values)
            if not isinstance(self.predictor, NumericPredictor):
                values = values.astype(np.bool_)
            self._meanings = TextMeanings(
                values=values,
                points=np.array(self._points),
                is_error=np.array([isinstance(one, CellError) for one in self.read]),
                is_unknown=np.array([one is None for one in self.read]),
                is_unsafe=np.array([safe(text) != text for text in self]),
                is_blank=np.array([not text.strip() for text in self]),
                cautions=np.array(self._cautions, dtype=object),
            )
        return self._meanings
