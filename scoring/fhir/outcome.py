"""OperationOutcome: what is wrong, in words and with the place."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from scoring.fhir import codes
from scoring.fhir.resource import Resource, without_empty
from scoring.fhir.structure import Fault


class Issue(NamedTuple):
    """``kind`` is of FHIR's issue types, ``code`` of our own; ``where`` a FHIRPath expression."""

    kind: str
    text: str
    code: str = ""
    where: str = ""


def outcome(issues: Iterable[Issue]) -> Resource:
    """The resource that answers instead of what was asked for."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(one) for one in issues]}


def _issue(one: Issue) -> Resource:
    details: Resource = {"text": one.text}
    if one.code:
        details = {"coding": [{"system": codes.ISSUES, "code": one.code}], **details}
    return without_empty(
        {
            "severity": "error",
            "code": one.kind,
            "details": details,
            "expression": [one.where] if one.where else [],
        }
    )


def fault_issue(fault: Fault) -> Issue:
    """What a check found in a resource that was sent; its own words stay in English."""
    text = _("This is not sound FHIR R4: %(what)s") % {"what": fault.what}
    return Issue(fault.code, text, where=fault.where)
