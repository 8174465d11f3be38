"""The analysed assessments by the user who recorded the index assessment."""

from dataclasses import dataclass

from django.db import connections

from scoring.evaluation.outcome_cohort import InclusionStatus
from scoring.models import User
from scoring.queries.standby import read_from
from scoring.queries.validation import CohortFilter, values_of
from scoring.queries.validation_statement import final_chains
from scoring.statistics.drift import GroupFigures, group_figures


@dataclass(frozen=True)
class UserFigures:
    """The analysed assessments of one user, by the name that the account has now."""

    name: str
    figures: GroupFigures


def validation_by_user(narrowed: CohortFilter) -> list[UserFigures]:
    """Who recorded index assessments that are analysed, those with most first."""
    chains = final_chains(
        recalibrated=narrowed.recalibration is not None, also=", x.created_by_id AS user_id"
    )
    with connections[read_from()].cursor() as cursor:
        cursor.execute(
            f"""
            SELECT user_id, count(*), sum(event::int), sum(risk)
            FROM ({chains}) chains WHERE status = {InclusionStatus.ANALYSED}
            GROUP BY user_id ORDER BY count(*) DESC, user_id
            """,  # noqa: S608 - constants of this file and of ``final_chains``
            values_of(narrowed),
        )
        rows = cursor.fetchall()
    users = User.objects.in_bulk([row[0] for row in rows])
    return [UserFigures(str(users[row[0]]), group_figures(*row[1:])) for row in rows]
