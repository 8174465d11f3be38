"""What is wrong with a table, or with one cell of it."""

from dataclasses import dataclass

from scoring.nomogram.predictor import Predictor


class TableError(ValueError):
    """A file of which no row can be scored.

    ``code``: "too_large" (``value``: the limit in MB), "utf_16", "old_excel", "markup",
    "not_xlsx", "unpacked_too_large" (so is ``value``), "encoding", "not_csv" (at row ``row``),
    "empty", "no_header", "no_rows", "no_sheet" (``value``: the sheet that was asked for),
    "several_sheets" (``value``: the sheets with a table); of a column, named by its ``field``:
    "missing_column", "ambiguous_column" (``value``: the headers that mean it), "other_unit"
    (``value``: the header), "same_column" (another input has the column of this header ``value``).
    ``str()`` leaves the value out: it may be patient data.
    """

    def __init__(
        self, code: str, *, value: str = "", field: str = "", row: int | None = None
    ) -> None:
        super().__init__(code, value, field, row)
        self.code = code
        self.value = value
        self.field = field
        self.row = row

    def __str__(self) -> str:
        return " ".join(filter(None, (self.code, self.field)))


@dataclass(frozen=True)
class CellError:
    """Why a cell can't be scored.

    ``code``: those of PredictorError and NumberUnreadError, and "formula" (no result is stored
    with it), "cell_error" (#N/A and its like), "unit_missing", "one_or_zero" (1 or 0 where nothing
    says which means yes). ``text`` is the cell as it stands.
    """

    predictor: Predictor
    code: str
    text: str
