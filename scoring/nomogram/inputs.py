"""The inputs of one patient, checked by the predictors of a model."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from scoring.nomogram.errors import PredictorError, RowError
from scoring.nomogram.predictor import Value

if TYPE_CHECKING:
    from scoring.nomogram.model import Nomogram


class Inputs(Mapping[str, Value]):
    """Values by input field, in the order of the predictors; none is outside the domain.

    Frozen. Every field of the model must be there; one that may not be known yet may be None.
    Raises RowError ("unknown_field"), PredictorError for the first input, in the order of the
    predictors, that cannot be scored.
    """

    __slots__ = ("_values", "model")
    model: "Nomogram"
    _values: dict[str, Value]

    def __init__(self, model: "Nomogram", values: Mapping[str, Any]) -> None:
        for field in values:
            if field not in model.by_field:
                # A misspelt name must not pass for a value that is missing.
                raise RowError("unknown_field", field, values[field])
        checked: dict[str, Value] = {}
        for predictor in model.predictors:
            field = predictor.field
            if field not in values:
                raise PredictorError(field, "missing", None)
            checked[field] = predictor.check(values[field])
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "_values", checked)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"inputs are frozen: {name}")

    def __getitem__(self, field: str) -> Value:
        return self._values[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Inputs):
            return NotImplemented
        return self.model is other.model and self._values == other._values

    def __hash__(self) -> int:
        return hash((id(self.model), *self._values.values()))

    def __repr__(self) -> str:
        return f"Inputs({self.model.label}, {self._values})"

    def number(self, field: str) -> float:
        """A numeric input. Raises TypeError where there is an answer."""
        value = self._values[field]
        if not isinstance(value, float):
            raise TypeError(f"{field} is no number")
        return value

    def answer(self, field: str) -> bool | None:
        """The answer to a yes/no input. Raises TypeError where there is a number."""
        value = self._values[field]
        if isinstance(value, float):
            raise TypeError(f"{field} is no answer")
        return value
