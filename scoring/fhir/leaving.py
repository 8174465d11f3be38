"""The last step of every resource that leaves."""

from scoring.fhir.invariants import broken_invariants, empty_elements
from scoring.fhir.resource import Resource, written
from scoring.fhir.structure import Fault, structure_faults


class FaultyResourceError(Exception):
    """A resource of ours is not sound: an error of the program. It holds no patient data."""


def faults(resource: Resource) -> list[Fault]:
    """What is wrong with a resource: its structure, or else what is empty, or else its content."""
    return (
        list(structure_faults(resource))
        or list(empty_elements(resource, str(resource["resourceType"])))
        or list(broken_invariants(resource))
    )


def checked(resource: Resource) -> str:
    """The JSON of a resource that is sound. Raises FaultyResourceError."""
    found = faults(resource)
    if found:
        raise FaultyResourceError("; ".join(f"{one.where} {one.code}" for one in found))
    return written(resource)
