"""Answers with a PDF: how many requests of a process may wait for its renderer.

The renderer makes one PDF at a time. A request that waits for it holds a thread, but no slot of the
database; up to three quarters of the threads wait, and others are told at once to come again, so
that pages keep threads. A report that is kept takes no renderer; one that the background work kept
while its request waited is not made again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

from scoring import actions, queries
from scoring.http.causes import Cause, NotAvailableError
from scoring.http.slots import outside_the_database
from scoring.models import Assessment, PaperKind, WardSettings
from scoring.models.codes import PaperSize
from scoring.report import paper
from scoring.report.foot_font import UnstampableError
from scoring.report.renderer import ReportTimeoutError, pdf_of
from scoring.report.stamp import check_foot, stamped

# One less: however few threads there are, some slot of the database stays free for pages.
_places = threading.BoundedSemaphore(max(settings.THREADS * 3 // 4 - 1, 1))
# Who has it uses the renderer, the others wait.
_turn = threading.Lock()


def pdf_response(document: Callable[[], str], *, name: str) -> HttpResponse:
    """The document as a PDF to look at. Raises as ``printed``."""
    return pdf_answer(printed(document), name=name)


def pdf_answer(content: bytes, *, name: str) -> HttpResponse:
    """A PDF to look at."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def paper_response(
    kind: PaperKind,
    assessment: Assessment,
    *,
    printed_by: str,
    ward: WardSettings,
    size: PaperSize,
) -> HttpResponse:
    """An assessment on paper, in the active language: as kept, or made and kept now.

    Raises as ``printed``.
    """
    pdf = _paper(kind, assessment, printed_by, ward, size)
    end = "-patient" if kind is PaperKind.PATIENT_SHEET else ""
    return pdf_answer(pdf, name=f"{assessment.chain.report_number}-v{assessment.version}{end}")


def _paper(
    kind: PaperKind, assessment: Assessment, printed_by: str, ward: WardSettings, size: PaperSize
) -> bytes:
    foot = paper.foot_text(kind, assessment, printed_by)
    with suppress(UnstampableError):
        check_foot(foot)
        return stamped(paper_without_foot(kind, assessment, ward=ward, size=size), foot)
    return printed(
        partial(paper.HTML[kind], assessment, printed_by=printed_by, ward=ward.heading, size=size)
    )


def kept_paper(
    kind: PaperKind, assessment: Assessment, *, ward: WardSettings, size: PaperSize
) -> bytes | None:
    """The PDF without its foot in the active language, where it is kept and still holds."""
    digest = paper.digest(kind, assessment, ward, size)
    return queries.kept_report(assessment, kind, language=get_language(), size=size, digest=digest)


def paper_without_foot(
    kind: PaperKind, assessment: Assessment, *, ward: WardSettings, size: PaperSize
) -> bytes:
    """The same, made where it is not kept; kept where it is of the current version.

    Raises as ``printed``.
    """
    kept = kept_paper(kind, assessment, ward=ward, size=size)
    if kept is not None:
        return kept
    with _in_turn():
        # The background work may have kept it meanwhile.
        kept = kept_paper(kind, assessment, ward=ward, size=size)
        if kept is not None:
            return kept
        # By what it is made of: what is recorded meanwhile is not in it.
        digest = paper.digest(kind, assessment, ward, size)
        document = paper.HTML[kind]
        body = _made(partial(document, assessment, printed_by=None, ward=ward.heading, size=size))
    if assessment.is_current:
        actions.keep_report(
            assessment,
            kind,
            language=get_language(),
            size=size,
            digest=digest,
            content=body,
        )
    return body


def printed(document: Callable[[], str]) -> bytes:
    """The document as PDF; ``document`` makes its HTML.

    Raises NotAvailableError where too many wait already, and ReportError.
    """
    with _in_turn():
        return _made(document)


def _made(document: Callable[[], str]) -> bytes:
    html = document()
    with outside_the_database():
        return pdf_of(html)


@contextmanager
def _in_turn() -> Iterator[None]:
    """Wait for the renderer. Raises NotAvailableError, ReportTimeoutError."""
    if not _places.acquire(blocking=False):
        raise NotAvailableError(Cause.REPORTS_BUSY)
    try:
        with outside_the_database():
            is_ours = _turn.acquire(timeout=settings.PDF_SECONDS / 3)
        if not is_ours:
            raise ReportTimeoutError("others before it take too long")
        try:
            yield
        finally:
            _turn.release()
    finally:
        _places.release()
