"""What a laboratory said of patients so far: which result of it one that comes in is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.laboratory.reading import FINAL, WITHDRAWN, Reading, WithdrawnOrder
from scoring.models import LaboratoryResult


@dataclass
class ResultsOnRecord:
    """The results of a sender that nothing superseded, the newest first.

    ``numbers``: the hospital number that a patient has now, by those that were merged into it. A
    correction names the patient by the new one.
    """

    results: list[LaboratoryResult]
    numbers: Mapping[str, str]

    def predecessor(self, reading: Reading) -> LaboratoryResult | None:
        """The newest result of the same order, code and predictor, if it is superseded.

        A final result supersedes one that was taken at the same time; what corrects or withdraws
        one names it by its order. Others supersede nothing. A final one goes before a preliminary
        one that came after it: the specimen was measured again, and what is corrected is what was
        offered.
        """
        if reading.status not in FINAL | WITHDRAWN:
            return next((each for each in self.results if self.is_same(reading, each)), None)
        of_same = (each for each in self.results if self._names(reading) == self._named(each))
        is_plain = reading.status in {"F", "V"}
        fitting = [each for each in of_same if not is_plain or each.taken_at == reading.taken_at]
        final = (each for each in fitting if each.status in FINAL)
        return next(final, next(iter(fitting), None))

    def of_order(self, withdrawn: WithdrawnOrder) -> list[LaboratoryResult]:
        """All results of an order."""
        number = self._number(withdrawn.hospital_number)
        return [
            each
            for each in self.results
            if (self._number(each.hospital_number), each.order_number) == (number, withdrawn.order)
        ]

    def is_same(self, reading: Reading, result: LaboratoryResult) -> bool:
        """Whether it says nothing that is not on record."""
        said = (reading.value_text, reading.unit, reading.status, reading.unusable or "")
        return (
            (self._names(reading), said) == (self._named(result), _said(result))
            and (reading.taken_at, reading.taken_on) == (result.taken_at, result.taken_on)
            and reading.birth_date in {None, result.birth_date}
        )

    def replace(self, earlier: LaboratoryResult | None, result: LaboratoryResult) -> None:
        """Put a result on record: a later one of the same message may correct it."""
        if earlier is not None:
            self.results.remove(earlier)
        self.results.insert(0, result)

    def _names(self, reading: Reading) -> tuple[str, ...]:
        return (
            self._number(reading.hospital_number),
            reading.field,
            reading.code.split("^")[0],
            reading.order,
            reading.sub_id,
        )

    def _named(self, result: LaboratoryResult) -> tuple[str, ...]:
        return (
            self._number(result.hospital_number),
            result.predictor,
            result.code.split("^")[0],
            result.order_number,
            result.sub_id,
        )

    def _number(self, number: str) -> str:
        return self.numbers.get(number, number)


def _said(result: LaboratoryResult) -> tuple[str, ...]:
    return (result.value_text, result.unit, result.status, result.unusable)
