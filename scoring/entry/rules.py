"""Rules across fields, and what must be confirmed before saving, as codes.

Whatever takes entries calls these: a form, a command, an import. They hold no words.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from scoring.entry import AssessmentEntry, OutcomeEntry
from scoring.entry.windows import DoubtfulDay, doubtful_days
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.parts import Provenance, Timing
from scoring.nomogram.rong2025.model import AGE, BMD, RONG_2025, TRAUMA_HISTORY

EARLIEST_DAY = date(2000, 1, 1)
EARLIEST_BIRTH = date(1900, 1, 1)
LATEST_PLAN_DAYS = 365
DAY_3 = 3
# As long after saving, the one who saved may undo it; and the reasons that stand there then.
UNDO_TIME = timedelta(minutes=10)
UNDONE = "undone_within_ten_minutes"
RECORDED_ANEW = "recorded_after_undo"
PLANNED, DONE = "planned", "done"
# Why there is no VAS, where another vertebra fractured.
NEW_FRACTURE = "new_fracture"


class Rule(StrEnum):
    """What is wrong with fields that are sound each by itself."""

    OPERATION_DAY = "operation_day"
    DONE_BUT_AHEAD = "done_but_ahead"
    DONE_BUT_LATER = "done_but_later"
    PLANNED_BUT_PAST = "planned_but_past"
    AGE_AT_OPERATION = "age_at_operation"
    SOURCE_DAY = "source_day"
    SOURCE_AFTER_OPERATION = "source_after_operation"
    KNOWN_BEFORE_OPERATION = "known_before_operation"
    SOURCE_OF_UNKNOWN = "source_of_unknown"
    DAY_OF_NO_TRAUMA = "day_of_no_trauma"
    SOURCE_BEFORE_OPERATION = "source_before_operation"
    BIRTH_DAY = "birth_day"
    VAS_DAY = "vas_day"
    VAS_BESIDE_REASON = "vas_beside_reason"
    VAS_OPEN = "vas_open"
    NO_NEW_FRACTURE = "no_new_fracture"
    VAS_DAY_OPEN = "vas_day_open"
    DAY_3_VAS_LATE = "day_3_vas_late"
    DAY_30_VAS_EARLY = "day_30_vas_early"


class AskBack(StrEnum):
    """What is possible but unusual, and must be confirmed."""

    MOVED = "moved"
    SECOND_OF_OPERATION = "second_of_operation"
    EARLIER_SURGERY = "earlier_surgery"
    POSITIVE_T_SCORE = "positive_t_score"
    DOUBTFUL_DAY = "doubtful_day"
    AFTER_DEATH = "after_death"
    NOTHING_CHANGED = "nothing_changed"


class Asked(NamedTuple):
    """What must be confirmed; ``day`` where it is about a date."""

    code: AskBack
    day: DoubtfulDay | None = None


class BrokenRule(NamedTuple):
    """A rule that an entry breaks, and the ``field`` to correct; ``values`` are told with it."""

    rule: Rule
    field: str
    values: Mapping[str, Any] = MappingProxyType({})


def completed_years(birth_date: date, on: date) -> int:
    """Age in completed years; someone born on 29 February has birthday on 1 March otherwise."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def broken_rules(
    entered: Mapping[str, Any], *, birth_date: date | None, now: datetime
) -> Iterator[BrokenRule]:
    """All rules that what was entered breaks, in the order of the form.

    ``entered``: by field, as ``AssessmentEntry.recorded`` names them. What was not entered, or
    can't be read, is left out; the answer None is "not known yet". ``now`` is the ward's day and
    time.
    """
    today = now.date()
    operation: date | None = entered.get("operation_date")
    broken = operation_rule(operation, entered.get("operation_status"), today)
    if broken is not None:
        yield broken
        # Nothing is compared with a day that is refused.
        operation = None
    elif operation is not None and (later := operation_time_rule(entered, now)):
        yield later
    yield from _age(birth_date, operation)
    yield from _trauma(entered)
    for name, beside in RONG_2025.provenances.items():
        if beside.timing is Timing.AFTER:
            yield from _late(name, beside, entered, operation, today)
        else:
            yield from _source(beside, entered.get(beside.date_field), operation, today)


def operation_rule(day: date | None, status: str | None, today: date) -> BrokenRule | None:
    """The rule that the day of the operation breaks, if it breaks one."""
    if day is None:
        return None
    if not EARLIEST_DAY <= day <= today + timedelta(days=LATEST_PLAN_DAYS):
        return BrokenRule(Rule.OPERATION_DAY, "operation_date", {"earliest": EARLIEST_DAY})
    if status == DONE and day > today:
        return BrokenRule(Rule.DONE_BUT_AHEAD, "operation_date")
    if status == PLANNED and day < today:
        return BrokenRule(Rule.PLANNED_BUT_PAST, "operation_date")
    return None


def operation_time_rule(entered: Mapping[str, Any], now: datetime) -> BrokenRule | None:
    """An operation of today is not done before the time it is entered for."""
    at: time | None = entered.get("operation_time")
    is_today = entered.get("operation_date") == now.date()
    if at is None or not is_today or entered.get("operation_status") != DONE or at <= now.time():
        return None
    return BrokenRule(Rule.DONE_BUT_LATER, "operation_time")


def _trauma(entered: Mapping[str, Any]) -> Iterator[BrokenRule]:
    """A trauma that there was not has no date."""
    field = RONG_2025.provenances[TRAUMA_HISTORY.field].date_field
    if entered.get(TRAUMA_HISTORY.field) is False and entered.get(field) is not None:
        yield BrokenRule(Rule.DAY_OF_NO_TRAUMA, field)


