"""What pages read."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from scoring import queries
from scoring.models import Assessment, AssessmentChain
from tests import cast


@pytest.mark.parametrize(
    "text",
    [
        "",
        "_",
        "x_y",
        "2025-03-14T01:42:00+00:00",
        "2025-03-14T01:42:00+00:00_x",
        "2025-03-14T01:42:00_00000000-0000-0000-0000-000000000000",
        "0001-01-01T00:00:00+23:59_00000000-0000-0000-0000-000000000000",
        "9999-12-31T23:59:59-23:59_00000000-0000-0000-0000-000000000000",
    ],
)
def test_what_is_no_cursor(text: str) -> None:
    assert queries.Cursor.parse(text, Assessment) is None


def test_a_cursor_is_read_back_to_the_microsecond() -> None:
    cursor = queries.Cursor(datetime(2025, 3, 14, 1, 42, 0, 123456, tzinfo=UTC), UUID(int=7))
    assert queries.Cursor.parse(str(cursor), Assessment) == cursor
    assert queries.Cursor.parse_day(str(cursor), Assessment) is None


def test_a_cursor_of_a_day_is_read_back() -> None:
    cursor = queries.Cursor(date(2025, 3, 14), UUID(int=7))
    assert queries.Cursor.parse_day(str(cursor), AssessmentChain) == cursor
    assert queries.Cursor.parse(str(cursor), AssessmentChain) is None


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["H100234", " h100 234", "ｈ１００２３４"])
def test_a_patient_is_found_in_any_spelling_of_the_number(typed: str) -> None:
    patient = cast.registered()
    assert queries.patient_by_number(typed) == patient
    assert queries.patient_by_number("H10023") is None


@pytest.mark.django_db
def test_the_assessment_a_form_has_made() -> None:
    kept = cast.recorded(token=UUID(int=5))
    assert queries.made_by_form(Assessment, UUID(int=5)) == kept
    assert queries.made_by_form(Assessment, UUID(int=6)) is None
    assert queries.made_by_form(Assessment, None) is None


@pytest.mark.django_db
def test_recent_are_the_current_versions_only() -> None:
    first = cast.recorded()
    second = cast.next_version(first)
    other = cast.recorded(first.patient, by=cast.bob())
    assert [row.id for row in queries.ward_assessments()] == [other.id, second.id]
