"""What the history can be narrowed down to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from scoring.models import Assessment
from scoring.models.codes import State
from scoring.nomogram.publication import CUTOFF
from scoring.queries.days import within
from scoring.queries.record import assessments
from scoring.queries.search import matching


class Listed(StrEnum):
    """The state a list shows: superseded comes before what a version is in itself."""

    CURRENT = "current"
    PROVISIONAL = "provisional"
    FINAL = "final"
    VOIDED = "voided"
    SUPERSEDED = "superseded"


class Side(StrEnum):
    """Where a risk stands to the study's cut-off."""

    AT_OR_ABOVE = "at_or_above"
    BELOW = "below"
    DEPENDS = "depends"


@dataclass(frozen=True, kw_only=True)
class HistoryFilter:
    """What the history is narrowed down to; None and "" leave everything in.

    Days are those of the ward's own time zone, both included. ``model`` is identifier and
    version. ``text`` is what ``matching`` finds.
    """

    assessed_from: date | None = None
    assessed_to: date | None = None
    state: Listed | None = None
    cutoff: Side | None = None
    clinician_id: int | None = None
    outcome: str = ""
    population: str = ""
    model: tuple[str, str] | None = None
    text: str = ""

    def found(self) -> QuerySet[Assessment]:
        """The versions that fit, newest first."""
        return assessments().filter(
            within("created_at", self.assessed_from, self.assessed_to),
            _in_state(self.state),
            _at_cutoff(self.cutoff),
            self._plain(),
            matching(self.text),
        )

    def _plain(self) -> Q:
        chosen = Q()
        if self.clinician_id is not None:
            chosen &= Q(created_by_id=self.clinician_id)
        if self.outcome:
            # The outcome of a voided assessment is not counted.
            chosen &= Q(chain__rbp=self.outcome) & ~Q(chain__state=State.VOIDED)
        if self.population:
            chosen &= Q(population=self.population)
        if self.model is not None:
            identifier, version = self.model
            chosen &= Q(model_identifier=identifier, model_version=version)
        return chosen


def _in_state(state: Listed | None) -> Q:
    match state:
        case None:
            return Q()
        case Listed.CURRENT:
            return Q(current_of__isnull=False)
        case Listed.SUPERSEDED:
            return Q(superseded_by__isnull=False)
        case Listed.VOIDED:
            # Few among many: the index of voided versions finds them.
            return Q(current_of__isnull=False, state=State.VOIDED)
        case Listed.PROVISIONAL | Listed.FINAL:
            # By the chain's own column, which has an index of the provisional ones.
            return Q(current_of__state=State(state.value))


def _at_cutoff(side: Side | None) -> Q:
    match side:
        case None:
            return Q()
        case Side.AT_OR_ABOVE:
            return Q(risk_min__gte=CUTOFF)
        case Side.BELOW:
            return Q(risk_max__lt=CUTOFF)
        case Side.DEPENDS:
            return Q(risk_min__lt=CUTOFF, risk_max__gte=CUTOFF)
