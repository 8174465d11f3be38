"""What fhir.resources leaves out: invariants, value sets, and kinds of JSON values.

The names are those of R4 (4.0.1). Of the invariants those of the elements that we send or read are
checked; of the value sets the required ones among these.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from scoring.fhir.codes import PERCENT, UCUM
from scoring.fhir.resource import Resource
from scoring.fhir.structure import Fault
from scoring.fhir.value_sets import VALUE_SETS

_Rule = Callable[[Resource], bool]

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_CODE = re.compile(r"[^\s]+(\s[^\s]+)*")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# Elements that hold a text, a number or an answer, by the end of their names.
_TEXTS = ("Date", "DateTime", "Instant", "Code", "String", "Uri", "status", "reference", "url")
_COMPARATORS = {"<", "<=", ">=", ">"}
_CHOICES = ("choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string")


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _in_order(low: object, high: object) -> bool:
    return low is None or high is None or (_is_number(low) and _is_number(high) and low <= high)  # type: ignore[operator]


def _is_percent(end: Any) -> bool:
    return isinstance(end, dict) and end.get("code") == PERCENT and end.get("system") == UCUM


def _value_of(end: Any) -> Any:
    return end.get("value") if isinstance(end, dict) else None


def _has_value(element: Resource) -> bool:
    return any(name.startswith("value") and name != "valueSet" for name in element)


def _ras_1(prediction: Resource) -> bool:
    found = prediction.get("probabilityRange")
    return found is None or all(_is_percent(found.get(end)) for end in ("low", "high"))


def _ras_2(prediction: Resource) -> bool:
    found = prediction.get("probabilityDecimal")
    return found is None or (_is_number(found) and 0 <= found <= 100)


def _per_1(period: Resource) -> bool:
    start, end = period.get("start"), period.get("end")
    # Days of one precision are in the order of their texts.
    if not isinstance(start, str) or not isinstance(end, str) or len(start) != len(end):
        return True
    return _DAY.fullmatch(start) is None or start <= end


def _obs_7(observation: Resource) -> bool:
    codes = {_coded(one) for one in observation.get("code", {}).get("coding", [])}
    parts = observation.get("component", [])
    own = {_coded(one) for part in parts for one in part.get("code", {}).get("coding", [])}
    return not (_has_value(observation) and codes & own)


def _coded(one: Resource) -> tuple[object, object]:
    return one.get("system"), one.get("code")


def _bdl_7(bundle: Resource) -> bool:
    addresses = [
        (entry["fullUrl"], entry.get("resource", {}).get("meta", {}).get("versionId"))
        for entry in bundle.get("entry", [])
        if "fullUrl" in entry
    ]
    return bundle.get("type") == "history" or len(set(addresses)) == len(addresses)


def _is_document_in_order(bundle: Resource) -> bool:
    if bundle.get("type") != "document":
        return True
    identifier = bundle.get("identifier", {})
    first = bundle.get("entry", [{}])[0].get("resource", {})
    return (
        {"system", "value"} <= set(identifier)
        and "timestamp" in bundle
        and first.get("resourceType") == "Composition"
    )


def _que_1(item: Resource) -> bool:
    return {"group": "item" in item, "display": "item" not in item}.get(item.get("type", ""), True)


def _unique_links(questionnaire: Resource) -> bool:
    links = [item.get("linkId") for item in _items(questionnaire)]
    return len(set(links)) == len(links)


def _items(element: Resource) -> Iterator[Resource]:
    for item in element.get("item", []):
        yield item
        yield from _items(item)


# By the resource or the element; the element goes by the name it has in its parent.
_RULES: Mapping[str, Mapping[str, _Rule]] = MappingProxyType(
    {
        "prediction": {"ras-1": _ras_1, "ras-2": _ras_2},
        "Observation": {
            "obs-6": lambda o: not ("dataAbsentReason" in o and _has_value(o)),
            "obs-7": _obs_7,
        },
        "referenceRange": {"obs-3": lambda r: bool({"low", "high", "text"} & set(r))},
        "Bundle": {
            "bdl-1": lambda b: "total" not in b or b.get("type") in {"searchset", "history"},
            "bdl-2": lambda b: (
                b.get("type") == "searchset" or not any("search" in e for e in b.get("entry", []))
            ),
            "bdl-7": _bdl_7,
            "bdl-9 bdl-10 bdl-11": _is_document_in_order,
        },
        "entry": {
            "bdl-5": lambda e: bool({"resource", "request", "response"} & set(e)),
            "bdl-8": lambda e: "/_history/" not in str(e.get("fullUrl", "")),
        },
        "content": {
            "att-1": lambda c: (
                "data" not in c.get("attachment", {}) or "contentType" in c["attachment"]
            )
        },
        "Questionnaire": {"que-2": _unique_links},
        "item": {
            "que-1": _que_1,
            "que-4": lambda i: not ("answerOption" in i and "answerValueSet" in i),
            "que-5": lambda i: "answerOption" not in i or i.get("type") in _CHOICES,
            "que-3": lambda i: i.get("type") != "display" or not {"required", "repeats"} & set(i),
        },
        "OperationDefinition": {
            "opd-0": lambda o: bool(re.fullmatch(r"[A-Z]([A-Za-z0-9_]){0,254}", o.get("name", "")))
        },
        "parameter": {
            "opd-1": lambda p: "type" in p or "part" in p or "use" not in p,
        },
        "rest": {
            "cpb-9": lambda r: (
                len({one.get("type") for one in r.get("resource", [])})
                == len(r.get("resource", []))
            )
        },
        "CapabilityStatement": {
            "cpb-1": lambda c: bool({"rest", "messaging", "document"} & set(c)),
            "cpb-2": lambda c: bool({"description", "software", "implementation"} & set(c)),
            "cpb-15": lambda c: c.get("kind") != "instance" or "implementation" in c,
        },
        "extension": {"ext-1": lambda e: ("extension" in e) != _has_value(e)},
    }
)


def empty_elements(element: Any, where: str) -> Iterator[Fault]:
    """Elements that are null or hold nothing (ele-1); the library reads null as left out."""
    if element in (None, "", [], {}):
        yield Fault("invariant", where, "ele-1")
    elif isinstance(element, dict):
        for key, value in element.items():
            yield from empty_elements(value, f"{where}.{key}")
    elif isinstance(element, list):
        for number, one in enumerate(element):
            yield from empty_elements(one, f"{where}[{number}]")


def broken_invariants(resource: Resource) -> Iterator[Fault]:
    """What is wrong with a resource, and with all inside it.

    It has the right structure and no empty elements.
    """
    kind = str(resource.get("resourceType"))
    yield from _of_element(resource, kind, kind, kind)
    yield from _contained(resource, kind)


def _of_element(element: Resource, name: str, path: str, where: str) -> Iterator[Fault]:
    """``path`` names the element, ``where`` says which one it is: with the places in lists."""
    for rule, holds in _RULES.get(name, {}).items():
        if not holds(element):
            yield Fault("invariant", where, rule)
    yield from _general(element, where)
    for key, value in element.items():
        below, place = f"{path}.{key}", f"{where}.{key}"
        yield from _value(key, value, below, place)
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict):
                at = f"{place}[{number}]" if isinstance(value, list) else place
                kind = one.get("resourceType")
                if kind is None:
                    yield from _of_element(one, key, below.replace(".item.item", ".item"), at)
                elif key == "contained":
                    yield from _of_element(one, kind, kind, at)
                else:
                    yield from _contained(one, at)
                    yield from _of_element(one, kind, kind, at)


def _general(element: Resource, where: str) -> Iterator[Fault]:
    """Rules of data types, wherever they are used."""
    is_quantity = "value" in element and isinstance(element.get("code"), str)
    if is_quantity and "system" not in element:
        yield Fault("invariant", where, "qty-3")
    if "value" in element and element.get("comparator", "<") not in _COMPARATORS:
        yield Fault("code-invalid", where, "quantity-comparator")
    if not _in_order(_value_of(element.get("low")), _value_of(element.get("high"))):
        yield Fault("invariant", where, "rng-2")
    if not _per_1(element):
        yield Fault("invariant", where, "per-1")


def _value(key: str, value: object, path: str, where: str) -> Iterator[Fault]:
    is_number = key in {"valueDecimal", "valueInteger", "probabilityDecimal"}
    if key == "id" and not (isinstance(value, str) and _ID.fullmatch(value)):
        yield Fault("value", where, "id")
    elif key.endswith("Boolean") and not isinstance(value, bool):
        yield Fault("value", where, "boolean")
    elif (is_number and not _is_number(value)) or (key == "value" and isinstance(value, bool)):
        yield Fault("value", where, "number")
    elif key.endswith(_TEXTS) and not isinstance(value, str | list | dict):
        yield Fault("value", where, "text")
    elif key == "code" and isinstance(value, str) and not _CODE.fullmatch(value):
        yield Fault("value", where, "code")
    allowed = VALUE_SETS.get(path)
    for one in value if isinstance(value, list) else [value]:
        if allowed is not None and str(one) not in allowed:
            yield Fault("code-invalid", where, str(one))


def _contained(resource: Resource, where: str) -> Iterator[Fault]:
    """What is contained has an id, is referred to, and contains nothing; what is named is there."""
    contained = resource.get("contained", [])
    ids = [one.get("id") for one in contained]
    names = set(_local_references(resource))
    for number, one in enumerate(contained):
        if "contained" in one:
            yield Fault("invariant", f"{where}.contained[{number}]", "dom-2")
        if one.get("id") not in names:
            yield Fault("invariant", f"{where}.contained[{number}]", "dom-3")
        if {"versionId", "lastUpdated"} & set(one.get("meta", {})):
            yield Fault("invariant", f"{where}.contained[{number}]", "dom-4")
    for name in sorted(names - set(ids)):
        yield Fault("invariant", where, f"ref-1 #{name}")


def _local_references(element: Any) -> Iterator[str]:
    if isinstance(element, list):
        for one in element:
            yield from _local_references(one)
    elif isinstance(element, dict):
        found = element.get("reference")
        if isinstance(found, str) and found.startswith("#"):
            yield found.removeprefix("#")
        for key, value in element.items():
            # What is inside a bundle has contained resources of its own.
            if key != "resource":
                yield from _local_references(value)
