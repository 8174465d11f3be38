"""The statistics of section 2.5, each beside what was published, and how to read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.display import count_text
from scoring.evaluation.statistic_text import (
    estimate_text,
    intervals_text,
    number,
    p_text,
    percent,
    share_text,
    value_text,
    with_interval,
)
from scoring.evaluation.wording import reason_text
from scoring.nomogram.evidence import PublishedPerformance
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.validation.plots import why_not
from scoring.statistics import Interval, Proportion, Validation, wilson
from scoring.statistics.calibration import HosmerLemeshow
from scoring.words.marks import parts


@dataclass(frozen=True)
class FigureRow:
    """One statistic: ``name``, ``local`` with its 95 % interval, what was published ("" if not).

    ``meaning`` says how to read it; ``reason`` why there is no local number, "" if there is one.
    ``main``: one of the few that a page shows first.
    """

    name: str
    local: str
    training: str = ""
    validation: str = ""
    meaning: str = ""
    reason: str = ""
    main: bool = False


def figure_rows(
    found: Validation, patients: int | None = None, *, cutoff: float = RONG_2025.cutoff
) -> Iterator[FigureRow]:
    """Every statistic in the order of the paper.

    ``patients``: how many are behind the assessments that were judged; None where each row of what
    was judged is a patient. ``cutoff`` is that of ``found.at_cutoff``.
    """
    yield _size(found, patients)
    yield _events(found)
    yield from _discrimination(found, cutoff)
    yield from _calibration(found)
    yield _thresholds(found)


class _Published(TypedDict):
    training: str
    validation: str


def _published(text: Callable[[PublishedPerformance], str]) -> _Published:
    """What the paper gives for its two sets."""
    return {"training": text(EVIDENCE.training), "validation": text(EVIDENCE.validation)}


def _size(found: Validation, patients: int | None) -> FigureRow:
    name, local = _("Patients with a known outcome"), count_text(found.n)
    if patients is not None:
        name = _("Assessments with a known outcome")
        local = ngettext(
            "%(count)s, of %(patients)s patient", "%(count)s, of %(patients)s patients", patients
        ) % {"count": local, "patients": count_text(patients)}
    return FigureRow(
        name,
        local,
        str(RONG_2025.outcome.n),
        str(EVIDENCE.validation_set.n),
        _("both VAS recorded; a patient counts once for each assessment"),
        main=True,
    )


def _events(found: Validation) -> FigureRow:
    share = wilson(found.events, found.n)
    return FigureRow(
        _("Residual back pain"),
        parts(count_text(found.events), share_text(share)),
        parts(str(RONG_2025.outcome.events), percent(RONG_2025.outcome.rate)),
        "",
        _("VAS\u00a04 or more on day 3 and on day 30"),
        main=True,
    )


def _discrimination(found: Validation, cutoff: float) -> Iterator[FigureRow]:
    none = _("not estimable")
    yield FigureRow(
        _("AUC"),
        value_text(found.auc, found.auc_ci95),
        with_interval(EVIDENCE.training.auc, EVIDENCE.training_auc_ci95),
        number(EVIDENCE.validation.auc),
        _("0.5 is chance, 1 is perfect; DeLong, logit scale"),
        why_not(found, "auc") or why_not(found, "auc_ci95"),
        main=True,
    )
    best, reason = found.youden, why_not(found, "youden")
    yield FigureRow(
        _("Best cut-off (Youden)"),
        percent(best.threshold) if best else none,
        **_published(lambda one: percent(one.cutoff)),
        meaning=_("chosen on the same outcomes, so these figures are too optimistic"),
        reason=reason,
    )
    yield FigureRow(
        _("Sensitivity at the best cut-off"),
        share_text(best.sensitivity) if best else none,
        **_published(lambda one: percent(one.sensitivity)),
        reason=reason,
    )
    yield FigureRow(
        _("Specificity at the best cut-off"),
        share_text(best.specificity) if best else none,
        **_published(lambda one: percent(one.specificity)),
        reason=reason,
    )
    yield from _at_cutoff(found, cutoff)


def _at_cutoff(found: Validation, cutoff: float) -> Iterator[FigureRow]:
    """Published is what the training set has at its own cut-off."""
    fixed, reason = found.at_cutoff, why_not(found, "at_cutoff")
    known, words = cutoff == RONG_2025.cutoff, {"cutoff": percent(cutoff)}
    for label, name, published, meaning in (
        (
            _("Sensitivity at %(cutoff)s") % words,
            "sensitivity",
            percent(EVIDENCE.training.sensitivity) if known else "",
            _("of those with residual back pain, called at risk"),
        ),
        (
            _("Specificity at %(cutoff)s") % words,
            "specificity",
            percent(EVIDENCE.training.specificity) if known else "",
            _("of those without, called not at risk"),
        ),
        (
            _("Positive predictive value at %(cutoff)s") % words,
            "ppv",
            "",
            _("of those at or above %(cutoff)s, with residual back pain") % words,
        ),
        (
            _("Negative predictive value at %(cutoff)s") % words,
            "npv",
            "",
            _("of those below %(cutoff)s, without residual back pain") % words,
        ),
    ):
        share: Proportion | None = getattr(fixed, name) if fixed else None
        nobody = fixed.not_estimable.get(name) if fixed else None
        yield FigureRow(
            label,
            share_text(share) if share else _("not estimable"),
            published,
            "",
            meaning,
            reason or (reason_text(nobody) if nobody else ""),
        )


def _calibration(found: Validation) -> Iterator[FigureRow]:
    none = _("not estimable")
    for label, name, meaning in (
        (
            _("Observed / expected"),
            "observed_expected",
            _("1 if as many as predicted; above 1: risks too low"),
        ),
        (
            _("Calibration-in-the-large"),
            "calibration_in_the_large",
            _("0 when the mean risk is right; above 0: risks too low"),
        ),
        (
            _("Calibration intercept"),
            "calibration_intercept",
            _("fitted together with the slope; 0 and 1 are ideal"),
        ),
        (
            _("Calibration slope"),
            "calibration_slope",
            _("1 when the spread is right; below 1: too extreme"),
        ),
    ):
        yield FigureRow(
            label,
            estimate_text(getattr(found, name)),
            meaning=meaning,
            reason=why_not(found, name),
            main=name != "calibration_intercept",
        )
    rate = found.events / found.n
    yield FigureRow(
        _("Brier score"),
        number(found.brier),
        meaning=_("0 is perfect; predicting the local rate for everybody gives %(brier)s")
        % {"brier": number(rate * (1 - rate))},
        main=True,
    )
    scaled = found.scaled_brier
    yield FigureRow(
        _("Scaled Brier score"),
        none if scaled is None else number(scaled),
        meaning=_("1 is perfect, 0 no better than the local rate"),
        reason=why_not(found, "scaled_brier"),
    )
    curve, reason = found.calibration_curve, why_not(found, "calibration_curve")
    for label, name, meaning in (
        (_("ICI"), "ici", _("mean distance of the smoothed curve from the predicted risk")),
        (_("E50"), "e50", _("median of this distance")),
        (_("E90"), "e90", _("nine tenths lie closer")),
    ):
        yield FigureRow(
            label, number(getattr(curve, name)) if curve else none, meaning=meaning, reason=reason
        )
    yield from _hosmer_lemeshow(found)


def _hosmer_lemeshow(found: Validation) -> Iterator[FigureRow]:
    test, reason = found.hosmer_lemeshow, why_not(found, "hosmer_lemeshow")
    text = _("χ² %(chi2)s, df %(df)s, p %(p)s")
    yield FigureRow(
        _("Hosmer–Lemeshow, groups − 2 df"),
        text % {"chi2": number(test.chi2), "df": test.df, "p": p_text(test.p)}
        if test
        else _("not estimable"),
        **_published(
            lambda one: (
                text
                % {
                    "chi2": number(one.hosmer_lemeshow_chi2),
                    "df": EVIDENCE.hosmer_lemeshow_df,
                    "p": number(one.hosmer_lemeshow_p),
                }
            )
        ),
        meaning=_("as in the paper; %(groups)s groups by quantiles of the risk")
        % {"groups": test.groups}
        if test
        else "",
        reason=reason,
        main=True,
    )
    yield FigureRow(
        _("Hosmer–Lemeshow, as many df as groups"),
        text % {"chi2": number(test.chi2), "df": test.external_df, "p": p_text(test.external_p)}
        if test
        else _("not estimable"),
        meaning=_("usual for external data; a large p is no proof of fit"),
        reason=reason,
    )


def hosmer_lemeshow_rule(test: HosmerLemeshow) -> str:
    """How the groups of the test were formed and its degrees of freedom counted."""
    return _(
        "Hosmer–Lemeshow: %(groups)s groups by quantiles of the risk (type 7), closed above; "
        "%(df)s degrees of freedom, groups − 2"
    ) % {"groups": test.groups, "df": test.df}


def _thresholds(found: Validation) -> FigureRow:
    wins = found.net_benefit_intervals
    return FigureRow(
        _("Thresholds with net benefit"),
        _("not estimable") if wins is None else intervals_text(wins),
        **_published(
            lambda one: intervals_text([Interval(*span) for span in one.net_benefit_thresholds])
        ),
        meaning=_("where using the model is better than treating all or none"),
        reason=why_not(found, "net_benefit_intervals"),
    )
