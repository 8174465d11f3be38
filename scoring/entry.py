"""What a clinician enters, as domain types: forms and files make these, actions record them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.rong2025.model import RONG_2025


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
class Measured:
    """A number as read and as it was typed ("12,8" is 12.8), with the date of its source."""

    value: Decimal
    entered: str
    source_date: date | None


@dataclass(frozen=True, kw_only=True)
class AssessmentEntry:
    """Everything about one assessment but whose it is and who made it.

    ``age_years`` is set only where the birth date is not known; PDW is in fL, chloride in mmol/L.
    """

    operation_date: date
    operation_time: time | None
    operation_status: str
    fracture_level: str
    answers: Mapping[Criterion, Answer]
    age_years: int | None
    t_score: Measured
    dxa_site: str
    trauma_history: bool
    trauma_history_date: date | None
    posterior_fascia_edema: bool
    mri_date: date | None
    pdw: Measured
    chloride: Measured
    mvh_restored: bool | None
    radiograph_date: date | None

    def inputs(self, age_years: int) -> Inputs:
        """The seven predictors; raises PredictorError where one cannot be scored."""
        return RONG_2025.inputs(
            {
                "age_years": age_years,
                "t_score": self.t_score.value,
                "trauma_history": self.trauma_history,
                "posterior_fascia_edema": self.posterior_fascia_edema,
                "pdw_fl": self.pdw.value,
                "chloride_mmol_l": self.chloride.value,
                "mvh_restored": self.mvh_restored,
            }
        )


@dataclass(frozen=True, kw_only=True)
class OutcomeEntry:
    """Pain at one time point: VAS 0 to 10 and its date, or a code for why there is none."""

    time_point: int
    vas: int | None
    measured_on: date | None
    not_evaluable: str = ""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a request comes from, for the access log."""

    address: str | None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One press of a save button; the token makes a second press of the same form harmless."""

    token: UUID
    origin: Origin
