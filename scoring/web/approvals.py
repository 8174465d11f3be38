"""What waits for the approval of a second person: told to whoever may give it, and the proposer."""

from dataclasses import dataclass

from django.http import HttpRequest

from scoring import queries
from scoring.models import Recalibration, Right, User


@dataclass(frozen=True)
class Approvals:
    """Proposed recalibrations without a decision, oldest first.

    ``to_decide`` are those that this user may approve, ``own`` those that the user proposed.
    """

    to_decide: list[Recalibration]
    own: list[Recalibration]


def approvals(request: HttpRequest) -> Approvals:
    """As the signed-in user sees them; nothing for everybody else."""
    user = getattr(request, "user", None)
    may_decide = isinstance(user, User) and user.has_perm(Right.APPROVE_RECALIBRATION)
    may_propose = isinstance(user, User) and user.has_perm(Right.PROPOSE_RECALIBRATION)
    if user is None or not (may_decide or may_propose):
        return Approvals([], [])
    waiting = list(queries.undecided())
    return Approvals(
        to_decide=[one for one in waiting if may_decide and one.proposed_by_id != user.pk],
        own=[one for one in waiting if one.proposed_by_id == user.pk],
    )
