"""The state of other systems that read from this site, or from which it reads. No patients."""

from collections.abc import Sequence
from typing import NamedTuple

from scoring.models import AuditEvent, CdsState

_READ, _REFUSED = AuditEvent.Action.SMART_READ, AuditEvent.Action.SMART_REFUSED


class ServerState(NamedTuple):
    """The last lines of the access log about a FHIR server; None where there is none.

    ``opened`` is the last reading that was launched from there, ``asked`` the last one that was
    started from here.
    """

    opened: AuditEvent | None
    asked: AuditEvent | None
    refused: AuditEvent | None


def server_states(names: Sequence[str]) -> dict[str, ServerState]:
    """Of each server by its name; "" stands for servers that the site does not know."""
    return {
        name: ServerState(
            _last(_READ, server=name, launch="ehr"),
            _last(_READ, server=name, launch="standalone"),
            _last(_REFUSED, server=name),
        )
        for name in names
    }


def _last(action: AuditEvent.Action, **detail: str) -> AuditEvent | None:
    found = AuditEvent.objects.filter(action=action, detail__contains=detail)
    return found.order_by("-at").first()


def cds_states() -> dict[str, CdsState]:
    """Of each client by its issuer, as far as it called."""
    return {one.issuer: one for one in CdsState.objects.all()}
