"""Who counts, who does not and why, and whether those who are missing differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.display import count_text
from scoring.entry import windows
from scoring.evaluation.local import RISK, Comparison, Counts, LocalValidation
from scoring.evaluation.statistic_text import number, percent
from scoring.models.codes import NotEvaluable, TimePoint
from scoring.nomogram.eligibility import Population
from scoring.nomogram.predictor import Measured, Predictor, YesNo
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.table import Table
from scoring.statistics.comparison import NOTICEABLE, Spread
from scoring.words.dates import day_text
from scoring.words.marks import clauses, listed, parts
from scoring.words.predictors import words_of
from scoring.words.values import unit_text


@dataclass(frozen=True)
class Chosen:
    """Which patients were asked for, in the order in which it is said."""

    operated_from: date | None
    operated_to: date | None
    population: Population | None
    model: tuple[str, str]
    synthetic: bool
    recalibration: int | None = None

    @property
    def period_text(self) -> str:
        """From when to when, by the day of the operation."""
        first, last = (
            None if day is None else day_text(day) for day in (self.operated_from, self.operated_to)
        )
        if first and last:
            return _("operated %(first)s to %(last)s") % {"first": first, "last": last}
        if first:
            return _("operated from %(first)s on") % {"first": first}
        if last:
            return _("operated up to %(last)s") % {"last": last}
        return _("operated at any time")

    @property
    def population_text(self) -> str:
        """Whom the ten criteria let in."""
        return {
            None: _("any eligibility"),
            Population.AS_STUDY: _("all ten criteria as in the study"),
            Population.NOT_FULLY_ASSESSED: _("criteria not fully assessed"),
            Population.OUTSIDE: _("outside the study population"),
        }[self.population]

    @property
    def model_text(self) -> str:
        """Identifier and version, as they are saved with every assessment, or the adjusted one."""
        if self.recalibration is not None:
            return _("model recalibrated at this hospital, version %(number)s") % {
                "number": self.recalibration
            }
        identifier, version = self.model
        return _("model %(identifier)s, version %(version)s") % {
            "identifier": identifier,
            "version": version,
        }

    @property
    def text(self) -> str:
        """All of it in one line."""
        kind = _("synthetic patients only") if self.synthetic else _("real patients only")
        return clauses([self.period_text, self.population_text, self.model_text, kind])


@dataclass(frozen=True)
class FlowRow:
    """How many stand there; ``note`` says what that means."""

    name: str
    count: str
    note: str


def participant_flow(counts: Counts) -> Iterator[FlowRow]:
    """Every assessment once, from all of them down to those analysed."""
    yield FlowRow(_("Voided"), count_text(counts.voided), _("excluded"))
    yield FlowRow(
        _("Operation cancelled"), count_text(counts.cancelled), _("excluded; no outcome to predict")
    )
    yield FlowRow(
        _("No radiograph"),
        count_text(counts.no_radiograph),
        _("no 24-hour radiograph was taken, so there is no final result"),
    )
    yield FlowRow(
        _("Provisional"),
        count_text(counts.provisional),
        _("no final result yet"),
    )
    yield FlowRow(
        _("Made after the outcome was known"),
        count_text(counts.after_outcome),
        _("a VAS was recorded, or dated, before the index assessment"),
    )
    yield FlowRow(
        _("Not evaluable"),
        count_text(counts.not_evaluable),
        listed(reason.label for reason in NotEvaluable),
    )
    yield FlowRow(
        _("Pending"),
        count_text(counts.pending),
        _("a VAS is still missing; %(count)s of these more than %(days)s days after the operation")
        % {"count": count_text(counts.overdue), "days": windows.VAS[TimePoint.DAY_30].last},
    )
    yield FlowRow(
        _("Analyzed"),
        count_text(counts.analysed),
        ngettext(
            "of %(patients)s patient; %(corrected)s have later versions, the index assessment "
            "is analyzed",
            "of %(patients)s patients; %(corrected)s have later versions, the index assessment "
            "is analyzed",
            counts.patients,
        )
        % {
            "patients": count_text(counts.patients),
            "corrected": count_text(counts.corrected_since),
        },
    )


def _names() -> dict[str, tuple[str, int]]:
    """Each trait with its decimals."""
    return {
        **{p.field: _trait(p) for p in RONG_2025.predictors},
        RISK: (_("Predicted risk, %"), 1),
    }


def _trait(predictor: Predictor) -> tuple[str, int]:
    words = words_of(predictor)
    name = str(words.group_name)
    if isinstance(predictor, Measured):
        name = parts(words.short_name, unit_text(predictor))
    return name, words.mean_decimals


def _spread_text(spread: Spread | None, one: Comparison, decimals: int) -> str:
    if spread is None:
        return "–"
    if isinstance(RONG_2025.by_field.get(one.trait), YesNo):
        return percent(spread.mean)
    factor = 100.0 if one.trait == RISK else 1.0
    mean = number(factor * spread.mean, decimals)
    return mean if spread.sd is None else f"{mean} ± {number(factor * spread.sd, decimals)}"


def _difference_text(difference: float | None) -> str:
    if difference is None:
        return "–"
    text = number(difference, 2)
    return f"{text} !" if abs(difference) >= NOTICEABLE else text


def attrition_table(local: LocalValidation) -> Table:
    """Those analysed beside those whose outcome is missing, with standardised differences.

    A difference worth a look is marked with "!".
    """
    counts, names = local.counts, _names()
    rows = [
        [
            names[one.trait][0],
            _spread_text(one.analysed, one, names[one.trait][1]),
            _spread_text(one.pending, one, names[one.trait][1]),
            _difference_text(one.pending_difference),
            _spread_text(one.not_evaluable, one, names[one.trait][1]),
            _difference_text(one.not_evaluable_difference),
        ]
        for one in local.comparisons
    ]
    return Table(
        _("Patients with and without outcome"),
        [
            _("Mean ± SD, or share"),
            _("Analyzed, n = %(n)s") % {"n": count_text(counts.analysed)},
            _("Pending, n = %(n)s") % {"n": count_text(counts.pending)},
            _("difference"),
            _("Not evaluable, n = %(n)s") % {"n": count_text(counts.not_evaluable)},
            _("difference"),
        ],
        rows,
    )
