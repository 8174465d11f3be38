"""The form as a questionnaire, and our code system; both follow from the model."""

from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.fhir import codes
from scoring.fhir.resource import Resource, without_empty
from scoring.models.codes import DxaSite, TimePoint
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.predictors import provenance_words, words_of
from scoring.words.types import Words
from scoring.words.values import unit_text

_EXTENSION = "http://hl7.org/fhir/StructureDefinition"
_ANSWERS: Mapping[Answer, Words] = MappingProxyType(
    {
        Answer.YES: pgettext_lazy("answer", "yes"),
        Answer.NO: pgettext_lazy("answer", "no"),
        Answer.NOT_ASSESSED: gettext_lazy("not assessed"),
    }
)


def questionnaire(model: Nomogram, base: str) -> Resource:
    """The questions about one assessment, without a default answer.

    Only the late predictor, days and sites may stay open.
    """
    return {
        "resourceType": "Questionnaire",
        "id": model.identifier,
        "url": f"{base}/Questionnaire/{model.identifier}",
        "version": model.version,
        "name": "RbpRisk",
        "title": _("Risk of residual back pain after PKP"),
        "status": "active",
        "subjectType": ["Patient"],
        "item": [
            {
                "linkId": "eligibility",
                "text": _("Study population"),
                "type": "group",
                "item": [_criterion(one) for one in Criterion],
            },
            {
                "linkId": "predictors",
                "text": _("Predictors"),
                "type": "group",
                "item": list(chain.from_iterable(_questions(one) for one in model.predictors)),
            },
        ],
    }


def _criterion(criterion: Criterion) -> Resource:
    return {
        "linkId": criterion.value,
        "text": str(CRITERION_NAMES[criterion]),
        "type": "choice",
        "required": True,
        "answerOption": [
            {"valueCoding": codes.coding(answer.value.replace("_", "-"), words)}
            for answer, words in _ANSWERS.items()
        ],
    }


def _questions(predictor: Predictor) -> Iterator[Resource]:
    """The value, then what is recorded beside it."""
    yield _value(predictor)
    beside = predictor.provenance
    if beside is None:
        return
    words = provenance_words(predictor)
    yield {"linkId": beside.date_field, "text": str(words.date_label), "type": "date"}
    if beside.site_field:
        yield {
            "linkId": beside.site_field,
            "text": str(words.site_label),
            "type": "choice",
            "answerOption": [
                {"valueCoding": codes.coding(site.value.replace("_", "-"), site.label)}
                for site in DxaSite
            ],
        }


def _value(predictor: Predictor) -> Resource:
    question: Resource = {
        "linkId": predictor.field,
        "code": codes.predictor_concept(predictor)["coding"],
        "text": str(words_of(predictor).entered_name),
        "required": not predictor.may_be_unknown,
    }
    if not isinstance(predictor, NumericPredictor):
        return {**question, "type": "boolean"}
    kind = "Integer" if predictor.whole else "Decimal"
    low, high = (int(end) if predictor.whole else codes.decimal(end) for end in predictor.domain)
    unit = without_empty(
        {
            "system": codes.UCUM,
            "code": codes.ucum_of(predictor),
            "display": unit_text(predictor),
        }
    )
    return {
        "extension": [
            {"url": f"{_EXTENSION}/minValue", f"value{kind}": low},
            {"url": f"{_EXTENSION}/maxValue", f"value{kind}": high},
            {"url": f"{_EXTENSION}/questionnaire-unit", "valueCoding": unit},
        ],
        **question,
        "type": kind.lower(),
    }


def code_system(models: tuple[Nomogram, ...]) -> Resource:
    """Every code of ours with its words."""
    found = [{"code": code, "display": str(display)} for code, display in _concepts(models)]
    return {
        "resourceType": "CodeSystem",
        "id": "rbp-risk",
        "url": codes.SYSTEM,
        "version": settings.VERSION,
        "name": "RbpRiskCodes",
        "title": _("Codes of RBP risk"),
        "status": "active",
        "caseSensitive": True,
        "content": "complete",
        "count": len(found),
        "concept": found,
    }


def _concepts(models: tuple[Nomogram, ...]) -> Iterator[tuple[str, Words]]:
    yield codes.ASSESSMENT, _("Risk of residual back pain after PKP")
    yield codes.REPORT, _("Report on the risk of residual back pain")
    for model in models:
        yield codes.method_code(model), model.name
    for scenario in codes.OUTCOMES:
        for is_adjusted in (False, True):
            yield (
                codes.outcome_code(scenario, adjusted=is_adjusted),
                codes.outcome_words(scenario, adjusted=is_adjusted),
            )
    for predictor in models[0].predictors:
        yield codes.predictor_code(predictor), words_of(predictor).input_name
    for time_point in TimePoint:
        yield codes.vas_code(time_point), codes.vas_words(time_point)
    for answer, told in _ANSWERS.items():
        yield answer.value.replace("_", "-"), told
    for site in DxaSite:
        yield site.value.replace("_", "-"), site.label
