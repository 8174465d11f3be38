"""Outcomes as pages show them: versions, what is current, when each is due, who died."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from scoring.entry.ids import uuid_in
from scoring.models import AssessmentChain, Outcome, Patient
from scoring.models.codes import NotEvaluable, State, TimePoint
from scoring.models.outcome import window_cautions


def outcome_versions(chain: AssessmentChain, time_point: TimePoint) -> QuerySet[Outcome]:
    """Every version of one outcome, the current one first."""
    return Outcome.objects.filter(chain=chain, time_point=time_point).order_by("-version")


def current_outcome(chain: AssessmentChain, time_point: TimePoint) -> Outcome | None:
    """The current outcome, None where there is none yet, or it was undone."""
    latest = outcome_versions(chain, time_point).first()
    return None if latest is None or latest.withdrawn else latest


def _died_outcomes() -> QuerySet[Outcome]:
    """The outcomes that stand and say that somebody died; those of voided assessments do not."""
    died = Outcome.objects.filter(superseded_by=None, not_evaluable=NotEvaluable.DIED)
    return died.exclude(chain__state=State.VOIDED)


def death_of(patient: Patient) -> Outcome | None:
    """What says that a patient died, as pages ask for it; None where nothing does."""
    ended = Outcome.objects.filter(not_evaluable=NotEvaluable.DIED)
    # Most patients live, and a statement that only asks for that is made sooner.
    if not ended.filter(chain__current__patient=patient).exists():
        return None
    died = _died_outcomes().filter(chain__current__patient=patient).order_by("created_at")
    return died.only("chain", "time_point", "created_at", "created_by_name").first()


@dataclass(frozen=True)
class TimePointOutcome:
    """The outcome of one time point: the current one, and when it is due."""

    time_point: TimePoint
    due: date
    versions: list[Outcome]

    @property
    def current(self) -> Outcome | None:
        """The current outcome, None where there is none yet, or it was undone."""
        latest = self.versions[0] if self.versions else None
        return None if latest is None or latest.withdrawn else latest

    @property
    def is_offered(self) -> bool:
        """Whether there can be a VAS yet: not before the day after the operation."""
        return timezone.localdate() > self.due - timedelta(days=self.time_point)

    @property
    def was_corrected(self) -> bool:
        """Whether the current outcome replaced another."""
        return len(self.versions) > 1

    @property
    def cautions(self) -> list[dict[str, object]]:
        """The caution about its day, by the current operation date."""
        if self.current is None:
            return []
        operated_on = self.due - timedelta(days=self.time_point)
        return window_cautions(self.time_point, self.current.measured_on, operated_on)


def outcomes_of(chain: AssessmentChain) -> list[TimePointOutcome]:
    """Both time points of a chain with every version of their outcomes."""
    return by_time_point(chain, Outcome.objects.filter(chain=chain).order_by("-version"))


def by_time_point(chain: AssessmentChain, found: Iterable[Outcome]) -> list[TimePointOutcome]:
    """Both time points of a chain, each with its outcomes among those that were found."""
    operated_on = chain.operation_date
    if operated_on is None:
        return []
    outcomes = [outcome for outcome in found if outcome.chain_id == chain.pk]
    return [
        TimePointOutcome(
            time_point=time_point,
            due=operated_on + timedelta(days=time_point),
            versions=[outcome for outcome in outcomes if outcome.time_point == time_point],
        )
        for time_point in TimePoint
    ]


def outcome_by_id(pk: str, chain: AssessmentChain, time_point: TimePoint) -> Outcome | None:
    """The outcome a form was filled in beside; None where there was none, or the text is no id."""
    found = uuid_in(pk)
    return None if found is None else outcome_versions(chain, time_point).filter(pk=found).first()
