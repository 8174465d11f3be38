"""The structure of a resource, as fhir.resources checks it: elements, how many of each, formats.

The library leaves out invariants and value sets: ``invariants`` has them. Its first import takes a
second or two, so it is imported when a resource is first checked.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from scoring.fhir.resource import Resource

# In the order of the library's words for them; everything else is a value of a wrong form.
_CODES = {
    "extra_forbidden": "structure",
    "model_field_validation.missing": "required",
    "missing": "required",
}


class Fault(NamedTuple):
    """What is wrong with a resource.

    ``code``: of FHIR's issue types (structure, required, value, invariant, code-invalid).
    ``where``: a FHIRPath expression; ``what``: in English, for developers: the library's words or
    the name of an invariant.
    """

    code: str
    where: str
    what: str


def structure_faults(resource: Resource) -> Iterator[Fault]:
    """What the library finds; of a resource in a bundle or contained, too."""
    # Here, because a page must not wait for it.
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    kind = resource.get("resourceType")
    # Of one inside another the library takes a missing type, and raises KeyError of an unknown one.
    unknown = list(_unknown_types(resource, str(kind) if is_known(kind) else ""))
    if unknown:
        yield from unknown
        return
    try:
        get_fhir_model_class(str(kind)).model_validate(resource)
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            where = _expression(str(kind), one["loc"])
            yield Fault(_CODES.get(one["type"], "value"), where, one["msg"])


def _unknown_types(resource: Any, where: str) -> Iterator[Fault]:
    if not isinstance(resource, dict) or not is_known(resource.get("resourceType")):
        yield Fault("structure", where, "resourceType")
        return
    inside = [
        *_inside(resource.get("contained"), f"{where}.contained"),
        *(
            (entry["resource"], f"{place}.resource")
            for entry, place in _inside(resource.get("entry"), f"{where}.entry")
            if isinstance(entry, dict) and "resource" in entry
        ),
        *(
            (parameter["resource"], f"{place}.resource")
            for parameter, place in _inside(resource.get("parameter"), f"{where}.parameter")
            if isinstance(parameter, dict) and "resource" in parameter
        ),
    ]
    for one, place in inside:
        yield from _unknown_types(one, place)


def _inside(values: object, where: str) -> list[tuple[Any, str]]:
    if not isinstance(values, list):
        return []
    return [(value, f"{where}[{place}]") for place, value in enumerate(values)]


def is_known(kind: object) -> bool:
    """Whether there is a resource of this type in R4."""
    from fhir.resources.R4B import get_fhir_model_class
    from fhir.resources.R4B.resource import Resource as AnyResource

    if not isinstance(kind, str):
        return False
    try:
        return issubclass(get_fhir_model_class(kind), AnyResource)
    except (KeyError, ValueError):
        return False


def _expression(kind: str, loc: tuple[int | str, ...]) -> str:
    return kind + "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in loc)
