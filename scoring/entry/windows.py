"""Plausible days: how far a date may lie from the operation before it is asked about.

Outside a window a date is possible, but more often a slip of year or month. One table for the
forms, commands and imports; docs/model.md shows it with the reasons.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from scoring.nomogram.rong2025.model import MVH, POSTERIOR_FASCIA_EDEMA, RONG_2025, TRAUMA_HISTORY


class Window(NamedTuple):
    """The first and the last plausible day, both included; negative before the operation."""

    first: int
    last: int


# Days of the operation from the day of the entry.
OPERATION = Window(-90, 90)
# Days from the operation, by the field of the date.
SOURCES: Mapping[str, Window] = MappingProxyType(
    {
        "dxa_date": Window(-365, 0),
        "trauma_history_date": Window(-90, 0),
        "mri_date": Window(-90, 0),
        "pdw_date": Window(-30, 0),
        "chloride_date": Window(-30, 0),
        "radiograph_date": Window(1, 3),
    }
)
# Days from the operation that still count as the time point, by its day.
VAS: Mapping[int, Window] = MappingProxyType({3: Window(2, 5), 30: Window(23, 44)})


class Doubt(StrEnum):
    """Why a day that is possible is asked about."""

    OPERATION_FAR = "operation_far"
    SOURCE_FAR = "source_far"
    MRI_BEFORE_TRAUMA = "mri_before_trauma"
    RADIOGRAPH_NOT_YET = "radiograph_not_yet"


class DoubtfulDay(NamedTuple):
    """A day to confirm; ``days`` from the operation, or of the operation from the entry."""

    doubt: Doubt
    field: str
    day: date
    days: int

    @property
    def key(self) -> str:
        """What is confirmed with it: of the operation its day, of others its distance too."""
        of_source = "" if self.doubt is Doubt.OPERATION_FAR else f" {self.days}"
        return f"{self.doubt} {self.field} {self.day}{of_source}"


def doubtful_days(
    entered: Mapping[str, Any], entered_on: date, *, found_on: date | None = None
) -> Iterator[DoubtfulDay]:
    """All days to confirm of what was entered on a day, in the order of the form.

    ``entered``: by field, as ``AssessmentEntry.recorded`` names them; what is open is left out.
    ``found_on``: the day the finding of the radiograph was entered, where that is another one.
    """
    operation: date | None = entered.get("operation_date")
    if operation is None:
        return
    from_entry = (operation - entered_on).days
    if not _is_within(from_entry, OPERATION):
        yield DoubtfulDay(Doubt.OPERATION_FAR, "operation_date", operation, from_entry)
    for beside in RONG_2025.provenances.values():
        field = beside.date_field
        day: date | None = entered.get(field)
        if day is None:
            continue
        days = (day - operation).days
        if not _is_within(days, SOURCES[field]):
            yield DoubtfulDay(Doubt.SOURCE_FAR, field, day, days)
    yield from _mri_before_trauma(entered, operation)
    found_on = found_on or entered_on
    days = (found_on - operation).days
    if _is_too_early(entered, days):
        field = RONG_2025.provenances[MVH.field].date_field
        yield DoubtfulDay(Doubt.RADIOGRAPH_NOT_YET, field, found_on, days)


def _is_within(days: int, window: Window) -> bool:
    return window.first <= days <= window.last


def _mri_before_trauma(entered: Mapping[str, Any], operation: date) -> Iterator[DoubtfulDay]:
    trauma, mri = (
        entered.get(RONG_2025.provenances[predictor.field].date_field)
        for predictor in (TRAUMA_HISTORY, POSTERIOR_FASCIA_EDEMA)
    )
    if trauma is not None and mri is not None and mri < trauma:
        yield DoubtfulDay(Doubt.MRI_BEFORE_TRAUMA, "mri_date", mri, (mri - operation).days)


def _is_too_early(entered: Mapping[str, Any], days: int) -> bool:
    """Whether a finding of the radiograph without its day is entered before there can be one."""
    beside = RONG_2025.provenances[MVH.field]
    is_undated = entered.get(beside.date_field) is None
    is_known = entered.get(MVH.field) is not None
    return is_known and is_undated and days < SOURCES[beside.date_field].first
