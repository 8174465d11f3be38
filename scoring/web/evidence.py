"""The evidence page: the publication's numbers, and what was reconstructed from them."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from scoring.display import (
    no_break_spaces,
    per_cent,
    per_cent_range,
    percent_range_text,
    percent_text,
    points_text,
    range_text,
    rounded,
)
from scoring.models.readback import STORED_MODELS
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Predictor
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.nomogram.rong2025.publication import (
    WORKED_EXAMPLE,
    WORKED_EXAMPLE_TOTAL_POINTS,
)
from scoring.web.reconstruction import reconstruction
from scoring.words import intended_use
from scoring.words.dates import month_text
from scoring.words.marks import listed, sentences
from scoring.words.predictors import words_of
from scoring.words.risk import axis_formula
from scoring.words.study import study_numbers
from scoring.words.types import Words
from scoring.words.values import rule_template

# Points at which the page tabulates the reconstructed axis, the cut-off among them.
TABULATED_POINTS = (
    *(40.0, 80.0, 100.0, RONG_2025.points_at(RONG_2025.cutoff)),
    *(140.0, 160.0, WORKED_EXAMPLE_TOTAL_POINTS, 220.0),
)


@dataclass(frozen=True)
class PerformanceRow:
    """One published measure in the training and in the validation set."""

    name: str
    training: str
    validation: str


@dataclass(frozen=True)
class PredictorEvidenceRow:
    """One predictor: Table 7, Table 4 and Table 6."""

    name: Words
    points: str
    odds_ratio: str
    auc: str


@dataclass(frozen=True)
class VersionRow:
    """What one version of the model says of the worked example."""

    name: str
    version: str
    risk: str
    band: str
    ci95: str
    cutoff_points: str


def evidence() -> dict[str, object]:
    """What the page says in numbers; its sentences stand in the template."""
    return {
        "predictors": [_predictor_row(predictor) for predictor in RONG_2025.predictors],
        "performance": _performance(),
        "axis": [
            (
                points_text(points),
                no_break_spaces(percent_text(RONG_2025.risk(points))),
                no_break_spaces(_range(*RONG_2025.band(points))),
            )
            for points in TABULATED_POINTS
        ],
        "p50": f"{RONG_2025.line.p50_points:.2f}",
        "formula": axis_formula(
            f"{RONG_2025.line.p50_points:.2f}", f"{RONG_2025.line.k_points_per_logit:.2f}"
        ),
        "k": f"{RONG_2025.line.k_points_per_logit:.2f}",
        "cutoff_points": points_text(RONG_2025.points_at(RONG_2025.cutoff)),
        "auc": f"{EVIDENCE.training.auc:.3f}",
        "versions": [version_row(model) for model in STORED_MODELS],
        "study": study_numbers(),
        "purpose": intended_use.purpose(),
        "role": intended_use.role(),
        "not_for": intended_use.not_for(),
        "stated_limits": sentences(*intended_use.stated_limits()),
        **reconstruction(),
        "citation": RONG_2025.citation.text,
        "doi": RONG_2025.citation.doi,
    }


def _predictor_row(predictor: Predictor) -> PredictorEvidenceRow:
    effect = EVIDENCE.effects[predictor.key]
    return PredictorEvidenceRow(
        name=words_of(predictor).table_name,
        points=rule_template(predictor),
        odds_ratio=(
            f"{effect.odds_ratio:.3f} "
            f"({range_text(f'{effect.odds_ratio_low:.3f}', f'{effect.odds_ratio_high:.3f}')})"
        ),
        auc=f"{EVIDENCE.areas[predictor.key].auc:.3f}",
    )


def version_row(model: Nomogram) -> VersionRow:
    """The worked example as a stored model has it."""
    (scenario,) = model.assess(WORKED_EXAMPLE).scenarios
    return VersionRow(
        name=f"{model.version} ({model.name})",
        version=model.version,
        risk=_percent(scenario.risk),
        band=_exact_range(*scenario.band),
        ci95=_exact_range(*scenario.ci95),
        cutoff_points=points_text(model.points_at(model.cutoff)),
    )


def _percent(fraction: float) -> str:
    return no_break_spaces(per_cent(f"{rounded(fraction * 100, 1)}"))


def _exact_range(low: float, high: float) -> str:
    return no_break_spaces(per_cent_range(*(f"{rounded(e * 100, 1)}" for e in (low, high))))


def _range(low: float, high: float) -> str:
    """An interval of risks; below 1 %, only the upper end."""
    if percent_text(low) == percent_text(0) != percent_text(high):
        return _("up to %(risk)s") % {"risk": percent_text(high)}
    return percent_range_text(low, high)


def _months(first: str, last: str) -> str:
    """From month to month, each given as 2018-01: "Jan 2018 to Jun 2020"."""
    texts = [month_text(date.fromisoformat(f"{month}-01")) for month in (first, last)]
    return _("%(first)s to %(last)s") % {"first": texts[0], "last": texts[1]}


def _performance() -> list[PerformanceRow]:
    outcome = RONG_2025.outcome
    sets = (EVIDENCE.training, EVIDENCE.validation)
    auc_low, auc_high = EVIDENCE.training_auc_ci95
    auc = [f"{part.auc:.3f}" for part in sets]
    chi2 = [
        _("χ² %(chi2).3f, p %(p).3f")
        % {"chi2": part.hosmer_lemeshow_chi2, "p": part.hosmer_lemeshow_p}
        for part in sets
    ]
    benefit = [listed(_exact_range(*ends) for ends in part.net_benefit_thresholds) for part in sets]
    return [
        PerformanceRow(
            _("Patients"),
            _("%(n)s, %(events)s with residual back pain (%(rate)s)")
            % {"n": outcome.n, "events": outcome.events, "rate": _percent(outcome.rate)},
            _("%(n)s, same hospital, later") % {"n": EVIDENCE.validation_set.n},
        ),
        PerformanceRow(
            _("Recruited"),
            _months(*EVIDENCE.training_set.recruited),
            _months(*EVIDENCE.validation_set.recruited),
        ),
        PerformanceRow(
            _("AUC"),
            _("%(auc)s (95\u00a0%% CI %(low).3f–%(high).3f)")
            % {"auc": auc[0], "low": auc_low, "high": auc_high},
            auc[1],
        ),
        PerformanceRow(
            _("AUC, 1,000 bootstrap samples"), f"{EVIDENCE.training_bootstrap_auc:.3f}", "–"
        ),
        PerformanceRow(_("ROC cut-off"), *(_percent(part.cutoff) for part in sets)),
        PerformanceRow(_("Sensitivity"), *(_percent(part.sensitivity) for part in sets)),
        PerformanceRow(_("Specificity"), *(_percent(part.specificity) for part in sets)),
        PerformanceRow(_("Hosmer–Lemeshow"), *chi2),
        PerformanceRow(_("Net benefit over treat-all and treat-none, thresholds"), *benefit),
    ]
