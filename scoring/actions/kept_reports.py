"""Keeping reports as PDF, and removing those that are of no use any more.

No part of the record and nobody's doing, so that no user and no line in the access log belong to
it; whoever prints a report leaves a line.
"""

from django.db.models import F
from django.utils import timezone

from scoring.models import Assessment, KeptReport, PaperKind
from scoring.models.codes import PaperSize
from scoring.models.kept_report import KEPT_FOR


def keep_report(
    assessment: Assessment,
    kind: PaperKind,
    *,
    language: str,
    size: PaperSize,
    digest: str,
    content: bytes,
) -> None:
    """Keep it in the place of an earlier one."""
    kept = KeptReport(
        assessment=assessment,
        kind=kind,
        language=language,
        paper=size,
        digest=digest,
        made_at=timezone.now(),
        content=content,
    )
    KeptReport.objects.bulk_create(
        [kept],
        update_conflicts=True,
        unique_fields=["assessment", "kind", "language", "paper"],
        update_fields=["digest", "made_at", "content"],
    )


def remove_kept_reports() -> None:
    """Remove those of superseded versions, and those made ``KEPT_FOR`` ago."""
    KeptReport.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()
    of_superseded = KeptReport.objects.exclude(assessment__chain__current=F("assessment"))
    of_superseded.delete()
