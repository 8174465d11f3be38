"""The model card: a page to read and print, and the same as a JSON file."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from scoring.display import domain_texts, number_text
from scoring.evaluation.statistic_text import value_text
from scoring.forms.validation import ValidationForm
from scoring.http.actor import actor, log
from scoring.models import AuditEvent, Right
from scoring.nomogram.predictor import Measured, NumericPredictor, Predictor
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.report.model_card import local_performance
from scoring.report.model_card import model_card as card_of
from scoring.web.evidence import evidence
from scoring.web.gate import for_everybody, needs
from scoring.web.validation import local_validation
from scoring.words.definitions import definition_of
from scoring.words.predictors import words_of
from scoring.words.values import rule_template, with_unit

Action = AuditEvent.Action


@dataclass(frozen=True)
class InputRow:
    """One input: its name and meaning, what is accepted, the study's patients, its points."""

    name: str
    meaning: str
    accepted: str
    study: str
    points: str


@require_safe
@for_everybody
def model_card(request: HttpRequest) -> HttpResponse:
    """Everybody's part; with the hospital's own figures for whoever may see them."""
    may_see = actor(request).has_perm(Right.VIEW_VALIDATION)
    here = _here(request, Action.VALIDATION_VIEWED) if may_see else None
    context = {
        **evidence(),
        "card": card_of(RONG_2025, EVIDENCE, here=here),
        "inputs": [_row(predictor) for predictor in RONG_2025.predictors],
        "here": here,
        "ratio": _figure(here, "observed_expected"),
        "auc": _figure(here, "auc"),
    }
    return render(request, "scoring/model_card.html", context)


@require_safe
@for_everybody
def model_card_json(request: HttpRequest) -> HttpResponse:
    """The card as a file, without any figure of this hospital."""
    return _file(card_of(RONG_2025, EVIDENCE))


@require_safe
@needs(Right.VIEW_VALIDATION)
def model_card_local_json(request: HttpRequest) -> HttpResponse:
    """The card as a file, with how the model does in this hospital."""
    here = _here(request, Action.VALIDATION_EXPORTED)
    return _file(card_of(RONG_2025, EVIDENCE, here=here))


def _file(card: dict[str, Any]) -> HttpResponse:
    details = card["model_details"]
    name = f"model-card-{details['identifier']}-{details['version']}.json"
    return HttpResponse(
        json.dumps(card, allow_nan=False, ensure_ascii=False, indent=1) + "\n",
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _here(request: HttpRequest, action: AuditEvent.Action) -> dict[str, Any]:
    """What the page Validation shows before anything is chosen there; leaves a line."""
    form = ValidationForm(QueryDict())
    form.full_clean()
    found = local_validation(form.filter())
    log(request, action, detail={"found": found.counts.analysed, "model_card": True})
    chosen = form.chosen()
    return local_performance(found, synthetic=chosen.synthetic, patients=chosen.text)


def _figure(here: dict[str, Any] | None, name: str) -> str:
    """A figure of the hospital with its interval; empty without any."""
    return "" if here is None else value_text(here[name], here[f"{name}_ci95"])


def _row(predictor: Predictor) -> InputRow:
    accepted, study = _("yes or no"), _share(predictor)
    if predictor.may_be_unknown:
        accepted = _("yes, no, or not known yet")
    if isinstance(predictor, NumericPredictor):
        low, high = domain_texts(*predictor.domain)
        values = {"low": low, "high": high}
        accepted = with_unit(predictor, _("%(low)s to %(high)s") % values)
    if isinstance(predictor, Measured):
        mix = EVIDENCE.case_mix[predictor.key]
        study = f"{mix.mean:.1f} ± {mix.sd:.1f}"
        if predictor.central is not None:
            low, high = (number_text(end) for end in predictor.central)
            study = _("%(mean)s ± %(sd)s; central 95\u00a0%% %(low)s to %(high)s") % {
                "mean": f"{mix.mean:.1f}",
                "sd": f"{mix.sd:.1f}",
                "low": low,
                "high": high,
            }
    return InputRow(
        name=str(words_of(predictor).table_name),
        meaning=definition_of(predictor.field).meaning,
        accepted=accepted,
        study=study,
        points=rule_template(predictor),
    )


def _share(predictor: Predictor) -> str:
    return _("yes in %(share)s\u00a0%%") % {
        "share": f"{100 * EVIDENCE.case_mix[predictor.key].mean:.1f}"
    }
