"""What the filters of the history offer to choose from, as it is on record."""

from functools import cache

from django.db.models import Exists, OuterRef

from scoring.models import Assessment, Recalibration, User
from scoring.models.recalibration import Decision
from scoring.queries.prepared import Statement

# One look into the index for each model, instead of reading a million rows to find one or two.
_MODELS = Statement(
    """
    WITH RECURSIVE on_record AS (
        (SELECT model_identifier, model_version FROM scoring_assessment ORDER BY 1, 2 LIMIT 1)
        UNION ALL
        SELECT following.* FROM on_record CROSS JOIN LATERAL (
            SELECT model_identifier, model_version FROM scoring_assessment
            WHERE (model_identifier, model_version)
                > (on_record.model_identifier, on_record.model_version)
            ORDER BY 1, 2 LIMIT 1
        ) following
    )
    SELECT model_identifier, model_version FROM on_record
    """,
    (),
)


def clinicians() -> list[tuple[int, str]]:
    """Key and name of everybody who made a version of an assessment, by name."""
    return [(pk, name) for pk, name in _clinicians().rows()]


def models_on_record() -> list[tuple[str, str]]:
    """Identifier and version of every model with an assessment on record, in order."""
    return [(identifier, version) for identifier, version in _MODELS.rows()]


def recalibrations_in_use() -> list[int]:
    """The numbers of those that results were made with: every one that was ever approved."""
    return [number for (number,) in _recalibrations_in_use().rows()]


@cache
def _clinicians() -> Statement:
    # One look into an index for each account, however many versions there are.
    made = Assessment.objects.filter(created_by=OuterRef("pk"))
    named = User.objects.filter(Exists(made)).order_by("display_name", "pk")
    return Statement.of(named.values_list("pk", "display_name"))


@cache
def _recalibrations_in_use() -> Statement:
    approved = Recalibration.objects.filter(decisions__decision=Decision.APPROVED)
    return Statement.of(approved.order_by("number").values_list("number"))
