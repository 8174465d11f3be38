"""What a clinician enters, as domain types: forms and files make these, actions record them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.rong2025.model import AGE, MVH, RONG_2025


@dataclass(frozen=True, kw_only=True)
class PatientEntry:
    """Identity of a patient not on record yet. Empty names and no birth date: not known."""

    hospital_number: str
    family_name: str
    given_name: str
    birth_date: date | None
    sex: str
    synthetic: bool = False


@dataclass(frozen=True, kw_only=True)
class Input:
    """The value of one predictor, with what is known of where it comes from.

    ``value``: a number or an answer, None while it is not known yet. ``typed``: a number as it was
    typed ("12,8" is 12.8). ``site``: where it was measured, "" where that is not stated or asked.
    """

    value: Decimal | bool | None
    typed: str = ""
    source_date: date | None = None
    site: str = ""

    @property
    def number(self) -> Decimal:
        """The value of a number. Raises TypeError of an answer."""
        if not isinstance(self.value, Decimal):
            raise TypeError("an answer is no number")
        return self.value

    @property
    def answer(self) -> bool | None:
        """The value of an answer. Raises TypeError of a number."""
        if isinstance(self.value, Decimal):
            raise TypeError("a number is no answer")
        return self.value


@dataclass(frozen=True, kw_only=True)
class AssessmentEntry:
    """Everything about one assessment but whose it is and who made it.

    ``age_years`` is set only where the birth date is not known. ``inputs_by_field`` has the other
    predictors, in the units of the model.
    """

    operation_date: date
    operation_time: time | None
    operation_status: str
    fracture_level: str
    answers: Mapping[Criterion, Answer]
    age_years: int | None
    inputs_by_field: Mapping[str, Input]

    def __getitem__(self, field: str) -> Input:
        return self.inputs_by_field[field]

    def with_input(self, field: str, **changes: Any) -> "AssessmentEntry":
        """The same entry with another value of one predictor, or another source of it."""
        changed = replace(self[field], **changes)
        return replace(self, inputs_by_field={**self.inputs_by_field, field: changed})

    def completed(
        self,
        *,
        mvh_restored: bool,
        radiograph_date: date | None,
        new_fracture: Answer | None = None,
    ) -> "AssessmentEntry":
        """The same entry with the finding of the radiograph: the operation is done then.

        ``new_fracture``: whether a vertebra fractured since; None leaves the answer as it is.
        """
        known = self.with_input(MVH.field, value=mvh_restored, source_date=radiograph_date)
        answer = {} if new_fracture is None else {Criterion.NEW_VERTEBRAL_FRACTURE: new_fracture}
        return replace(known, operation_status="done", answers={**self.answers, **answer})

    def recorded(self) -> dict[str, Any]:
        """What was entered by the names that form and record share; the age is left out."""
        values: dict[str, Any] = {
            "operation_date": self.operation_date,
            "operation_time": self.operation_time,
            "operation_status": self.operation_status,
            "fracture_level": self.fracture_level,
            **{criterion.value: answer.value for criterion, answer in self.answers.items()},
        }
        for field, beside in RONG_2025.provenances.items():
            entered = self[field]
            values |= {field: entered.value, beside.date_field: entered.source_date}
            if beside.quantity:
                values[beside.typed_field] = entered.typed
            if beside.site_field:
                values[beside.site_field] = entered.site
            if beside.unit_field:
                # Another unit is never entered: forms and files refuse it.
                values[beside.unit_field] = RONG_2025.numeric[field].unit
        return values

    def inputs(self, age_years: int) -> Inputs:
        """The predictors; raises PredictorError where one cannot be scored."""
        values = {field: entered.value for field, entered in self.inputs_by_field.items()}
        return RONG_2025.inputs({AGE.field: age_years, **values})


@dataclass(frozen=True, kw_only=True)
class OutcomeEntry:
    """Pain at one time point: VAS 0 to 10 and its date, or a code for why there is none.

    ``new_fracture``: whether another vertebra fractured up to day 30; None where it is open.
    """

    time_point: int
    vas: int | None
    measured_on: date | None
    not_evaluable: str = ""
    new_fracture: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a request comes from, for the access log."""

    address: str | None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One press of a save button; the token makes a second press of the same form harmless."""

    token: UUID
    origin: Origin
