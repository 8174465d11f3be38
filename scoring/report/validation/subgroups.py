"""The subgroups as two forest plots and their table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from math import nan

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring import charts
from scoring.display import count_text, range_text
from scoring.evaluation.drift import DAY_ZERO
from scoring.evaluation.statistic_text import number, with_interval
from scoring.evaluation.subgroups import AGE_BANDS, Subgroup
from scoring.evaluation.wording import reason_text
from scoring.models.patient import Sex
from scoring.nomogram.eligibility import Population
from scoring.report.table import Table
from scoring.statistics import Estimate
from scoring.words.dates import day_text
from scoring.words.marks import labelled


@dataclass(frozen=True)
class SubgroupsText:
    """Drawings, as many as there are estimates for, and the table of all their numbers.

    ``narrow``: the same drawings for telephones.
    """

    drawings: Sequence[SafeString]
    narrow: Sequence[SafeString]
    table: Table


def subgroups_text(found: Sequence[Subgroup], *, fonts: str = "") -> SubgroupsText | None:
    """What page and paper show; None if nothing is analysed."""
    if not found:
        return None
    return SubgroupsText(
        list(_forests(found, "wide", fonts)), list(_forests(found, "narrow", fonts)), _table(found)
    )


def _forests(
    found: Sequence[Subgroup], layout: charts.ForestLayout, fonts: str
) -> Iterator[SafeString]:
    overall = found[0].auc
    drawn = (
        ("observed_expected", _("Observed / expected; dashed: 1"), 1.0),
        ("auc", _("AUC; dashed: all analyzed"), overall.value if overall else 0.5),
    )
    for name, title, reference in drawn:
        rows = list(_rows(found, name))
        if any(row.has_estimate for row in rows):
            yield charts.forest_svg(
                rows,
                reference=reference,
                title=title,
                uid=f"subgroups-{name}-{layout}",
                fonts=fonts,
                sizes=_("events / n"),
                layout=layout,
            )


def _rows(found: Sequence[Subgroup], name: str) -> Iterator[charts.ForestRow]:
    total = found[0].n
    for trait, parts in groupby(found, key=lambda one: one.trait):
        if trait != "all":
            yield charts.ForestRow("heading", _trait_name(trait), nan, nan, nan, "")
        for one in parts:
            size = f"{count_text(one.events)} / {count_text(one.n)}"
            label, estimate, text = _part_name(one), getattr(one, name), _figure_text(one, name)
            if estimate is None:
                yield charts.ForestRow("none", label, nan, nan, nan, text, size=size)
                continue
            low, high = estimate.ci95
            kind = "pooled" if trait == "all" else "centre"
            yield charts.ForestRow(
                kind, label, estimate.value, low, high, text, one.n / total, size
            )


def _table(found: Sequence[Subgroup]) -> Table:
    return Table(
        _("Subgroups"),
        [
            _("Subgroup"),
            _("n"),
            _("Events"),
            _("Observed / expected (95\u00a0% CI)"),
            _("AUC (95\u00a0% CI)"),
        ],
        [
            [
                _part_name(one)
                if one.trait == "all"
                else labelled(_trait_name(one.trait), _part_name(one)),
                count_text(one.n),
                count_text(one.events),
                _figure_text(one, "observed_expected"),
                _figure_text(one, "auc"),
            ]
            for one in found
        ],
    )


def _figure_text(one: Subgroup, name: str) -> str:
    """An estimate with its interval, or why there is none."""
    estimate: Estimate | None = getattr(one, name)
    if estimate is None:
        return reason_text(one.not_estimable[name])
    return with_interval(estimate.value, estimate.ci95)


def _trait_name(trait: str) -> str:
    return {
        "sex": _("Sex"),
        "age": _("Age in years"),
        "level": _("Fracture level"),
        "eligibility": _("Eligibility"),
        "period": _("Date of operation"),
    }[trait]


def _part_name(one: Subgroup) -> str:
    if one.trait == "all":
        return _("All analyzed")
    if one.trait == "sex":
        return str(Sex(one.code).label)
    if one.trait == "age":
        return _age_band(int(one.code))
    if one.trait == "level":
        return {
            "thoracic": _("Thoracic, T1–T10"),
            "thoracolumbar": _("Thoracolumbar, T11–L2"),
            "lumbar": _("Lumbar, L3–L5"),
        }[one.code]
    if one.trait == "eligibility":
        return {
            Population.AS_STUDY: _("As in the study"),
            Population.NOT_FULLY_ASSESSED: _("Not fully assessed"),
            Population.OUTSIDE: _("Outside the study"),
        }[Population(one.code)]
    if one.code == "later":
        return _("Second half, later")
    day = DAY_ZERO + timedelta(days=int(one.code.removeprefix("up_to:")))
    return _("First half, to %(day)s") % {"day": day_text(day)}


def _age_band(first: int) -> str:
    place = AGE_BANDS.index(first) + 1
    if place == len(AGE_BANDS):
        return _("%(first)s and more") % {"first": number(first, 0)}
    return range_text(f"{first}", f"{AGE_BANDS[place] - 1}")
