"""Scores without a patient: values in, points and risk out; nothing is kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field, ValidationError, create_model

from scoring.api import described, values
from scoring.api.authentication import Token
from scoring.api.shape import Body, errors_of, needing, pointer
from scoring.api.writing import json_response
from scoring.display import domain_texts
from scoring.forms.number_texts import refused_text
from scoring.http.problems import FieldError, Problem
from scoring.nomogram.errors import PredictorError
from scoring.nomogram.exchange import result_as_dict
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.values import unit_text

MOST_ROWS = 1000
router = Router(tags=["score"])


def _kind(predictor: Predictor) -> Any:
    if isinstance(predictor, NumericPredictor):
        return values.of_predictor(predictor)
    if predictor.may_be_unknown:
        return values.answer(nullable=True, description="null: not known yet.")
    return values.answer()


# The inputs of the model by their field; each is needed.
_fields: dict[str, Any] = {p.field: (Any, _kind(p)) for p in RONG_2025.predictors}
Inputs: type[Body] = create_model("Inputs", __base__=Body, **_fields)
Inputs.model_config.update(needing(*RONG_2025.fields))
Inputs.model_rebuild(force=True)


class Rows(Body):
    """Many patients at once. A row that can't be scored comes back with its errors."""

    rows: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ROWS)


@router.post(
    "/score",
    auth=Token(),
    operation_id="score",
    summary="Score one patient",
    openapi_extra=described.answers(200, described.RESULT),
)
def score(request: HttpRequest, inputs: Inputs) -> HttpResponse:  # type: ignore[valid-type]
    """Points, risk with interval and range of the reconstruction, cautions, version of model."""
    result, errors = _scored(inputs)
    if errors:
        said = _("Not scored: correct the values that “errors” names.")
        raise Problem(422, "refused", said, errors=errors)
    return json_response(result)


@router.post(
    "/score/many",
    auth=Token(),
    operation_id="scoreMany",
    summary="Score many patients",
    openapi_extra=described.answers(200, described.RESULTS),
)
def score_many(request: HttpRequest, body: Rows) -> HttpResponse:
    """One result for each row, in order; a row that can't be scored has ``errors`` instead."""
    return json_response({"results": [_row(row, place) for place, row in enumerate(body.rows)]})


def _row(row: Mapping[str, Any], place: int) -> dict[str, Any]:
    try:
        result, errors = _scored(Inputs.model_validate(row))
    except ValidationError as error:
        result, errors = {}, errors_of(error)
    if not errors:
        return result
    above = pointer("rows", place)
    return {"errors": [vars(error.below(above)) for error in errors]}


def _scored(inputs: Any) -> tuple[dict[str, Any], list[FieldError]]:
    """The result, or what is wrong with each value that can't be scored."""
    checked: dict[str, Any] = {}
    errors = []
    sent = inputs.model_fields_set
    for predictor in RONG_2025.predictors:
        value = getattr(inputs, predictor.field)
        if value is None and not (predictor.may_be_unknown and predictor.field in sent):
            errors.append(_missing(predictor))
            continue
        try:
            checked[predictor.field] = predictor.check(value)
        except PredictorError as error:
            errors.append(_refused(predictor, value, error.code))
    return ({}, errors) if errors else (result_as_dict(RONG_2025.assess(checked)), [])


def _missing(predictor: Predictor) -> FieldError:
    said = _("nothing sent; a value is needed.")
    if isinstance(predictor, NumericPredictor):
        said = _("nothing entered; allowed is %(allowed)s.") % {"allowed": _allowed(predictor)}
    return FieldError(pointer(predictor.field), "required", said)


def _refused(predictor: Predictor, value: Any, code: str) -> FieldError:
    if not isinstance(predictor, NumericPredictor):
        raise TypeError("an answer is true or false by now")
    number = Decimal(value)
    said = refused_text(
        predictor, values.shown(values.digits(number)), number, code, allowed=_allowed(predictor)
    )
    return FieldError(pointer(predictor.field), code, said)


def _allowed(predictor: NumericPredictor) -> str:
    low, high = domain_texts(*predictor.domain)
    unit = unit_text(predictor)
    values_ = {"low": low, "high": high, "unit": f" {unit}" if unit else ""}
    return _("%(low)s to %(high)s%(unit)s") % values_
