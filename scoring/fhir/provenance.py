"""Who made a version of an assessment, when, by which application, and from what."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from scoring.fhir.codes import TERMINOLOGY
from scoring.fhir.identity import meta, risk_reference
from scoring.fhir.resource import Resource, instant, without_empty
from scoring.models import Assessment, LaboratorySource, User
from scoring.models.codes import Change

# What HL7's DataOperation calls a change; a void takes back, everything else updates.
_OPERATIONS = {Change.NEW.value: "CREATE", Change.VOID.value: "NULLIFY"}


def provenance_resource(version: Assessment) -> Resource:
    """Of one version; its id is the version's, so that each has its own, and it never changes.

    The reason of a correction stands in it. Roles don't: those of the time are not recorded.
    """
    made_at = instant(version.created_at)
    operation = _OPERATIONS.get(version.change, "UPDATE")
    return without_empty(
        {
            "resourceType": "Provenance",
            "id": str(version.pk),
            "meta": meta("1", made_at, version.patient),
            "target": [{"reference": risk_reference(version), "type": "RiskAssessment"}],
            "occurredDateTime": made_at,
            "recorded": made_at,
            "reason": [{"text": version.reason}] if version.reason else [],
            "activity": {
                "coding": [{"system": f"{TERMINOLOGY}/v3-DataOperation", "code": operation}],
                "text": str(Change(version.change).label),
            },
            "agent": [_agent(version.created_by, version.created_by_name)],
            "entity": [*_predecessor(version), *map(_source, _sources(version))],
        }
    )


def _agent(user: User, name: str) -> Resource:
    """A person, or an application, which enters what it was given."""
    is_application = hasattr(user, "application_token")
    kind, code = ("Device", "enterer") if is_application else ("Practitioner", "author")
    system = f"{TERMINOLOGY}/provenance-participant-type"
    return without_empty(
        {
            "type": {"coding": [{"system": system, "code": code}]},
            "who": {"type": kind, "display": name},
        }
    )


def _predecessor(version: Assessment) -> Iterator[Resource]:
    if version.supersedes_version is not None:
        before = risk_reference(version, version.supersedes_version)
        yield {"role": "revision", "what": {"reference": before, "type": "RiskAssessment"}}


def _sources(version: Assessment) -> list[LaboratorySource]:
    return list(version.sources_by_predictor.values())


def _source(taken: LaboratorySource) -> Resource:
    """Where a value stands in another system: a resource of a FHIR server, or a message."""
    message = taken.result.message
    if message.is_read:
        what: Resource = {
            "reference": f"{message.facility}/{message.control_id}",
            "type": "Observation",
            "display": message.sender,
        }
    else:
        shown = _("Laboratory message of %(sender)s") % {"sender": message.sender or "–"}
        what = without_empty(
            {
                "identifier": {"value": message.control_id} if message.control_id.strip() else {},
                "display": shown,
            }
        )
    return {"role": "source", "what": what}
