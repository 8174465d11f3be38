"""The index assessment of every chain, which the local validation counts, in a narrow table."""

import pgtrigger
from django.db import models

from scoring.models.chain import AssessmentChain
from scoring.models.guards import never_deleted
from scoring.models.predictor_columns import KnownPredictorColumns
from scoring.nomogram.eligibility import Population
from scoring.nomogram.rong2025.model import RONG_2025

# The columns and where they come from in ``scoring_assessment`` (``{a}``).
_COPIED = {
    "chain_id": "{a}.chain_id",
    "assessment_id": "{a}.id",
    "patient_id": "{a}.patient_id",
    "created_at": "{a}.created_at",
    "population": "{a}.population",
    "model_identifier": "{a}.model_identifier",
    "model_version": "{a}.model_version",
    **{field: f"{{a}}.{field}" for field in RONG_2025.fields},
    "total_points": "COALESCE({a}.restored_total_points, {a}.not_restored_total_points)",
    "risk": "COALESCE({a}.restored_risk, {a}.not_restored_risk)",
}


def copied_from(source: str) -> str:
    """The values of ``INTO`` as read from a row of ``scoring_assessment`` of this name."""
    return ", ".join(expression.format(a=source) for expression in _COPIED.values())


def differing(copy: str, source: str) -> str:
    """SQL of the columns in which a copy differs from its version, with a blank between them."""
    names = (
        f"CASE WHEN {copy}.{name} IS DISTINCT FROM {expression.format(a=source)} THEN '{name}' END"
        for name, expression in _COPIED.items()
    )
    return f"concat_ws(' ', {', '.join(names)})"


# Columns of a copy, in the order of ``copied_from``.
COPIED_COLUMNS = tuple(_COPIED)
INTO = f"INTO scoring_indexassessment ({', '.join(COPIED_COLUMNS)})"
# Constants of this file, without values from outside. A completion that was undone within ten
# minutes was a slip: nobody relied on it, and the next version that is final takes its place.
COPY_ONE = f"""
    INSERT {INTO} VALUES ({copied_from("NEW")}) ON CONFLICT (chain_id) DO UPDATE
    SET ({", ".join(_COPIED)}) = ROW(EXCLUDED.{", EXCLUDED.".join(_COPIED)})
    WHERE EXISTS (
        SELECT FROM scoring_assessment u
        WHERE u.supersedes_id = scoring_indexassessment.assessment_id AND u.change = 'undo'
    );
    RETURN NULL;
"""  # noqa: S608


class IndexAssessment(KnownPredictorColumns):
    """A copy of the first version of a chain whose middle vertebral height is known.

    A clinician first relied on this version, so later corrections do not change the copy; a
    completion undone within ten minutes does not count. Only the trigger of an inserted version
    writes it. The table is narrow, so that a million rows are
    read quickly.
    """

    chain = models.OneToOneField(
        AssessmentChain, primary_key=True, on_delete=models.PROTECT, related_name="index_assessment"
    )
    assessment = models.OneToOneField(
        "Assessment", on_delete=models.PROTECT, related_name="index_assessment_of"
    )
    patient_id = models.UUIDField()
    created_at = models.DateTimeField()
    population = models.CharField(max_length=18, choices=[(p.value, p.value) for p in Population])
    model_identifier = models.CharField(max_length=40)
    model_version = models.CharField(max_length=20)
    total_points = models.FloatField()
    risk = models.FloatField()

    class Meta:
        triggers = [
            *never_deleted("index_assessment"),
            pgtrigger.Trigger(
                name="index_assessment_by_version_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    -- Depth 2 is the trigger of an inserted version; anything else is refused.
                    IF pg_trigger_depth() < 2 THEN
                        RAISE EXCEPTION 'pgtrigger: only a new version writes an index assessment';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        """The chain, no patient data."""
        return str(self.chain_id)
