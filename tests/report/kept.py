"""Kept reports for tests: the renderer in their place, made, printed and found."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring import queries
from scoring.management import kept_reports
from scoring.management.kept_reports import make_a_report
from scoring.models import Assessment, PaperKind, WardSettings
from scoring.models.codes import PaperSize
from scoring.report import paper
from tests.life import acts

REPORT, SHEET = PaperKind.REPORT, PaperKind.PATIENT_SHEET
NAMES = {REPORT: "assessment-report", SHEET: "assessment-patient-sheet"}


def made_beside() -> None:
    """As many rounds of the background work as there are reports waiting."""
    while kept_reports.waiting_since(timezone.now() + timedelta(days=1)):
        make_a_report()


def printed(client: Client, of: Assessment, kind: PaperKind = REPORT, **asked: str) -> Any:
    return client.get(reverse(NAMES[kind], args=[of.pk]), asked)


def digest(of: Assessment, kind: PaperKind = REPORT, *, size: PaperSize = PaperSize.A4) -> str:
    """As the next print finds it."""
    ward = queries.ward_settings()
    with timezone.override(None):
        ward.activate_time_zone()
        return paper.digest(kind, acts.read(of.pk), ward, size)


def found(of: Assessment) -> bytes | None:
    """What the next print of the report finds."""
    return queries.kept_report(of, REPORT, language="en", size=PaperSize.A4, digest=digest(of))


def in_a_ward(**changes: Any) -> Callable[[Assessment], None]:
    def change(_of: Assessment) -> None:
        before = WardSettings.objects.order_by("-revision").first() or WardSettings.initial()
        for name, value in changes.items():
            setattr(before, name, value)
        before.revision += 1
        before.changed_at = timezone.now()
        before.save(force_insert=True)

    return change
