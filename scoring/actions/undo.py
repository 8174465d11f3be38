"""Who may undo what they have just saved, and for how long."""

from django.utils import timezone

from scoring.entry.rules import UNDO_TIME
from scoring.models import Assessment, Outcome, User


class UndoRefusedError(ValueError):
    """Somebody else saved it, or more than ten minutes ago, or it is nothing that is undone."""


def check_undo(record: Assessment | Outcome, by: User) -> None:
    """Raises UndoRefusedError unless the user saved the record in the last ten minutes."""
    if record.created_by_id != by.pk or timezone.now() - record.created_at > UNDO_TIME:
        raise UndoRefusedError
