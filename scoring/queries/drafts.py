"""Unfinished forms, each read by its owner alone."""

from typing import get_args
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from scoring.models import Draft, User
from scoring.queries.need_to_know import seen
from scoring.queries.record import Record, made_by_form

_RECORDS: tuple[type[Record], ...] = get_args(Record)


def saved_with(token: UUID) -> Record | None:
    """What the form with this token has made; None while it is not saved."""
    for kind in _RECORDS:
        if (made := made_by_form(kind, token)) is not None:
            return made
    return None


def drafts_of(owner: User, address: str = "") -> QuerySet[Draft]:
    """What a user has left unfinished, the latest first; with ``address`` of this page alone.

    Those about a patient who is not seen are left out. A draft that was written while its form was
    being saved is no longer unfinished.
    """
    found = Draft.objects.filter(seen("patient__"), owner=owner).select_related("patient")
    found = found.order_by("-updated_at")
    if address:
        found = found.filter(address=address)
    # Not "NOT IN": that reads the tokens of all records.
    for kind in _RECORDS:
        found = found.exclude(Exists(kind._default_manager.filter(form_token=OuterRef("token"))))
    return found


def draft(owner: User, token: UUID | None) -> Draft | None:
    """One of them by the token of its form; None where it is not this user's, or gone."""
    return None if token is None else drafts_of(owner).filter(token=token).first()
