"""The model as PMML 4.4: a regression model on points, with a logit as its link.

A missing or an invalid value gives no result. Answers are the texts "yes" and "no".
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any
from xml.etree import ElementTree

from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import (
    Measured,
    NumericPredictor,
    Predictor,
    Threshold,
    YesNo,
)

NAMESPACE = "http://www.dmg.org/PMML-4_4"
_TOTAL = "total_points"
_RISK = "risk"
Element = ElementTree.Element


def pmml(model: Nomogram, software: str) -> bytes:
    """The file, in UTF-8. Raises ValueError where fields of model and file have one name."""
    names = [*model.fields, *(f"points_{key}" for key in model.by_key), _TOTAL, _RISK]
    if len(set(names)) < len(names):
        raise ValueError("a field of the model has a name that PMML needs for its results")
    root = _element("PMML", {"xmlns": NAMESPACE, "version": "4.4"})
    header = _added(root, "Header", {"description": f"{model.label}. {model.citation.text}"})
    _added(header, "Application", {"name": "RBP risk", "version": software})
    root.append(_dictionary(model))
    root.append(_regression(model))
    ElementTree.indent(root)
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + ElementTree.tostring(root, encoding="unicode").encode() + b"\n"


def _element(name: str, attributes: Mapping[str, str] | None = None) -> Element:
    return ElementTree.Element(name, dict(attributes or {}))


def _added(parent: Element, name: str, attributes: Mapping[str, str] | None = None) -> Element:
    child = _element(name, attributes)
    parent.append(child)
    return child


def _dictionary(model: Nomogram) -> Element:
    fields = _element("DataDictionary", {"numberOfFields": str(len(model.fields) + 1)})
    for predictor in model.predictors:
        fields.append(_data_field(predictor))
    _added(fields, "DataField", {"name": _RISK, "optype": "continuous", "dataType": "double"})
    return fields


def _data_field(predictor: Predictor) -> Element:
    if isinstance(predictor, NumericPredictor):
        field = _element(
            "DataField",
            {"name": predictor.field, "optype": "continuous", "dataType": "double"},
        )
        low, high = map(repr, predictor.domain)
        ends = {"closure": "closedClosed", "leftMargin": low, "rightMargin": high}
        _added(field, "Interval", ends)
        return field
    field = _element(
        "DataField", {"name": predictor.field, "optype": "categorical", "dataType": "string"}
    )
    for answer in ("yes", "no"):
        _added(field, "Value", {"value": answer})
    return field


def _regression(model: Nomogram) -> Element:
    regression = _element(
        "RegressionModel",
        {
            "modelName": f"{model.identifier} {model.version}",
            "functionName": "regression",
            "normalizationMethod": "logit",
        },
    )
    schema = _added(regression, "MiningSchema")
    _added(schema, "MiningField", {"name": _RISK, "usageType": "target"})
    for field in model.fields:
        treatment = {
            "missingValueTreatment": "returnInvalid",
            "invalidValueTreatment": "returnInvalid",
        }
        _added(schema, "MiningField", {"name": field, "usageType": "active", **treatment})
    regression.append(_output(model))
    derived = _added(regression, "LocalTransformations")
    for predictor in model.predictors:
        derived.append(_derived(f"points_{predictor.key}", _points(predictor)))
    parts = [_reference(f"points_{key}") for key in model.by_key]
    derived.append(_derived(_TOTAL, reduce(lambda one, other: _apply("+", one, other), parts)))
    line = model.line
    table = _added(regression, "RegressionTable", {"intercept": repr(line.intercept)})
    slope = repr(1.0 / line.k_points_per_logit)
    _added(table, "NumericPredictor", {"name": _TOTAL, "coefficient": slope})
    return regression


def _output(model: Nomogram) -> Element:
    output = _element("Output")
    result = {"name": "predicted_risk", "optype": "continuous", "dataType": "double"}
    _added(output, "OutputField", {**result, "feature": "predictedValue"})
    for name in (*(f"points_{key}" for key in model.by_key), _TOTAL):
        shown = {**result, "name": f"shown_{name}", "feature": "transformedValue"}
        _added(output, "OutputField", shown).append(_reference(name))
    return output


def _derived(name: str, expression: Element) -> Element:
    field = _element("DerivedField", {"name": name, "optype": "continuous", "dataType": "double"})
    field.append(expression)
    return field


def _points(predictor: Predictor) -> Element:
    value = _reference(predictor.field)
    if isinstance(predictor, Measured):
        rate, zero = predictor.points_per_unit, _number(predictor.zero_at)
        ends = (zero, value) if rate < 0.0 else (value, zero)
        points = _apply("*", _number(abs(rate)), _apply("-", *ends))
        if predictor.whole:
            whole = _apply("equal", value, _apply("floor", value))
            # Without an "else" the result is missing.
            return _apply("if", whole, points)
        return points
    if isinstance(predictor, Threshold):
        holds = _apply("lessThan", value, _number(predictor.below))
        answer = predictor.answer_points
    elif isinstance(predictor, YesNo):
        yes = _element("Constant", {"dataType": "string"})
        yes.text = "yes"
        holds = _apply("equal", value, yes)
        answer = predictor.answer_points
    else:
        raise TypeError(f"{predictor.key}: no kind of predictor that is known")
    return _apply("if", holds, _number(answer.yes), _number(answer.no))


def _apply(function: str, *arguments: Element) -> Element:
    applied = _element("Apply", {"function": function})
    applied.extend(arguments)
    return applied


def _reference(name: str) -> Element:
    return _element("FieldRef", {"field": name})


def _number(value: float) -> Element:
    constant = _element("Constant", {"dataType": "double"})
    constant.text = repr(float(value))
    return constant


def pmml_input(model: Nomogram, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input of a case as the file takes it: answers as texts."""
    words = {True: "yes", False: "no"}
    return {
        field: words[value] if isinstance(value, bool) and field not in model.numeric else value
        for field, value in given.items()
    }


def fits(model: Nomogram, given: Any) -> bool:
    """Whether an input can be asked of a file with typed columns: known fields, numbers, answers.

    What is left out or null is missing there.
    """
    if not isinstance(given, dict) or not set(given) <= set(model.fields):
        return False
    return all(_fits(field in model.numeric, value) for field, value in given.items())


def _fits(numeric: bool, value: object) -> bool:
    if value is None or isinstance(value, bool):
        return value is None or not numeric
    return numeric and isinstance(value, int | float)
