"""What the history can be narrowed down to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache

from django.db.models import Q
from django.utils import timezone

from scoring.models.codes import State
from scoring.nomogram.publication import CUTOFF
from scoring.queries.days import within
from scoring.queries.history import (
    ANYWHERE,
    COUNTED_TO,
    Cursor,
    Found,
    Hits,
    Page,
    first_page,
    found_keys,
    hits_by,
    hits_of,
    older_page,
    older_than,
    page_of,
)
from scoring.queries.listed import listing
from scoring.queries.prepared import Statement
from scoring.queries.record import assessments
from scoring.queries.search import Search, search


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
    version, ``recalibration`` the number of a version adjusted to this hospital. ``text`` is what
    ``search`` finds.
    """

    assessed_from: date | None = None
    assessed_to: date | None = None
    state: Listed | None = None
    cutoff: Side | None = None
    clinician_id: int | None = None
    outcome: str = ""
    population: str = ""
    model: tuple[str, str] | None = None
    recalibration: int | None = None
    text: str = ""

    @cached_property
    def _search(self) -> Search:
        return search(self.text)

    def found(self) -> Found:
        """The versions that fit, newest first."""
        return assessments().filter(self._fits(), self._search.paged)

    def page(self, *, size: int, before: Cursor | None, after: Cursor | None) -> Page:
        """Some of those that fit: the newest, or those beside a cursor."""
        if self.text or after is not None:
            return page_of(self.found(), size=size, before=before, after=after)
        if before is not None:
            return older_page(_older(self, size + 1, _zone()), before, size=size)
        return first_page(_newest(self, size + 1, _zone()), size=size)

    def hits(self, limit: int = COUNTED_TO) -> Hits:
        """How many fit, counted up to a limit."""
        if self.text:
            fitting = assessments().filter(self._fits(), self._search.counted)
            return hits_of(fitting, limit=limit)
        return hits_by(_keys(self, limit, _zone()), limit=limit)

    def _fits(self) -> Q:
        days = within("created_at", self.assessed_from, self.assessed_to)
        return days & _in_state(self.state) & _at_cutoff(self.cutoff) & self._plain()

    def _plain(self) -> Q:
        chosen = Q()
        if self.clinician_id is not None:
            chosen &= Q(created_by_id=self.clinician_id)
        if self.outcome:
            # By the join that tells the state where there is one: a second join to the same rows
            # would only mislead the planner.
            is_current = self.state not in {None, Listed.SUPERSEDED}
            chain = "current_of" if is_current else "chain"
            # The outcome of a voided assessment is not counted.
            counted = ~Q(**{f"{chain}__state": State.VOIDED})
            chosen &= Q(**{f"{chain}__rbp": self.outcome}) & counted
        if self.population:
            chosen &= Q(population=self.population)
        if self.model is not None:
            identifier, version = self.model
            chosen &= Q(model_identifier=identifier, model_version=version)
        if self.recalibration is not None:
            chosen &= Q(recalibrated__recalibration__number=self.recalibration)
        return chosen


# Searches without a text come again and again; what a text finds depends on the patients on record.
# When a day begins and ends depends on the time zone.
_zone = timezone.get_current_timezone_name


@lru_cache(maxsize=200)
def _newest(narrowed: HistoryFilter, rows: int, _zone: str) -> Statement:
    return listing(narrowed.found()[:rows])


@lru_cache(maxsize=200)
def _older(narrowed: HistoryFilter, rows: int, _zone: str) -> Statement:
    return listing(older_than(narrowed.found(), ANYWHERE)[:rows])


@lru_cache(maxsize=200)
def _keys(narrowed: HistoryFilter, limit: int, _zone: str) -> Statement:
    return found_keys(narrowed.found(), limit=limit)


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
