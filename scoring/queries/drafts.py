"""Unfinished forms, each read by its owner alone."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from scoring.models import Assessment, Draft, User
from scoring.queries.need_to_know import seen


def drafts_of(owner: User, address: str = "") -> QuerySet[Draft]:
    """What a user has left unfinished, the latest first; with ``address`` of this page alone.

    Those about a patient who is not seen are left out. A draft that was written while its form was
    being saved is no longer unfinished.
    """
    found = Draft.objects.filter(seen("patient__"), owner=owner).select_related("patient")
    found = found.order_by("-updated_at")
    if address:
        found = found.filter(address=address)
    # Not "NOT IN": that reads the tokens of all assessments.
    return found.exclude(Exists(Assessment.objects.filter(form_token=OuterRef("token"))))


def draft(owner: User, token: UUID | None) -> Draft | None:
    """One of them by the token of its form; None where it is not this user's, or gone."""
    return None if token is None else drafts_of(owner).filter(token=token).first()
