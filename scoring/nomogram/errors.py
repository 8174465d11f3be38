"""What is wrong with inputs that cannot be scored."""


class PredictorError(ValueError):
    """An input that cannot be scored.

    Attributes: ``predictor`` is the input field; ``code`` one of "missing", "not_a_number",
    "not_finite", "out_of_range", "not_whole", "not_yes_or_no"; ``value`` what was given; ``low``,
    ``high`` and ``unit`` (UCUM) what is allowed, None and "" for yes/no; ``row`` the index (from 0)
    in a cohort, None for one patient. ``str()`` leaves the value out: patient data stay out of
    logs.
    """

    def __init__(
        self,
        predictor: str,
        code: str,
        value: object,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        row: int | None = None,
    ) -> None:
        super().__init__(predictor, code, value, low, high, unit, row)
        self.predictor = predictor
        self.code = code
        self.value = value
        self.low = low
        self.high = high
        self.unit = unit
        self.row = row

    def __str__(self) -> str:
        where = "" if self.row is None else f" (row {self.row})"
        return f"{self.predictor}: {self.code}{where}"


class RowError(ValueError):
    """A row that does not hold the inputs of one patient.

    ``code``: "unknown_field", "duplicate_field" (``field`` names it), "not_json",
    "not_an_object", "line_too_long".
    """

    def __init__(self, code: str, field: str | None = None, value: object = None) -> None:
        super().__init__(code, field, value)
        self.code = code
        self.field = field
        self.value = value

    def __str__(self) -> str:
        return self.code if self.field is None else f"{self.field}: {self.code}"
