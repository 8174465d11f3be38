"""Drawn outcomes as rows: pain at day 3 and day 30, as likely as the model says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.models.codes import ENDS_FOLLOW_UP, RBP_VAS, Answered, TimePoint
from script.lib.seeding import cells
from script.lib.seeding.bulk import NULL
from script.lib.seeding.drawing import Clock, Flags, Ints

# How often pain is recorded at all, how often it cannot be told, how often it is corrected.
RECORDED = {TimePoint.DAY_3: 0.92, TimePoint.DAY_30: 0.85}
NOT_EVALUABLE = {TimePoint.DAY_3: 0.01, TimePoint.DAY_30: 0.04}
CORRECTED = 0.005
# Days after the operation on which a patient is asked, first and last.
ASKED = {TimePoint.DAY_3: (2, 5), TimePoint.DAY_30: (26, 36)}
CORRECTION_US = 3_600_000_000


@dataclass(frozen=True)
class Outcomes:
    """Rows of outcomes, and what the chains' own columns say of them."""

    columns: dict[str, list[str]]
    of_chains: dict[str, list[str]]


def outcomes_of(
    rng: np.random.Generator,
    *,
    chain_ids: list[str],
    operation_day: Ints,
    risk: NDArray[np.float64],
    voided: Flags,
    clock: Clock,
    staff: list[tuple[int, str]],
) -> Outcomes:
    """The outcomes of some chains; ``risk`` is that of their current versions."""
    count = len(chain_ids)
    pain = rng.random(count) < risk
    # With residual back pain both are 4 or more, without it the second is not.
    vas = {
        TimePoint.DAY_3: np.where(pain, rng.integers(RBP_VAS, 9, count), rng.integers(0, 7, count)),
        TimePoint.DAY_30: np.where(
            pain, rng.integers(RBP_VAS, 9, count), rng.integers(0, RBP_VAS, count)
        ),
    }
    columns: dict[str, list[str]] = {}
    of_chains: dict[str, list[str]] = {}
    first_us = np.full(count, np.iinfo(np.int64).max)
    ended = np.zeros(count, dtype=bool)
    for time_point in TimePoint:
        first, last = ASKED[time_point]
        day = operation_day + rng.integers(first, last + 1, count)
        at = clock.moments(rng, day)
        recorded = (rng.random(count) < RECORDED[time_point]) & ~voided
        recorded &= at + CORRECTION_US <= clock.now_us
        measured = rng.random(count) >= NOT_EVALUABLE[time_point]
        rows = _rows(
            rng, time_point, np.flatnonzero(recorded), vas[time_point], day, at, measured, staff
        )
        rows["chain_id"] = [chain_ids[int(place)] for place in rows["chain_id"]]
        for name, column in rows.items():
            columns.setdefault(name, []).extend(column)
        states = [Answered.OPEN.value, Answered.NOT_EVALUABLE.value, Answered.MEASURED.value]
        place = np.where(recorded, np.where(measured, 2, 1), 0)
        of_chains[f"day_{time_point}"] = cells.picked(states, place)
        known = recorded & measured
        of_chains[f"vas_day_{time_point}"] = cells.where(known, cells.whole(vas[time_point]))
        of_chains[f"vas_day_{time_point}_on"] = cells.where(known, cells.days(day))
        # For whichever of the reasons: each that is drawn ends the follow-up.
        ended |= recorded & ~measured
        first_us = np.where(known, np.minimum(first_us, at), first_us)
    is_known = first_us <= clock.now_us
    of_chains["vas_known_at"] = cells.where(
        is_known, cells.moments(np.where(is_known, first_us, clock.now_us))
    )
    of_chains["follow_up_ended"] = cells.either(ended, "t", "f")
    return Outcomes(columns, of_chains)


def _rows(
    rng: np.random.Generator,
    time_point: TimePoint,
    chain: Ints,
    vas: Ints,
    day: Ints,
    at: Ints,
    measured: Flags,
    staff: list[tuple[int, str]],
) -> dict[str, list[str]]:
    """First versions, and for a few of them the correction: the first one was a point higher."""
    corrected = np.flatnonzero((rng.random(len(chain)) < CORRECTED) & measured[chain])
    is_wrong = np.zeros(len(chain), dtype=bool)
    is_wrong[corrected] = True
    of = np.concatenate([chain, chain[corrected]])
    second = np.arange(len(of)) >= len(chain)
    shown = vas[of] + np.concatenate([is_wrong, np.zeros(len(corrected), dtype=bool)])
    ids = cells.uuids(rng, len(of))
    author = rng.integers(0, len(staff), len(of))
    why = rng.integers(0, len(ENDS_FOLLOW_UP), len(of))
    codes = np.where(measured[of], len(ENDS_FOLLOW_UP), why)
    return {
        "id": ids,
        "chain_id": cells.whole(of),
        "time_point": [str(time_point.value)] * len(of),
        "version": cells.either(second, "2", "1"),
        "supersedes_id": [NULL] * len(chain) + [ids[place] for place in corrected.tolist()],
        "supersedes_version": cells.where(second, ["1"] * len(of)),
        "vas": cells.where(measured[of], cells.whole(shown)),
        "measured_on": cells.where(measured[of], cells.days(day[of])),
        "not_evaluable": cells.picked([*ENDS_FOLLOW_UP, ""], codes),
        "cautions": ["[]"] * len(of),
        "reason": cells.either(second, "Misread by one point", ""),
        "form_token": cells.uuids(rng, len(of)),
        "created_at": cells.moments(at[of] + np.where(second, CORRECTION_US, 0)),
        "created_by_id": cells.picked([str(pk) for pk, _ in staff], author),
        "created_by_name": cells.picked([name for _, name in staff], author),
    }
