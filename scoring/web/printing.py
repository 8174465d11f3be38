"""Answers with a PDF: how many requests of a process may wait for its renderer.

The renderer makes one PDF at a time. A request that waits for it holds a thread, but no slot of the
database; few may wait, and the others are told at once to come again, so that pages keep threads.
"""

import threading
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse

from scoring.report.renderer import pdf_of
from scoring.web.database_slots import outside_the_database
from scoring.web.unavailable import Cause, NotAvailableError

# The PDF under way, and a quarter of the threads behind it.
_places = threading.BoundedSemaphore(1 + settings.THREADS // 4)


def pdf_response(document: Callable[[], str], *, name: str) -> HttpResponse:
    """The document as a PDF to look at. Raises as ``printed``."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(printed(document), content_type="application/pdf", headers=headers)


def printed(document: Callable[[], str]) -> bytes:
    """The document as PDF; ``document`` makes its HTML.

    Raises NotAvailableError where too many wait already, and ReportError.
    """
    if not _places.acquire(blocking=False):
        raise NotAvailableError(Cause.REPORTS_BUSY)
    try:
        html = document()
        with outside_the_database():
            return pdf_of(html)
    finally:
        _places.release()
