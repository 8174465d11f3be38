"""The history: every version on record, and what it can be narrowed down to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.db.models import Case, F, Q, QuerySet, When

from scoring.models import Assessment
from scoring.models.codes import UNCOUNTED, State
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import keyset
from scoring.queries.days import within
from scoring.queries.keyset import Cursor, Hits, ListPage
from scoring.queries.need_to_know import seen
from scoring.queries.record import listed_assessments
from scoring.queries.search import Search, search

# A former version may be of another patient than the assessment is now, and so are its outcomes.
# As a choice: of an equality the planner expects one row in all, and then reads every row first.
_HAS_ITS_OUTCOME = Q(Case(When(patient=F("chain__current__patient"), then=True), default=False))


class DisplayState(StrEnum):
    """The state a list shows: superseded comes before what a version is in itself."""

    CURRENT = "current"
    PROVISIONAL = "provisional"
    NO_RADIOGRAPH = "no_radiograph"
    FINAL = "final"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    SUPERSEDED = "superseded"


class CutoffSide(StrEnum):
    """Where a risk stands to the study's cut-off."""

    AT_OR_ABOVE = "at_or_above"
    BELOW = "below"
    DEPENDS = "depends"


@dataclass(frozen=True, kw_only=True)
class HistoryFilter:
    """What the history is narrowed down to; None and "" leave everything in.

    Days are those of the ward's own time zone, both included. ``model`` is identifier and
    version, ``recalibration`` the number of a version adjusted to this hospital. ``text`` is what
    ``search`` finds, with ``birth_date`` where it is a date.
    """

    assessed_from: date | None = None
    assessed_to: date | None = None
    state: DisplayState | None = None
    cutoff: CutoffSide | None = None
    clinician_id: int | None = None
    outcome: str = ""
    population: str = ""
    model: tuple[str, str] | None = None
    recalibration: int | None = None
    text: str = ""
    birth_date: date | None = None
    # What else must hold of a version.
    also: Q = field(default_factory=Q, repr=False)
    # By the limit of whoever asks, even where rows are read after the request.
    seen: Q = field(default_factory=lambda: seen("patient__"), init=False, repr=False)

    @cached_property
    def _search(self) -> Search:
        return search(self.text, self.birth_date)

    def found(self) -> QuerySet[Assessment]:
        """The versions that fit, newest first."""
        return listed_assessments().filter(self._fits(), self._search.paged)

    def page(
        self, *, size: int, before: Cursor | None = None, after: Cursor | None = None
    ) -> ListPage[Assessment]:
        """Some of those that fit: the newest, or those beside a cursor."""
        return keyset.page(self.found(), moment="created_at", size=size, before=before, after=after)

    def streamed(self, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
        """The columns of every version found, newest first, read as they are consumed."""
        return keyset.streamed(self.found(), moment="created_at", columns=columns)

    def shuffled(self, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
        """The same in the order of random ids: the order of dates would tell dates."""
        found = self.found().order_by("chain_id", "version")
        return keyset.streamed(found, moment="created_at", columns=columns)

    def hits(self, limit: int = keyset.COUNTED_TO) -> Hits:
        """How many fit, counted up to a limit."""
        listed, fits = listed_assessments(), self._fits()
        return keyset.hits(*(listed.filter(fits, q) for q in self._search.counted), limit=limit)

    def _fits(self) -> Q:
        days = within("created_at", self.assessed_from, self.assessed_to)
        chosen = days & _in_state(self.state) & _at_cutoff(self.cutoff)
        return chosen & self._plain() & self.also & self.seen

    def _plain(self) -> Q:
        chosen = Q()
        if self.clinician_id is not None:
            chosen &= Q(created_by_id=self.clinician_id)
        if self.outcome:
            # By the join that tells the state where there is one: a second join to the same rows
            # would only mislead the planner.
            is_current = self.state not in {None, DisplayState.SUPERSEDED}
            chain = "current_of" if is_current else "chain"
            counted = ~Q(**{f"{chain}__state__in": UNCOUNTED})
            chosen &= Q(**{f"{chain}__rbp": self.outcome}) & counted
            if not is_current:
                chosen &= _HAS_ITS_OUTCOME
        if self.population:
            chosen &= Q(population=self.population)
        if self.model is not None:
            identifier, version = self.model
            chosen &= Q(model_identifier=identifier, model_version=version)
        if self.recalibration is not None:
            chosen &= Q(recalibrated__recalibration__number=self.recalibration)
        return chosen


def _in_state(state: DisplayState | None) -> Q:
    match state:
        case None:
            return Q()
        case DisplayState.CURRENT:
            return Q(current_of__isnull=False)
        case DisplayState.SUPERSEDED:
            return Q(superseded_by__isnull=False)
        case DisplayState.VOIDED | DisplayState.CANCELLED | DisplayState.NO_RADIOGRAPH:
            # Few among many: the index of voided versions finds them.
            return Q(current_of__isnull=False, state=State(state.value))
        case DisplayState.PROVISIONAL | DisplayState.FINAL:
            # By the chain's own column, which has an index of the provisional ones.
            return Q(current_of__state=State(state.value))


def _at_cutoff(side: CutoffSide | None) -> Q:
    match side:
        case None:
            return Q()
        case CutoffSide.AT_OR_ABOVE:
            return Q(risk_min__gte=RONG_2025.cutoff)
        case CutoffSide.BELOW:
            return Q(risk_max__lt=RONG_2025.cutoff)
        case CutoffSide.DEPENDS:
            return Q(risk_min__lt=RONG_2025.cutoff, risk_max__gte=RONG_2025.cutoff)
