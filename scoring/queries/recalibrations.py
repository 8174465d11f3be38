"""Versions of the model adjusted to this hospital."""

from django.db.models import Count, QuerySet

from scoring.models import Recalibration


def recalibrations() -> QuerySet[Recalibration]:
    """All that were ever proposed with their decisions, the latest first."""
    return Recalibration.objects.prefetch_related("decisions").order_by("-number")


def results_made_with(recalibration: Recalibration) -> int:
    """How many versions of assessments carry its risk."""
    found = Recalibration.objects.filter(pk=recalibration.pk).aggregate(n=Count("risks"))
    return int(found["n"])


def undecided() -> QuerySet[Recalibration]:
    """Those that wait for a second person's decision, oldest first."""
    return Recalibration.objects.filter(decisions__isnull=True).order_by("number")
