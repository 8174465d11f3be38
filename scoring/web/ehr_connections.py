"""For the page "Connections": FHIR servers that are read, and clients of CDS Hooks. No patients."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from scoring import queries
from scoring.entry.characters import visible
from scoring.models import AuditEvent, CdsState
from scoring.words import cds_hooks
from scoring.words.smart import trouble_text

# Shown of what a server answered; the access log has all of it.
_LONGEST = 200


@dataclass(frozen=True)
class Refusal:
    """When something was refused last, why, and what the other side answered, if anything."""

    at: datetime
    reason: str
    answer: str = ""


@dataclass(frozen=True)
class ServerRow:
    """A FHIR server; without a name all that the site does not know."""

    name: str
    issuer: str
    opened_at: datetime | None
    asked_at: datetime | None
    refused: Refusal | None


@dataclass(frozen=True)
class ClientRow:
    """A client of CDS Hooks; without an issuer all that the site does not know."""

    name: str
    issuer: str
    called_at: datetime | None
    refused: Refusal | None


def server_rows() -> list[ServerRow]:
    """The servers of the settings, then the others, where one of these was refused."""
    issuers = {one.name: one.issuer for one in settings.SMART_SERVERS}
    if not issuers:
        return []
    rows = []
    for name, state in queries.server_states([*issuers, ""]).items():
        opened_at, asked_at = (one.at if one else None for one in (state.opened, state.asked))
        refused = _refusal(state.refused)
        if name or refused:
            rows.append(ServerRow(name, issuers.get(name, ""), opened_at, asked_at, refused))
    return rows


def _refusal(event: AuditEvent | None) -> Refusal | None:
    if event is None:
        return None
    answer = visible(str(event.detail.get("answer", "")))[:_LONGEST]
    return Refusal(event.at, trouble_text(str(event.detail.get("trouble", ""))), answer)


def client_rows() -> list[ClientRow]:
    """The clients of the settings, then the others, where one of these was refused."""
    names = {issuer: one["name"] for issuer, one in settings.CDS_CLIENTS.items()}
    if not names:
        return []
    states = queries.cds_states()
    known = [_client(name, issuer, states.get(issuer)) for issuer, name in names.items()]
    return [*known, *([_client("", "", states[""])] if "" in states else [])]


def _client(name: str, issuer: str, state: CdsState | None) -> ClientRow:
    if state is None:
        return ClientRow(name, issuer, None, None)
    refused = None
    if state.refused_at is not None:
        refused = Refusal(state.refused_at, cds_hooks.refusal_text(state.refusal))
    return ClientRow(name, issuer, state.called_at, refused)