def _age(birth_date: date | None, operation: date | None) -> Iterator[BrokenRule]:
    if birth_date is not None and operation is not None:
        age_years = completed_years(birth_date, operation)
        try:
            AGE.check(age_years)
        except PredictorError:
            yield BrokenRule(Rule.AGE_AT_OPERATION, AGE.field, {"age": age_years})


def _source(
    beside: Provenance, day: date | None, operation: date | None, today: date
) -> Iterator[BrokenRule]:
    """A source lies behind; what the model takes from before the operation lies before it."""
    if day is None:
        return
    if not EARLIEST_DAY <= day <= today:
        yield BrokenRule(Rule.SOURCE_DAY, beside.date_field, {"earliest": EARLIEST_DAY})
    elif beside.timing is Timing.BEFORE and operation is not None and day > operation:
        yield BrokenRule(Rule.SOURCE_AFTER_OPERATION, beside.date_field)


def late_source_rule(
    beside: Provenance, day: date, operation: date | None, today: date
) -> BrokenRule | None:
    """What is found after the operation is not of a day before it, nor of one to come."""
    if day <= today and (operation is None or day >= operation):
        return None
    return BrokenRule(Rule.SOURCE_BEFORE_OPERATION, beside.date_field)


def _late(
    name: str,
    beside: Provenance,
    entered: Mapping[str, Any],
    operation: date | None,
    today: date,
) -> Iterator[BrokenRule]:
    day: date | None = entered.get(beside.date_field)
    if entered.get("operation_status") == PLANNED and entered.get(name) is not None:
        yield BrokenRule(Rule.KNOWN_BEFORE_OPERATION, name)
    if day is None:
        return
    if name in entered and entered[name] is None:
        yield BrokenRule(Rule.SOURCE_OF_UNKNOWN, beside.date_field)
    elif broken := late_source_rule(beside, day, operation, today):
        yield broken


def birth_day_rule(day: date, today: date) -> BrokenRule | None:
    """Nobody is born before 1900 or after today."""
    if EARLIEST_BIRTH <= day <= today:
        return None
    return BrokenRule(Rule.BIRTH_DAY, "birth_date", {"earliest": EARLIEST_BIRTH})


def outcome_rule(
    entry: OutcomeEntry, *, operated_on: date, other: date | None, today: date
) -> BrokenRule | None:
    """The first rule that an outcome breaks; ``other`` is the day of the other time point's VAS."""
    day = entry.measured_on
    if day is not None and not operated_on < day <= today:
        return BrokenRule(Rule.VAS_DAY, "measured_on")
    if entry.not_evaluable == NEW_FRACTURE and entry.new_fracture is False:
        return BrokenRule(Rule.NO_NEW_FRACTURE, "not_evaluable")
    if entry.not_evaluable:
        is_measured = entry.vas is not None or day is not None
        return BrokenRule(Rule.VAS_BESIDE_REASON, "not_evaluable") if is_measured else None
    if entry.vas is None:
        return BrokenRule(Rule.VAS_OPEN, "vas")
    if day is None:
        return BrokenRule(Rule.VAS_DAY_OPEN, "measured_on")
    return vas_order_rule(entry.time_point, day, other)


def vas_order_rule(time_point: int, day: date | None, other: date | None) -> BrokenRule | None:
    """The VAS of day 3 lies before that of day 30, where both are known."""
    if day is None or other is None:
        return None
    if time_point == DAY_3 and day >= other:
        return BrokenRule(Rule.DAY_3_VAS_LATE, "measured_on", {"other": other})
    if time_point != DAY_3 and day <= other:
        return BrokenRule(Rule.DAY_30_VAS_EARLY, "measured_on", {"other": other})
    return None


def asked_back(
    entry: AssessmentEntry,
    *,
    today: date,
    before: AssessmentEntry | None = None,
    is_moved: bool = False,
    is_second: bool = False,
    had_surgery: bool = False,
    has_died: bool = False,
    is_same_patient: bool = False,
) -> Iterator[Asked]:
    """What to ask about a sound entry.

    ``before`` is what an amendment corrects: what stood there already is not asked about again.
    ``is_moved``: it goes to another patient; ``is_second``: another assessment is of the same
    operation of the patient; ``had_surgery``: an earlier PKP of the patient is on record;
    ``has_died``: death of the patient is on record; ``is_same_patient``:
    with the date of birth that the amended version was made with.
    """
    if has_died and before is None:
        yield Asked(AskBack.AFTER_DEATH)
    if is_same_patient and entry == before:
        yield Asked(AskBack.NOTHING_CHANGED)
    if is_moved:
        yield Asked(AskBack.MOVED)
    if is_second:
        yield Asked(AskBack.SECOND_OF_OPERATION)
    surgery = entry.answers[Criterion.PREVIOUS_SPINAL_SURGERY]
    is_new = before is None or before.answers[Criterion.PREVIOUS_SPINAL_SURGERY] != surgery
    if had_surgery and surgery is Answer.NO and is_new:
        yield Asked(AskBack.EARLIER_SURGERY)
    t_score = entry[BMD.field].number
    if t_score > 0 and (before is None or before[BMD.field].number != t_score):
        yield Asked(AskBack.POSITIVE_T_SCORE)
    known = [] if before is None else list(doubtful_days(before.recorded(), today))
    for day in doubtful_days(entry.recorded(), today):
        if day not in known:
            yield Asked(AskBack.DOUBTFUL_DAY, day)
