"""Every date that is shown can be typed, and what a Chinese input method makes of a number."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils.formats import get_format
from django.utils.translation import override

from scoring.entry.folding import normalised_hospital_number
from scoring.entry.numbers import read_number
from scoring.forms.fields import ClockField, DayField
from scoring.models.patient import full_name
from scoring.nomogram.predictor import NumericPredictor
from scoring.nomogram.rong2025.model import AGE, BMD, CHLORIDE, PDW
from scoring.words.dates import clock_text, day_text, moment_text, month_text

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NIGHT = datetime(2026, 11, 28, 6, 5, tzinfo=UTC)


def days() -> Iterator[date]:
    """Every day of a leap year, and the ends of what can be a date of birth or of an operation."""
    yield from (date(2024, 1, 1) + timedelta(days=number) for number in range(366))
    yield from (date(1900, 1, 1), date(1999, 12, 31), date(2099, 12, 31))


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with override(request.param):
        yield request.param


def test_every_date_that_is_shown_can_be_typed_in_either_language(language: str) -> None:
    field = DayField()
    shown = [(day, day_text(day)) for day in days()]
    for typed_in in LANGUAGES:
        with override(typed_in):
            assert [text for day, text in shown if field.clean(text) != day] == []


def test_a_time_that_is_shown_can_be_typed(language: str) -> None:
    assert ClockField().clean(clock_text(NIGHT)) == time(14, 5)


def test_how_dates_are_written() -> None:
    written = []
    for code in LANGUAGES:
        with override(code):
            written.append([day_text(NIGHT), month_text(NIGHT), moment_text(NIGHT)])
    assert written == [
        ["28-Nov-2026", "Nov 2026", "28-Nov-2026 14:05"],
        ["2026年11月28日", "2026年11月", "2026年11月28日 14:05"],
    ]


def test_no_format_is_left_to_django(language: str) -> None:
    """Django's own for Chinese can't be typed, and one of English has the month by its number."""
    day, moment = get_format("DATE_FORMAT"), get_format("DATETIME_FORMAT")
    assert (get_format("SHORT_DATE_FORMAT"), get_format("SHORT_DATETIME_FORMAT")) == (day, moment)
    assert moment == f"{day} {get_format('TIME_FORMAT')}"
    # What static/scoring/form.js knows of these formats.
    assert {letter for letter in day if letter.isascii() and letter.isalpha()} <= set("djnMY")


@pytest.mark.parametrize(
    "typed", ["２０２６年１１月２８日", "2026 年 11 月 28 日", "2026年11月28", "2026－11－28"]
)
def test_a_date_by_a_chinese_input_method(typed: str) -> None:
    assert DayField().clean(typed) == date(2026, 11, 28)


def test_a_time_by_a_chinese_input_method() -> None:
    assert ClockField().clean("１４：０５") == ClockField().clean("14。05") == time(14, 5)


@pytest.mark.parametrize(
    ("typed", "predictor", "value"),
    [
        ("12。8", PDW, 12.8),
        ("12｡8", PDW, 12.8),
        ("１２。８ｆＬ", PDW, 12.8),
        ("12，8", PDW, 12.8),
        ("－２．８", BMD, -2.8),
        ("—2。8", BMD, -2.8),
        ("＋0。4", BMD, 0.4),
        ("１０５ｍｍｏｌ／Ｌ", CHLORIDE, 105.0),
        ("80 周岁", AGE, 80.0),
    ],
)
def test_a_number_by_a_chinese_input_method(
    typed: str, predictor: NumericPredictor, value: float
) -> None:
    assert float(read_number(typed, predictor).value) == value


def test_a_hospital_number_by_a_chinese_input_method() -> None:
    assert normalised_hospital_number("Ｈ１００。２３４－Ａ") == "H100.234-A"


@pytest.mark.parametrize(
    ("family", "given", "shown"),
    [
        ("李", "秀兰", "李秀兰"),
        ("欧阳", "娜娜", "欧阳娜娜"),
        ("李秀兰", "", "李秀兰"),
        ("买买提·吐尔逊", "", "买买提·吐尔逊"),
        ("Wang", "Xiulan", "Wang, Xiulan"),
        ("李", "Anna", "李, Anna"),
    ],
)
def test_a_name_stands_as_it_is_written(language: str, family: str, given: str, shown: str) -> None:
    assert full_name(family, given) == shown
