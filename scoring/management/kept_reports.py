"""Reports that are made before somebody prints them, by ``manage.py background``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation

from scoring import actions, queries
from scoring.models import Assessment, PaperKind, WardSettings
from scoring.models.codes import PaperSize
from scoring.report import paper
from scoring.report.renderer import pdf_of

# Less than PostgreSQL waits for a process that holds the lock of the background work.
_PDF_SECONDS = 10.0


@dataclass(frozen=True)
class _Waiting:
    """A report that is not kept."""

    assessment: Assessment
    kind: PaperKind
    language: str
    size: PaperSize
    digest: str


# Digests of reports that could not be made: others go first.
_failed: set[str] = set()


def make_a_report() -> None:
    """Make and keep the newest report that is missing. Raises whatever goes wrong.

    One at a time: the access log is sealed in between.
    """
    ward = queries.ward_settings()
    waiting = sorted(_waiting(ward), key=lambda each: each.digest in _failed)
    if not waiting:
        return
    first = waiting[0]
    try:
        with _as_printed(ward, first.language):
            html = paper.HTML[first.kind](
                first.assessment, printed_by=None, ward=ward.heading, size=first.size
            )
        content = pdf_of(html, seconds=min(_PDF_SECONDS, settings.PDF_SECONDS))
    except Exception:
        _failed.add(first.digest)
        raise
    _failed.clear()
    actions.keep_report(
        first.assessment,
        first.kind,
        language=first.language,
        size=first.size,
        digest=first.digest,
        content=content,
    )
    actions.remove_kept_reports()


def waiting_since(moment: datetime) -> int:
    """How many reports of versions saved before a moment are not kept yet."""
    waiting = _waiting(queries.ward_settings())
    return sum(each.assessment.created_at < moment for each in waiting)


def _waiting(ward: WardSettings) -> list[_Waiting]:
    """Reports of recent versions that are not kept: the ward's language first, newest first."""
    recent = queries.recent_versions()
    kept = queries.kept_digests(recent)
    wanted = []
    size = PaperSize(ward.paper)
    for language in queries.languages_in_use():
        with _as_printed(ward, language):
            wanted += [
                _Waiting(
                    assessment, kind, language, size, paper.digest(kind, assessment, ward, size)
                )
                for assessment in recent
                for kind in paper.kinds(assessment)
            ]
    return [each for each in wanted if each.digest not in kept]


@contextmanager
def _as_printed(ward: WardSettings, language: str) -> Iterator[None]:
    """In the language and time zone of a page."""
    with translation.override(language), timezone.override(None):
        ward.activate_time_zone()
        yield
