"""What an assessment records of each predictor, as observations."""

from decimal import Decimal

from scoring.entry.numbers import NumberUnreadError, read_number
from scoring.fhir.codes import CATEGORY, UCUM, predictor_concept, ucum_of
from scoring.fhir.identity import meta, observation_id, subject
from scoring.fhir.resource import Resource, day, instant, without_empty
from scoring.fhir.status import observation_status
from scoring.models import Assessment
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import BMD
from scoring.words.values import unit_text


def known_predictors(assessment: Assessment) -> list[Predictor]:
    """Those whose value is known; an answer that is awaited has no observation."""
    predictors = assessment.result.model.predictors
    return [one for one in predictors if getattr(assessment, one.field) is not None]


def observation_resource(assessment: Assessment, predictor: Predictor) -> Resource:
    """The value with its day, unit and site, as it was entered: 12.80 has both decimals.

    Raises LookupError where the value is not known.
    """
    value = getattr(assessment, predictor.field)
    if value is None:
        raise LookupError(predictor.key)
    beside = predictor.provenance
    site = getattr(assessment, beside.site_field) if beside and beside.site_field else ""
    of_day = getattr(assessment, beside.date_field) if beside else assessment.operation_date
    category = coded_as(predictor).category
    resource = {
        "resourceType": "Observation",
        "id": observation_id(assessment, predictor),
        "meta": meta(str(assessment.version), instant(assessment.created_at), assessment.patient),
        "status": observation_status(assessment),
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "code": predictor_concept(predictor, site),
        "subject": subject(assessment.patient),
        "effectiveDateTime": day(of_day),
        "issued": instant(assessment.created_at),
    }
    if isinstance(predictor, NumericPredictor):
        resource["valueQuantity"] = quantity(predictor, _as_typed(assessment, predictor))
    else:
        resource["valueBoolean"] = value
    return without_empty(resource)


def quantity(predictor: NumericPredictor, value: Decimal) -> Resource:
    """A number in the unit of the model."""
    unit = "T-score" if predictor is BMD else unit_text(predictor)
    return {"value": value, "unit": unit, "system": UCUM, "code": ucum_of(predictor)}


def _as_typed(assessment: Assessment, predictor: NumericPredictor) -> Decimal:
    """The stored number with the decimals that were typed."""
    stored = Decimal(getattr(assessment, predictor.field))
    beside = predictor.provenance
    if beside is None or not beside.typed_field:
        return stored
    try:
        typed = read_number(getattr(assessment, beside.typed_field), predictor).value
    except NumberUnreadError:
        typed = stored
    # The stored number is what was scored.
    return typed if typed == stored else stored.normalize()
