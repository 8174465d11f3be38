"""Versions of the model adjusted to this hospital."""

from django.db.models import Count, QuerySet

from scoring.models import Recalibration
from scoring.models.recalibration import Decision


def recalibrations() -> QuerySet[Recalibration]:
    """All that were ever proposed with their decisions, the latest first."""
    return Recalibration.objects.prefetch_related("decisions").order_by("-number")


def recalibrations_in_use() -> list[int]:
    """The numbers of those that results were made with: every one that was ever approved."""
    approved = Recalibration.objects.filter(decisions__decision=Decision.APPROVED)
    return list(approved.order_by("number").values_list("number", flat=True))


def results_made_with(recalibration: Recalibration) -> int:
    """How many versions of assessments carry its risk."""
    found = Recalibration.objects.filter(pk=recalibration.pk).aggregate(n=Count("risks"))
    return int(found["n"])
