"""One predictor of one assessment in words: value, source, rule, points, bar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring import charts
from scoring.display import points_text
from scoring.models import Assessment
from scoring.models.codes import AgeSource, DxaSite, State
from scoring.models.patient import full_name
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.predictor import Predictor
from scoring.words.dates import born_text, day_text
from scoring.words.marks import parts, spaced
from scoring.words.predictors import words_of
from scoring.words.types import Words
from scoring.words.values import rule_text, value_text


def identity_text(family_name: str, given_name: str, birth_date: date | None) -> str:
    """Who somebody is: "Wang, Xiulan, born 14-Jul-1944"; what is not known is written out."""
    return parts(full_name(family_name, given_name), born_text(birth_date))


@dataclass(frozen=True)
class BreakdownRow:
    """One predictor in the breakdown; an unknown height has 0 and 35.68 points.

    ``asks_source`` says where the value comes from. It is called only where that is shown, because
    it reads the results of laboratories.
    """

    predictor: Predictor
    inputs: Inputs
    asks_source: Callable[[], str]
    points: float
    known: bool
    bar_scale: float

    @property
    def name(self) -> Words:
        """The predictor's name in tables."""
        return words_of(self.predictor).table_name

    @property
    def short_name(self) -> Words:
        """The same where there is little room."""
        return words_of(self.predictor).short_name

    @cached_property
    def value(self) -> str:
        """The value with its unit."""
        return value_text(self.predictor, self.inputs)

    @cached_property
    def rule(self) -> str:
        """Table 7 with the value put in."""
        return rule_text(self.predictor, self.inputs)

    @property
    def source(self) -> str:
        """Where the value comes from."""
        return self.asks_source()

    @property
    def bar(self) -> str:
        """The bar beside the points, as a drawing for the page."""
        return charts.bar_svg(self.points, scale_max=self.bar_scale, known=self.known)

    @property
    def bar_percent(self) -> str:
        """How much of its cell the bar fills on paper, as CSS writes it."""
        return f"{charts.bar_percent(self.points, scale_max=self.bar_scale)}%"

    @property
    def points_text(self) -> str:
        """Points with two decimals; both of them where the height is not known yet."""
        return points_text(self.points)

    @property
    def points_range(self) -> str:
        """The points, or both possible values: "0 or 35.68"."""
        if self.known:
            return self.points_text
        return _("0 or %(points)s") % {"points": self.points_text}

    @property
    def restored_text(self) -> str:
        """The points if the height is restored."""
        return points_text(self.points if self.known else 0.0)


def operation_moment(a: Assessment) -> str:
    """The day of the operation, and the time where it is known: 13-Mar-2026 08:30."""
    day = day_text(a.operation_date)
    return day if a.operation_time is None else spaced(day, f"{a.operation_time:%H:%M}")


# What to say of an open finding that nobody waits for any more.
_NOT_AWAITED: dict[str, Words] = {
    State.NO_RADIOGRAPH: gettext_lazy("no radiograph was taken"),
    State.CANCELLED: gettext_lazy("operation cancelled"),
}


def source_text(a: Assessment, predictor: Predictor) -> str:
    """Where a value comes from and of which day; what was not stated is said."""
    provenance = predictor.provenance
    if provenance is None:
        if a.age_source == AgeSource.STATED or a.birth_date is None:
            return _("as stated, date of birth not known")
        return born_text(a.birth_date)
    words = words_of(predictor)
    if predictor.may_be_unknown and getattr(a, predictor.field) is None:
        return str(_NOT_AWAITED.get(a.state, words.awaited))
    source = str(words.source)
    if provenance.site_field and getattr(a, provenance.site_field):
        source = spaced(source, DxaSite(getattr(a, provenance.site_field)).label)
    return _dated(source, getattr(a, provenance.date_field))


def _dated(source: str, day: date | None) -> str:
    if day is None:
        return _("%(source)s, date not stated") % {"source": source}
    return spaced(source, day_text(day))
