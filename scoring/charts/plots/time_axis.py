"""Months along the lower edge of a plot."""

from collections.abc import Sequence
from datetime import date

from scoring.charts.plots.canvas import TEXT_PX, WIDTH_PX, Scale, Ticks
from scoring.charts.text import text_width
from scoring.evaluation.drift import Month
from scoring.words.dates import month_text

LEFT_PX, RIGHT_PX = 56.0, WIDTH_PX - 14
# With more, the marks of neighboring months would touch.
MOST_MONTHS = 48
_MOST_TICKS = 5
_FEWEST_MONTHS = 6


class TimeAxis:
    """The last ``MOST_MONTHS`` of the months; a short time has its months on the left."""

    def __init__(self, months: Sequence[Month]) -> None:
        self.months = months[-MOST_MONTHS:]
        self._first = self.months[0].number
        last = max(self.months[-1].number + 1, self._first + _FEWEST_MONTHS)
        self.scale = Scale(self._first, last, LEFT_PX, RIGHT_PX)
        self.month_px = (RIGHT_PX - LEFT_PX) / (last - self._first)

    def middle(self, month: Month) -> float:
        """The place of a month's mark."""
        return self.scale(month.number + 0.5)

    def place(self, day: date) -> float:
        """The place of a day."""
        return self.scale(12 * day.year + day.month - 1 + (day.day - 1) / 31)

    def shows(self, day: date) -> bool:
        """Whether the day lies within the months that are drawn."""
        return 12 * day.year + day.month - 1 >= self._first

    def ticks(self, title: str) -> Ticks:
        """Calendar months in even steps, each at its first day."""
        first, last = round(self.scale.low), round(self.scale.high)
        for step in (1, 2, 3, 6, 12, 24):
            numbers = range(-(-first // step) * step, last, step)
            if len(numbers) <= _MOST_TICKS:
                break
        return Ticks(list(numbers), [self._text(number) for number in numbers], title)

    def _text(self, number: int) -> str:
        """The month; "" so close to the edge that the text would leave the drawing."""
        text = month_text(date(number // 12, number % 12 + 1, 1))
        is_inside = self.scale(number) + text_width(text, TEXT_PX) / 2 <= WIDTH_PX
        return text if is_inside else ""
