"""``model.pmml``: its structure, and what it says, read by an evaluator that knows the file alone.

What readers of others make of it: ``reference/``.
"""

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from script.lib.conformance.pmml import NAMESPACE, fits, pmml, pmml_input
from tests.conformance.conftest import Cases
from tests.nomogram.made_up import MADE_UP

Element = ElementTree.Element
REFERENCE = Path(__file__).parent / "reference" / "pmml_readers.json"
# PMML 4.4, "RegressionModel": the order of its parts.
PARTS = ["MiningSchema", "Output", "LocalTransformations", "RegressionTable"]


class Refused(Exception):  # noqa: N818 - a result, no fault
    """The file gives no result."""


class Evaluator:
    """Reads what this kind of file may hold, and nothing more."""

    def __init__(self, content: bytes) -> None:
        self.root = ElementTree.fromstring(content)  # noqa: S314 - made here
        self.model = self.one(self.root, "RegressionModel")
        self.data = {e.attrib["name"]: e for e in self.all(self.root, "DataDictionary/DataField")}
        self.used = {e.attrib["name"]: e for e in self.all(self.model, "MiningSchema/MiningField")}
        self.derived = {
            e.attrib["name"]: e for e in self.all(self.model, "LocalTransformations/DerivedField")
        }

    @staticmethod
    def all(parent: Element, path: str) -> list[Element]:
        return parent.findall("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/")))

    def one(self, parent: Element, path: str) -> Element:
        (found,) = self.all(parent, path)
        return found

    def outputs(self, given: dict[str, Any]) -> dict[str, float]:
        values = {
            name: self.checked(name, given.get(name))
            for name, field in self.used.items()
            if field.attrib["usageType"] == "active"
        }
        for name, field in self.derived.items():
            (expression,) = field
            values[name] = self.value(expression, values)
        table = self.one(self.model, "RegressionTable")
        logit = float(table.attrib["intercept"])
        for term in self.all(table, "NumericPredictor"):
            logit += float(term.attrib["coefficient"]) * values[term.attrib["name"]]
        assert self.model.attrib["normalizationMethod"] == "logit"
        found = {}
        for output in self.all(self.model, "Output/OutputField"):
            if output.attrib["feature"] == "predictedValue":
                found[output.attrib["name"]] = 1.0 / (1.0 + math.exp(-logit))
            else:
                found[output.attrib["name"]] = self.value(output[0], values)
        return found

    def checked(self, name: str, value: Any) -> Any:
        field, treatment = self.data[name], self.used[name].attrib
        if value is None:
            assert treatment["missingValueTreatment"] == "returnInvalid"
            raise Refused(name)
        if field.attrib["optype"] == "categorical":
            valid = value in [e.attrib["value"] for e in self.all(field, "Value")]
        else:
            ends = self.one(field, "Interval").attrib
            assert ends["closure"] == "closedClosed"
            valid = float(ends["leftMargin"]) <= value <= float(ends["rightMargin"])
        if not valid:
            assert treatment["invalidValueTreatment"] == "returnInvalid"
            raise Refused(name)
        return value

    def value(self, expression: Element, values: dict[str, Any]) -> Any:
        kind = expression.tag.removeprefix(f"{{{NAMESPACE}}}")
        if kind == "FieldRef":
            return values[expression.attrib["field"]]
        if kind == "Constant":
            text = expression.text or ""
            return float(text) if expression.attrib["dataType"] == "double" else text
        assert kind == "Apply"
        arguments = list(expression)
        first = self.value(arguments[0], values)
        if expression.attrib["function"] == "if":
            if not first and len(arguments) == 2:
                raise Refused("missing")
            return self.value(arguments[1 if first else 2], values)
        others = [self.value(argument, values) for argument in arguments[1:]]
        return self.apply(expression.attrib["function"], first, *others)

    @staticmethod
    def apply(function: str, one: Any, other: Any = None) -> Any:
        match function:
            case "+":
                return one + other
            case "-":
                return one - other
            case "*":
                return one * other
            case "floor":
                return math.floor(one)
            case "equal":
                return one == other
            case "lessThan":
                return one < other
        raise AssertionError(function)


