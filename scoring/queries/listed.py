"""A version as lists show it: plain values of a few columns, since lists show many of them."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from scoring.models import Assessment
from scoring.queries.prepared import Statement


class ListedVersion(NamedTuple):
    """What a row of a list is made from.

    Totals are points, risks 0 to 1; "restored" and "not restored" say with which middle vertebral
    height, and only one of the two is there once that is known.
    """

    id: UUID
    created_at: datetime
    created_by_name: str
    state: str
    operation_date: date
    fracture_level: str
    age_years: int
    restored_total_points: float | None
    not_restored_total_points: float | None
    restored_risk: float | None
    not_restored_risk: float | None
    family_name: str
    given_name: str
    hospital_number: str
    birth_date: date | None
    sex: str
    synthetic: bool
    current_id: UUID
    chain_state: str
    vas_day_3: int | None
    vas_day_30: int | None
    rbp: str


_PATHS = {
    name: f"patient__{name}"
    for name in (
        "family_name",
        "given_name",
        "hospital_number",
        "sex",
        "synthetic",
    )
} | {
    # The identity that stands now, not the one that the version was made with.
    "birth_date": "patient__birth_date",
    "chain_state": "chain__state",
    **{name: f"chain__{name}" for name in ("current_id", "vas_day_3", "vas_day_30", "rbp")},
}
_COLUMNS = [_PATHS.get(name, name) for name in ListedVersion._fields]


def listed(found: QuerySet[Assessment]) -> list[ListedVersion]:
    """The rows of versions that were found, in their order."""
    return [ListedVersion._make(values) for values in found.values_list(*_COLUMNS)]


def listing(found: QuerySet[Assessment]) -> Statement:
    """What ``listed`` asks, for a list that stays the same from page to page."""
    return Statement.of(found.values_list(*_COLUMNS))


def listed_by(listing: Statement) -> list[ListedVersion]:
    """The rows that a listing finds now."""
    return [ListedVersion._make(values) for values in listing.rows()]
