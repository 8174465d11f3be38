"""Unfinished forms. They are no part of the record: they change and are deleted."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.entry import Origin
from scoring.models import Assessment, AuditEvent, Draft, Patient, User
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
) -> None:
    """Keep what a form holds now, in place of what it held before.

    Nothing is kept of a form that was saved meanwhile, or whose token is another user's.
    """
    values = {
        "address": address,
        "fields": dict(fields),
        "patient": patient,
        "updated_at": timezone.now(),
    }
    if Draft.objects.filter(token=token, owner=owner).update(**values):
        return
    if queries.made_by_form(Assessment, token) is None:
        draft = Draft(token=token, owner=owner, **values)
        Draft.objects.bulk_create([draft], ignore_conflicts=True)
        kept = Draft.objects.filter(owner=owner).order_by("-updated_at")[:MOST]
        Draft.objects.filter(owner=owner).exclude(token__in=kept.values("token")).delete()


def forget_draft(*, owner: User, token: UUID) -> None:
    """Delete the draft of a form that was saved."""
    Draft.objects.filter(token=token, owner=owner).delete()


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