def test_every_case_by_the_file_alone(either: Cases) -> None:
    model = either.model
    evaluator = Evaluator(pmml(model, "test"))
    scored = refused = 0
    for case in either.cases:
        if not fits(model, case.input):
            continue
        given = pmml_input(model, case.input)
        if "risk" not in case.expected:
            with pytest.raises(Refused):
                evaluator.outputs(given)
            refused += 1
            continue
        found = evaluator.outputs(given)
        assert found["predicted_risk"] == pytest.approx(case.expected["risk"], abs=1e-12, rel=0)
        assert found["shown_total_points"] == case.expected["total_points"], case.id
        for key, points in case.expected["points"].items():
            assert found[f"shown_points_{key}"] == points, (case.id, key)
        scored += 1
    assert scored > 1_500
    assert refused > 180


def test_both_answers_are_asked_while_one_is_not_known(published: Cases) -> None:
    evaluator = Evaluator(pmml(published.model, "test"))
    cases = [case for case in published.cases if "scenarios" in case.expected]
    for case in cases:
        for answer, code in ((True, "if_restored"), (False, "if_not_restored")):
            given = pmml_input(published.model, case.input | {"mvh_restored": answer})
            risk = case.expected["scenarios"][code]["risk"]
            assert evaluator.outputs(given)["predicted_risk"] == pytest.approx(risk, abs=1e-12)
    assert len(cases) > 150


def test_structure(either: Cases) -> None:
    evaluator = Evaluator(pmml(either.model, "test"))
    root, model = evaluator.root, evaluator.model
    assert (root.tag, root.attrib["version"]) == (f"{{{NAMESPACE}}}PMML", "4.4")
    names = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in root]
    assert names == ["Header", "DataDictionary", "RegressionModel"]
    assert [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in model] == PARTS
    assert either.model.label in evaluator.one(root, "Header").attrib["description"]
    assert evaluator.data.keys() == evaluator.used.keys() == {*either.model.fields, "risk"}
    count = evaluator.one(root, "DataDictionary").attrib["numberOfFields"]
    assert int(count) == len(evaluator.data)
    targets = [name for name, e in evaluator.used.items() if e.attrib["usageType"] == "target"]
    assert targets == ["risk"]
    for name in either.model.fields:
        treatment = evaluator.used[name].attrib
        assert treatment["missingValueTreatment"] == "returnInvalid"
        assert treatment["invalidValueTreatment"] == "returnInvalid"
    known = [*evaluator.data, *evaluator.derived]
    assert len(set(known)) == len(known)
    references = {e.attrib["field"] for e in root.iter(f"{{{NAMESPACE}}}FieldRef")}
    references |= {e.attrib["name"] for e in root.iter(f"{{{NAMESPACE}}}NumericPredictor")}
    assert references <= set(known)


def test_a_field_with_the_name_of_a_result_is_refused(made_up: Cases) -> None:
    weight, smoker, anemia = made_up.model.predictors
    model = replace(made_up.model, predictors=(replace(weight, field="risk"), smoker, anemia))
    with pytest.raises(ValueError, match="name that PMML needs"):
        pmml(model, "test")


def test_readers_of_others_agree(made_up: Cases) -> None:
    """Kept results of two readers; ``reference/pmml_readers.py`` makes them anew."""
    kept = json.loads(REFERENCE.read_text())
    # They read the file as it is made now.
    assert kept["sha256"] == hashlib.sha256(pmml(MADE_UP, "reference")).hexdigest()
    expected = {case.id: case.expected for case in made_up.cases}
    assert len(kept["readers"]) == 2
    for reader in kept["readers"]:
        scored = 0
        for name, risk in reader["risks"].items():
            if "risk" in expected[name]:
                assert risk == pytest.approx(expected[name]["risk"], abs=1e-12, rel=0), name
                scored += 1
            else:
                assert risk is None, name
        assert scored > 400
        assert len(reader["risks"]) - scored > 150
