"""Versions of the model adjusted to this hospital."""

from django.db.models import Count, QuerySet

from scoring.models import Recalibration, User


def recalibrations() -> QuerySet[Recalibration]:
    """All that were ever proposed with their decisions, the latest first."""
    return Recalibration.objects.prefetch_related("decisions").order_by("-number")


def results_made_with(recalibration: Recalibration) -> int:
    """How many versions of assessments carry its risk."""
    found = Recalibration.objects.filter(pk=recalibration.pk).aggregate(n=Count("risks"))
    return int(found["n"])


def waiting_for(user: User) -> QuerySet[Recalibration]:
    """Those that wait for a second person's decision, which this user may be; oldest first."""
    undecided = Recalibration.objects.filter(decisions__isnull=True)
    return undecided.exclude(proposed_by=user).order_by("number")
