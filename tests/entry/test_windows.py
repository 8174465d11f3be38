"""Plausible days: what is asked about, why, and that the documents show the same table."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from scoring.entry import windows
from scoring.entry.rules import AskBack, asked_back
from scoring.entry.windows import Doubt, Window, doubtful_days
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.windows import doubt_question, doubt_text, doubt_title, window_text
from scoring.words.predictors import provenance_words
from tests import cast

pytestmark = pytest.mark.usefixtures("plausible_operations")
ENTERED = cast.OPERATION + timedelta(days=1)


def _doubts(entered_on: date = ENTERED, **changes: Any) -> list[tuple[Doubt, str, int]]:
    entry = cast.worked_example(**changes)
    found = doubtful_days(entry.recorded(), entered_on)
    return [(doubtful.doubt, doubtful.field, doubtful.days) for doubtful in found]


def _day(days: int) -> date:
    return cast.OPERATION + timedelta(days=days)


def test_a_usual_entry_raises_no_doubt() -> None:
    assert _doubts() == []
    assert list(doubtful_days({}, ENTERED)) == []


def test_every_date_has_a_window() -> None:
    fields = {beside.date_field for beside in RONG_2025.provenances.values()}
    assert set(windows.SOURCES) == fields


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("dxa_date", -366),
        ("trauma_history_date", -91),
        # The fall that broke the vertebra is not after its treatment.
        ("trauma_history_date", 1),
        ("pdw_date", -31),
        ("chloride_date", -31),
        ("radiograph_date", 0),
        ("radiograph_date", 4),
        ("radiograph_date", 272),
    ],
)
def test_a_day_outside_its_window_is_doubtful(field: str, days: int) -> None:
    assert _doubts(**{field: _day(days)})[0] == (Doubt.SOURCE_FAR, field, days)
    window = windows.SOURCES[field]
    nearest = window.first if days < window.first else window.last
    # The MRI is moved with the trauma, which it must not precede.
    changes: dict[str, Any] = {"mri_date": None, field: _day(nearest)}
    assert _doubts(**changes) == []


def test_examples_far_off() -> None:
    assert _doubts(pdw_date=date(2001, 3, 11)) == [(Doubt.SOURCE_FAR, "pdw_date", -8768)]
    assert _doubts(mri_date=date(2016, 3, 12))[0] == (Doubt.SOURCE_FAR, "mri_date", -3288)


def test_an_mri_before_the_trauma() -> None:
    before = _doubts(mri_date=date(2025, 3, 8))
    assert before == [(Doubt.MRI_BEFORE_TRAUMA, "mri_date", -5)]
    assert _doubts(mri_date=date(2025, 3, 9)) == []


@pytest.mark.parametrize(("days", "is_far"), [(-91, True), (-90, False), (90, False), (91, True)])
def test_an_operation_far_from_the_entry(days: int, is_far: bool) -> None:
    entered = {"operation_date": _day(days)}
    found = [doubtful.doubt for doubtful in doubtful_days(entered, cast.OPERATION)]
    assert found == ([Doubt.OPERATION_FAR] if is_far else [])


def test_a_finding_on_the_day_of_the_operation() -> None:
    found = _doubts(cast.OPERATION, radiograph_date=None)
    assert found == [(Doubt.RADIOGRAPH_NOT_YET, "radiograph_date", 0)]
    assert _doubts(_day(1), radiograph_date=None) == []
    assert _doubts(cast.OPERATION, radiograph_date=None, mvh_restored=None) == []


def test_it_is_asked_once() -> None:
    far = cast.worked_example(pdw_date=date(2001, 3, 11))
    (asked,) = asked_back(far, today=ENTERED)
    assert asked.code is AskBack.DOUBTFUL_DAY
    assert asked.day is not None
    assert list(asked_back(far, today=ENTERED, before=far)) == []
    moved = cast.changed(far, operation_date=_day(1), radiograph_date=_day(2))
    assert [again.day and again.day.days for again in asked_back(moved, today=_day(2), before=far)]


@pytest.mark.parametrize(
    ("changes", "title", "text"),
    [
        (
            {"pdw_date": date(2001, 3, 11)},
            "Date of PDW 11-Mar-2001",
            "It lies 8768 days before the operation. Usual is 0 to 30 days before the operation.",
        ),
        (
            {"radiograph_date": cast.OPERATION},
            "Date of radiograph 13-Mar-2025",
            "It is the day of the operation. Usual is day 1 to 3 after the operation.",
        ),
        (
            {"trauma_history_date": date(2025, 3, 14), "mri_date": None},
            "Date of trauma history 14-Mar-2025",
            "It lies 1 day after the operation. Usual is 0 to 90 days before the operation.",
        ),
        (
            {"mri_date": date(2025, 3, 8)},
            "Date of MRI 08-Mar-2025",
            "It lies before the date of the trauma.",
        ),
    ],
)
def test_in_words(changes: dict[str, Any], title: str, text: str) -> None:
    (doubtful,) = doubtful_days(cast.worked_example(**changes).recorded(), ENTERED)
    assert (doubt_title(doubtful), doubt_text(doubtful)) == (title, text)
    assert doubt_question(doubtful) == f"{title}: {text} Tick if the date is right."


def test_the_operation_in_words() -> None:
    (doubtful,) = doubtful_days({"operation_date": cast.OPERATION}, date(2026, 3, 13))
    assert doubt_title(doubtful) == "Operation 13-Mar-2025"
    assert doubt_text(doubtful) == "It lies 365 days before the day it was entered."


def test_the_documents_show_this_table() -> None:
    low, high = windows.OPERATION
    rows = [("Operation", f"{-low} days before to {high} days after the entry")]
    for predictor in RONG_2025.predictors:
        if predictor.provenance is not None:
            name = str(provenance_words(predictor).date_name)
            rows.append((name, window_text(windows.SOURCES[predictor.provenance.date_field])))
    rows += [(f"VAS of day {day}", window_text(window)) for day, window in windows.VAS.items()]
    assert len(rows) == 1 + len(windows.SOURCES) + len(windows.VAS)
    shown = (Path(settings.BASE_DIR) / "docs" / "model.md").read_text()
    for row in rows:
        assert "| " + " | ".join(row) + " |" in shown


def test_windows_of_pain() -> None:
    assert {3: Window(2, 5), 30: Window(23, 44)} == windows.VAS
