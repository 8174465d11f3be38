"""What the filters of the history offer to choose from, as it is on record."""

from django.db import connection
from django.db.models import Exists, OuterRef

from scoring.models import Assessment, Recalibration, User
from scoring.models.recalibration import Decision
from scoring.nomogram.rong2025.model import RONG_2025

# One look into the index for each model, instead of reading a million rows to find one or two.
_MODELS = """
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
"""


def clinicians() -> list[tuple[int, str]]:
    """Key and name of everybody who made a version of an assessment, by name."""
    # One look into an index for each account, however many versions there are.
    made = Assessment.objects.filter(created_by=OuterRef("pk"))
    named = User.objects.filter(Exists(made)).order_by("display_name", "pk")
    return list(named.values_list("pk", "display_name"))


def models_on_record() -> list[tuple[str, str]]:
    """Identifier and version of every model with an assessment on record, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_MODELS)
        return [(identifier, version) for identifier, version in cursor.fetchall()]


def earlier_models_on_record() -> list[tuple[str, str]]:
    """Those that new assessments don't use any more."""
    latest = (RONG_2025.identifier, RONG_2025.version)
    return [model for model in models_on_record() if model != latest]


def recalibrations_in_use() -> list[int]:
    """The numbers of those that results were made with: every one that was ever approved."""
    approved = Recalibration.objects.filter(decisions__decision=Decision.APPROVED)
    return list(approved.order_by("number").values_list("number", flat=True))
