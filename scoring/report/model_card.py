"""The model card: what the model is, for whom, made from what, how good, with which limits.

Its sections are those of Mitchell et al., Model cards for model reporting, FAT* 2019
(doi:10.1145/3287560.3287596). Every number is asked of the model or of its evidence.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from scoring.evaluation.local import LocalValidation
from scoring.evaluation.sample_size import precision_of
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.evidence import Evidence, MeanSd, PublishedPerformance, StudySet
from scoring.nomogram.model import Nomogram
from scoring.nomogram.parts import Timing
from scoring.nomogram.predictor import Measured, NumericPredictor, Predictor, Threshold, YesNo
from scoring.nomogram.rong2025.publication import LICENCE
from scoring.words import intended_use
from scoring.words.definitions import definition_of
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.predictors import words_of

FORMAT = "rbp-risk model card 1"
SOFTWARE_LICENCE = "Apache-2.0"
# Where the card says the risk with the range of its reconstruction.
TABULATED_POINTS = (40.0, 80.0, 120.0, 160.0, 200.0)

_WHEN = {
    Timing.BEFORE: "before the operation",
    Timing.ANY: "any time",
    Timing.AFTER: "after the operation",
}


def model_card(
    model: Nomogram, evidence: Evidence, *, here: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The card as JSON has it: fractions from 0 to 1, units in UCUM, nothing rounded.

    ``here`` is how the model does in the hospital (``local_performance``), for those who may see
    it; without it the card has no figure of any hospital but the study's.
    """
    card = {
        "format": FORMAT,
        "model_details": _details(model),
        "intended_use": _intended_use(model),
        "inputs": [_input(predictor) for predictor in model.predictors],
        "output": _output(model),
        "factors": {
            "groups": ["sex", "age"],
            "performance_by_group": None,
            "note": intended_use.further_limits()[-1],
        },
        "training_data": _training_data(model, evidence),
        "evaluation_data": {**_set(evidence.validation_set), "kind": "temporal, same hospital"},
        "performance": _performance(evidence),
        "ethical_considerations": [intended_use.role()],
        "limits": [*intended_use.stated_limits(), *intended_use.further_limits()],
        # Whoever runs the product names who answers for it.
        "contact": {"maintainer": None, "hospital": None},
    }
    if here is not None:
        card["performance_here"] = dict(here)
    return card


def _details(model: Nomogram) -> dict[str, Any]:
    p50, k = model.line
    return {
        "identifier": model.identifier,
        "version": model.version,
        "name": model.name,
        "type": _("logistic regression as a nomogram"),
        "citation": model.citation.text,
        "doi": model.citation.doi,
        "license": LICENCE,
        "software": {
            "name": "RBP risk",
            "version": settings.VERSION,
            "license": SOFTWARE_LICENCE,
        },
        "reconstruction": {
            "method": intended_use.further_limits()[0],
            "documentation": "docs/model.md#risk-reconstructed",
            "formula": "risk = 1 / (1 + exp(-(points - p50_points) / k_points_per_logit))",
            "p50_points": p50,
            "k_points_per_logit": k,
            "risk_at_points": [_risk_at(model, points) for points in TABULATED_POINTS],
        },
    }


def _risk_at(model: Nomogram, points: float) -> dict[str, float]:
    low, high = model.band(points)
    return {
        "points": points,
        "risk": float(model.risk(points)),
        "low": float(low),
        "high": float(high),
    }


def _intended_use(model: Nomogram) -> dict[str, Any]:
    names = [(str(CRITERION_NAMES[c]), answer) for c, answer in model.eligibility.items()]
    return {
        "purpose": intended_use.purpose(),
        "role": intended_use.role(),
        "users": "clinicians",
        "not_for": intended_use.not_for(),
        "eligibility": {
            "present": [name for name, answer in names if answer is Answer.YES],
            "absent": [name for name, answer in names if answer is Answer.NO],
        },
    }


def _input(predictor: Predictor) -> dict[str, Any]:
    definition = definition_of(predictor.field)
    source = predictor.provenance
    return {
        "key": predictor.key,
        "field": predictor.field,
        "name": str(words_of(predictor).full_name),
        "meaning": definition.meaning,
        "left_open": definition.left_open,
        "when": _WHEN[source.timing] if source else None,
        "may_be_unknown": predictor.may_be_unknown,
        **_values(predictor),
    }


