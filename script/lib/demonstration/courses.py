"""Three years of a ward, drawn at random: the same for the same seed and the same day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from scoring.entry.rules import completed_years
from scoring.models.codes import ENDS_FOLLOW_UP, RBP_VAS, Change, TimePoint
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from script.lib.demonstration.acts import Act, Course, OutcomeAct, VersionAct
from script.lib.demonstration.entries import before_the_radiograph, draw_entry, mistaken
from script.lib.demonstration.people import draw_patient
from script.lib.demonstration.texts import texts

PATIENTS = 700
OPERATED_AGAIN = 25
DAYS = 3 * 365
# Who makes assessments, by username; the first is the account one signs in with.
CLINICIANS = ("clinician", "clinician", "keller", "liang")
# Shares of the assessments.
_PROVISIONAL_FIRST, _PLANNED, _LATE_FINAL, _AMENDED = 0.6, 0.6, 0.01, 0.04
_DAY_3_LOST, _DAY_30_LOST, _CORRECTED = 0.015, 0.06, 0.01
# Days after the operation on which pain is asked for.
_DAY_3, _DAY_30 = (2, 3, 3, 3, 3, 4, 4), (27, 28, 29, 30, 30, 30, 31, 32, 33)


@dataclass(frozen=True)
class _Stage:
    """Operations a few days ago or ahead, and how many acts of each are done by today."""

    days_ago: tuple[int, ...]
    acts: int


# Today's worklist: planned, radiograph due, VAS due at day 3 and at day 30, the last one late.
_RECENT = (
    _Stage((-2, -1, -1, 0, 0), acts=1),
    _Stage((1, 1), acts=1),
    _Stage((2, 3, 3), acts=2),
    _Stage((5, 6, 7, 9, 11, 12, 14, 16, 19, 21, 23, 26, 29, 30, 30, 34), acts=3),
)
_RECENT_COUNT = sum(len(stage.days_ago) for stage in _RECENT)
# From here on everything about an operation is on record.
_SETTLED_DAYS = 45


def draw_courses(*, patients: int, operated_again: int, seed: int, today: date) -> list[Course]:
    """The assessments of so many patients; every act lies before ``today``.

    Raises ValueError where there are fewer patients than today's worklist needs.
    """
    fewest = _RECENT_COUNT + 2 * max(operated_again, 2)
    if patients < fewest:
        raise ValueError(f"there are at least {fewest} patients")
    random = Random(seed)  # noqa: S311 - made up on purpose, and the same on every run
    ward = _Ward(random, today, patients + operated_again, seed)
    days_ago = sorted(
        random.choices(range(_SETTLED_DAYS, DAYS), k=patients - _RECENT_COUNT), reverse=True
    )
    courses = [ward.course(number, ago) for number, ago in enumerate(days_ago, start=1)]
    # Of those operated first, so that there is time for another fracture.
    for number in random.sample(range(len(courses) // 2), operated_again):
        again = random.randint(_SETTLED_DAYS, max(_SETTLED_DAYS, days_ago[number] - 90))
        courses.append(ward.course(0, again, patient=courses[number].patient))
    courses[-1] = ward.voided(courses[-1])
    courses[-2] = ward.reinstated(courses[-2])
    recent = [(ago, stage.acts) for stage in _RECENT for ago in stage.days_ago]
    for number, (ago, acts) in enumerate(sorted(recent, reverse=True), start=len(days_ago) + 1):
        course = ward.course(number, ago, is_recent=True)
        courses.append(replace(course, acts=course.acts[:acts]))
    return courses


class _Ward:
    """Draws one course after the other."""

    def __init__(self, random: Random, today: date, count: int, seed: int) -> None:
        self._random = random
        self._today = today
        self._cohort = synthetic_cohort(count, seed).cohort
        self._places = iter(range(count))

    def course(
        self,
        number: int,
        days_ago: int,
        *,
        patient: PatientEntry | None = None,
        is_recent: bool = False,
    ) -> Course:
        """A patient operated so many days ago; a recent one is assessed before the operation."""
        random, place = self._random, next(self._places)
        operated_on = self._today - timedelta(days=days_ago)
        is_provisional = is_recent or random.random() < _PROVISIONAL_FIRST
        is_planned = is_provisional and (is_recent or random.random() < _PLANNED)
        seen_on = min(
            operated_on - timedelta(days=random.randint(1, 3) if is_planned else 0),
            self._today - timedelta(days=1),
        )
        age_years = int(self._cohort["age_years"][place])
        known = patient or draw_patient(random, number, age_years=age_years, on=operated_on)
        entry = draw_entry(random, self._cohort, place, operated_on=operated_on, seen_on=seen_on)
        if known.birth_date is None:
            entry = replace(entry, age_years=age_years)
        else:
            age_years = completed_years(known.birth_date, operated_on)
        begun_on = seen_on if is_provisional else None
        versions = self._versions(entry, begun_on, is_planned=is_planned, is_settled=not is_recent)
        risk = RONG_2025.assess(entry.inputs(age_years)).scenarios[0].risk
        outcomes = self._outcomes(entry.operation_date, risk, is_settled=not is_recent)
        acts = sorted([*versions, *outcomes], key=lambda act: act.at)
        return Course(patient=known, acts=tuple(acts))

    def _versions(
        self, entry: AssessmentEntry, begun_on: date | None, *, is_planned: bool, is_settled: bool
    ) -> Iterator[Act]:
        """The first version, the one after the radiograph, and the amendment of a slip."""
        random = self._random
        known, reason = entry, ""
        if is_settled and random.random() < _AMENDED:
            known, reason = mistaken(random, entry)
        final_on = entry.operation_date + timedelta(days=1)
        if begun_on is None:
            yield self._version(Change.NEW, final_on, known)
        else:
            first = before_the_radiograph(known, is_planned=is_planned)
            yield self._version(Change.NEW, begun_on, first)
            if is_settled and random.random() < _LATE_FINAL:
                final_on += timedelta(days=6)
            yield self._version(Change.COMPLETE, final_on, known)
        if reason:
            amended_on = final_on + timedelta(days=random.randint(1, 12))
            yield self._version(Change.AMEND, amended_on, entry, reason)

    def _outcomes(self, operated_on: date, risk: float, *, is_settled: bool) -> Iterator[Act]:
        """Pain as likely as the model says: 4 or more at both time points, else not at both."""
        random = self._random
        has_pain = random.random() < risk
        vas_3 = random.randint(RBP_VAS, 8) if has_pain else random.choice((0, 1, 2, 2, 3, 3, 4, 5))
        vas_30 = random.randint(RBP_VAS, 7) if has_pain else random.choice((0, 0, 1, 1, 2, 2, 3))
        for time_point, vas, days, lost in (
            (TimePoint.DAY_3, vas_3, _DAY_3, _DAY_3_LOST),
            (TimePoint.DAY_30, vas_30, _DAY_30, _DAY_30_LOST),
        ):
            day = operated_on + timedelta(days=random.choice(days))
            if is_settled and random.random() < lost:
                reasons = ENDS_FOLLOW_UP if time_point is TimePoint.DAY_30 else ("lost",)
                yield self._outcome(
                    day,
                    OutcomeEntry(
                        time_point=time_point.value,
                        vas=None,
                        measured_on=None,
                        not_evaluable=str(random.choice(reasons)),
                    ),
                )
                continue
            measured = OutcomeEntry(time_point=time_point.value, vas=vas, measured_on=day)
            if is_settled and random.random() < _CORRECTED:
                yield self._outcome(day, replace(measured, vas=vas + 1))
                reason = texts().vas_slip
                yield self._outcome(day + timedelta(days=1), measured, reason)
            else:
                yield self._outcome(day, measured)

    def voided(self, course: Course) -> Course:
        """The same course, voided on the day after its first version and left there."""
        first, *_ = _versions_of(course)
        return replace(course, acts=(first, self._next(first, Change.VOID, texts().voided)))

    def reinstated(self, course: Course) -> Course:
        """The same course, voided by mistake after everything else, and reinstated."""
        *_, last = _versions_of(course)
        last = replace(last, at=course.acts[-1].at)
        void = self._next(last, Change.VOID, texts().voided_by_mistake)
        back = self._next(void, Change.REINSTATE, texts().reinstated)
        return replace(course, acts=(*course.acts, void, back))

    def _next(self, after: VersionAct, change: Change, reason: str) -> VersionAct:
        day = timezone.localtime(after.at).date() + timedelta(days=1)
        return self._version(change, day, after.entry, reason)

    def _version(
        self, change: Change, day: date, entry: AssessmentEntry, reason: str = ""
    ) -> VersionAct:
        return VersionAct(
            at=self._moment(day),
            by=self._random.choice(CLINICIANS),
            token=_uuid(self._random),
            change=change,
            entry=entry,
            reason=reason,
        )

    def _outcome(self, day: date, entry: OutcomeEntry, reason: str = "") -> OutcomeAct:
        return OutcomeAct(
            at=self._moment(day),
            by=self._random.choice(CLINICIANS),
            token=_uuid(self._random),
            entry=entry,
            reason=reason,
        )

    def _moment(self, day: date) -> datetime:
        """A moment of the working hours of a day."""
        random = self._random
        of_day = time(random.randint(8, 17), random.randrange(60), random.randrange(60))
        return timezone.make_aware(datetime.combine(day, of_day))


def _versions_of(course: Course) -> list[VersionAct]:
    return [act for act in course.acts if isinstance(act, VersionAct)]


def _uuid(random: Random) -> UUID:
    """A random UUID, the same on every run."""
    return UUID(int=random.getrandbits(128), version=4)
