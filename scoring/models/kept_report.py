"""Reports kept as PDF after they were made once, so that printing takes no renderer."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.models.assessment import Assessment
from scoring.models.codes import PaperSize

# Kept reports are removed after this time; the next print makes them again.
KEPT_FOR = timedelta(days=30)


class PaperKind(models.TextChoices):
    """What is printed of one assessment."""

    REPORT = "report", _("report")
    PATIENT_SHEET = "patient_sheet", _("patient sheet")


class KeptReport(models.Model):
    """One version on paper, as PDF without its foot: who printed it and when differs each time.

    No part of the record: whatever is missing is made again, so that rows are replaced and
    removed. ``digest`` stands for all that the content depends on (``scoring.report.paper``); with
    another digest the row is of no use any more.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=13, choices=PaperKind)
    language = models.CharField(max_length=20)
    paper = models.CharField(max_length=6, choices=PaperSize)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kept_report_once", fields=["assessment", "kind", "language", "paper"]
            )
        ]
        indexes = [models.Index(name="kept_report_oldest", fields=["made_at"])]

    def __str__(self) -> str:
        """For logs: no patient data."""
        return f"{self.kind} of {self.assessment_id}"
