"""Reports that are kept as PDF, and the versions whose reports are made before somebody prints."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from scoring.models import Assessment, KeptReport, PaperKind, User
from scoring.models.codes import PaperSize
from scoring.queries.record import assessments

# Reports are mostly printed when the version was just saved. Older ones are made when printed.
_RECENT = timedelta(days=1)
_RECENT_AT_MOST = 20


def kept_report(
    assessment: Assessment, kind: PaperKind, *, language: str, size: PaperSize, digest: str
) -> bytes | None:
    """The PDF without its foot; None where none of this digest is kept."""
    found = KeptReport.objects.filter(
        assessment=assessment, kind=kind, language=language, paper=size, digest=digest
    )
    for content in found.values_list("content", flat=True):
        return bytes(content)
    return None


def languages_in_use() -> list[str]:
    """The languages in which reports are made ahead: the site's, then those that users chose."""
    users = User.objects.filter(is_active=True).order_by().values_list("language", flat=True)
    chosen = set(users.distinct())
    offered = [code for code, _name in settings.LANGUAGES if code in chosen]
    return list(dict.fromkeys([settings.LANGUAGE_CODE, *offered]))


def recent_versions() -> list[Assessment]:
    """The newest current versions of the last day, whose reports are made ahead."""
    recent = assessments().filter(created_at__gt=timezone.now() - _RECENT)
    current = recent.filter(chain__current=F("id")).prefetch_related("chain__outcomes")
    return list(current[:_RECENT_AT_MOST])


def kept_digests(of: Iterable[Assessment]) -> set[str]:
    """The digests of the reports that are kept of some versions."""
    return set(KeptReport.objects.filter(assessment__in=of).values_list("digest", flat=True))