def _values(predictor: Predictor) -> dict[str, Any]:
    """What is accepted, and its points."""
    found: dict[str, Any] = {"kind": "yes or no", "unit": None, "low": None, "high": None}
    if isinstance(predictor, NumericPredictor):
        found |= {
            "kind": "number",
            "unit": predictor.unit or None,
            **predictor.domain._asdict(),
            "decimals": predictor.decimals,
        }
    if isinstance(predictor, Measured):
        central = predictor.central
        points = {"per_unit": predictor.points_per_unit, "zero_at": predictor.zero_at}
        return found | {"central_95": central and list(central), "points": points}
    if isinstance(predictor, Threshold):
        found |= {"kind": "number, asked whether below", "below": predictor.below}
    if isinstance(predictor, Threshold | YesNo):
        return found | {"points": predictor.answer_points._asdict()}
    raise TypeError(f"a card can't say what a {type(predictor).__name__} is")


def _output(model: Nomogram) -> dict[str, Any]:
    return {
        "outcome": _("residual back pain: VAS 4 or more at 3 days and at 1 month after PKP"),
        "kind": "risk from 0 to 1, with an approximate 95 % confidence interval",
        "cutoff": {
            "risk": model.cutoff,
            "points": model.line.points_at(model.cutoff),
            "source": _("ROC curve of the training set, section 3.6"),
        },
    }


def _set(part: StudySet) -> dict[str, Any]:
    return {
        "n": part.n,
        "male": part.male,
        "female": part.female,
        "age_years": {**part.age_years._asdict(), **part.age_range_years._asdict()},
        "recruited": list(part.recruited),
    }


def _training_data(model: Nomogram, evidence: Evidence) -> dict[str, Any]:
    return {
        **_set(evidence.training_set),
        "events": model.outcome.events,
        "event_rate": model.outcome.rate,
        "setting": _("one hospital in Wuxi, China; retrospective"),
        "source": _("section 2.1, Tables 1 to 3"),
        "predictors": {
            predictor.key: _case_mix(predictor, evidence.case_mix[predictor.key])
            for predictor in model.predictors
        },
    }


def _case_mix(predictor: Predictor, found: MeanSd) -> dict[str, float]:
    return found._asdict() if isinstance(predictor, Measured) else {"share": found.mean}


def _performance(evidence: Evidence) -> dict[str, Any]:
    training = {
        "auc_ci95": list(evidence.training_auc_ci95),
        "auc_bootstrap": evidence.training_bootstrap_auc,
    }
    return {
        "source": _("sections 3.2 to 3.7, Tables 4 and 6"),
        "training": _published(evidence.training, evidence.hosmer_lemeshow_df) | training,
        "evaluation": _published(evidence.validation, evidence.hosmer_lemeshow_df),
        "effects": {key: effect._asdict() for key, effect in evidence.effects.items()},
        "single_predictors": {key: area._asdict() for key, area in evidence.areas.items()},
    }


def _published(part: PublishedPerformance, df: int) -> dict[str, Any]:
    return {
        "auc": part.auc,
        "cutoff": part.cutoff,
        "sensitivity": part.sensitivity,
        "specificity": part.specificity,
        "hosmer_lemeshow": {
            "chi2": part.hosmer_lemeshow_chi2,
            "df": df,
            "p": part.hosmer_lemeshow_p,
        },
        "net_benefit_thresholds": [list(one) for one in part.net_benefit_thresholds],
    }


def local_performance(found: LocalValidation, *, synthetic: bool, patients: str) -> dict[str, Any]:
    """How the model does in this hospital: counts, O/E and AUC with 95 % intervals.

    ``sample_size_reached``: there are enough for O/E, AUC, slope and net benefit. ``patients``
    says which were chosen. What the outcomes don't determine is None.
    """
    judged = found.validation
    ratio = judged and judged.observed_expected
    return {
        "patients": patients,
        "synthetic": synthetic,
        "analysed": found.counts.analysed,
        "events": judged and judged.events,
        "observed_expected": ratio and ratio.value,
        "observed_expected_ci95": ratio and list(ratio.ci95),
        "auc": judged and judged.auc,
        "auc_ci95": judged and judged.auc_ci95 and list(judged.auc_ci95),
        "sample_size_reached": judged is not None
        and all(one.reached for one in precision_of(judged)),
    }


def card_lines(part: Any, depth: int = 0) -> Iterator[str]:
    """The card, or a part of it, as lines for a terminal."""
    indent = "  " * depth
    named = part.items() if isinstance(part, Mapping) else [("-", one) for one in part]
    for name, value in named:
        label = name if name == "-" else f"{name}:"
        if isinstance(value, Mapping | list) and value:
            yield f"{indent}{label}"
            yield from card_lines(value, depth + 1)
        else:
            text = {True: "yes", False: "no", None: "-"}.get(value) if _is_answer(value) else value
            yield f"{indent}{label} {text}"


def _is_answer(value: object) -> bool:
    return value is None or isinstance(value, bool)
