"""Unfinished forms. They are no part of the record: they change and are deleted."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.entry import Origin
from scoring.models import AuditEvent, Draft, Patient, User
from scoring.models.draft import KEPT_FOR

# A user has no more than these; the oldest go first.
MOST = 50


def keep_draft(
    *,
    owner: User,
    token: UUID,
    address: str,
    fields: Mapping[str, list[str]],
    patient: Patient | None,
) -> bool:
    """Keep what a form holds now, in place of what it held before.

    Returns False, and keeps nothing, where the form was saved meanwhile.
    """
    values = {
        "address": address,
        "fields": dict(fields),
        "patient": patient,
        "updated_at": timezone.now(),
    }
    kept_before = Draft.objects.filter(token=token, owner=owner)
    # Sent once more unchanged it is no younger: its page may stand open, or show it again each day.
    is_changed = ~Q(address=address, fields=values["fields"])
    if kept_before.filter(is_changed).update(**values) or kept_before.exists():
        return True
    Draft.objects.bulk_create([Draft(token=token, owner=owner, **values)], ignore_conflicts=True)
    # Asked after the draft is there. Saving records first and then deletes the draft: a form that
    # is saved at this moment either deletes this draft or is found here.
    if queries.saved_with(token) is not None:
        forget_draft(owner=owner, token=token)
        return False
    kept = Draft.objects.filter(owner=owner).order_by("-updated_at")[:MOST]
    Draft.objects.filter(owner=owner).exclude(token__in=kept.values("token")).delete()
    return True


def forget_draft(*, owner: User, token: UUID, address: str = "") -> None:
    """Delete the draft of a form that was saved; with ``address`` all of the owner's there."""
    found = Q(token=token) | Q(address=address) if address else Q(token=token)
    Draft.objects.filter(found, owner=owner).delete()


@transaction.atomic
def discard_draft(*, by: User, draft: Draft, origin: Origin) -> None:
    """Delete a draft because its user wants it no more; logged where it names a patient.

    Nothing is done where it is gone by now.
    """
    deleted, _of_each = draft.delete()
    if deleted and draft.patient is not None:
        log_event(
            by=by,
            action=AuditEvent.Action.DRAFT_DISCARDED,
            origin=origin,
            patient=draft.patient,
        )


def remove_old_drafts() -> None:
    """Delete what nobody went on with for ``KEPT_FOR``."""
    Draft.objects.filter(updated_at__lt=timezone.now() - KEPT_FOR).delete()
