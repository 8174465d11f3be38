"""The peer of the lists: Django's own admin over the same record, with the same columns and rows.

It runs without the site's middleware, session and access log: what it takes is a lower bound.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from rbpsite.urls import urlpatterns as site_urlpatterns
from scoring.models import Assessment
from script.lib.abort import Abort
from script.lib.bench.measuring import medians, milliseconds
from script.lib.bench.pages import FULLEST_PATIENT

# The rows of a page of the site's lists, and those of its worklist.
_FEW, _MANY = 15, 50


class AssessmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # none at run time
    """A list as Django makes it: related rows with the same statement, and a search."""

    list_display = (
        *("created_at", "patient", "hospital_number", "birth_date", "state"),
        *("restored_total_points", "not_restored_total_points"),
        *("restored_risk", "not_restored_risk"),
        *("vas_day_3", "vas_day_30", "rbp", "created_by_name"),
    )
    list_select_related = ("patient", "chain")
    ordering = ("-created_at", "-id")
    search_fields = ("patient__hospital_number__startswith", "patient__search_name")

    def hospital_number(self, version: Assessment) -> str:
        """Of the patient."""
        return version.patient.hospital_number

    def birth_date(self, version: Assessment) -> object:
        """Of the patient."""
        return version.patient.birth_date

    def vas_day_3(self, version: Assessment) -> int | None:
        """Of the chain."""
        return version.chain.vas_day_3

    def vas_day_30(self, version: Assessment) -> int | None:
        """Of the chain."""
        return version.chain.vas_day_30

    def rbp(self, version: Assessment) -> str:
        """Of the chain."""
        return str(version.chain.rbp)


admin.site.register(Assessment, AssessmentAdmin)
urlpatterns = [*site_urlpatterns, path("peer/", admin.site.urls)]


def measure_against_admin(client: Client, user: Any, patient: str, repeat: int) -> Iterator[str]:
    """Each page in turns with the admin's list of as many rows, by the clock and by processor time.

    ``patient`` is the address of one. The lines of a table in Markdown.
    """
    peers = {f"Django's admin, {rows} rows": rows for rows in (_FEW, _MANY)}
    addresses = {
        "worklist, 50 rows": ("/", _MANY),
        "history, 15 rows": ("/history", _FEW),
        "history, 50 rows": ("/history?rows=50", _MANY),
        FULLEST_PATIENT: (patient, _FEW),
    }
    pages: dict[str, Callable[[], object]] = {
        name: _changelist(user, rows) for name, rows in peers.items()
    }
    pages |= {name: partial(client.get, address) for name, (address, _rows) in addresses.items()}
    of_rows = peers | {name: rows for name, (_address, rows) in addresses.items()}
    for page in pages.values():
        page()
    clock = medians(pages.values(), milliseconds, repeat)
    with connection.cursor() as cursor:
        # What parallel workers take is not seen in the process of the connection.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        processor = medians(pages.values(), _processor_milliseconds, repeat)
        cursor.execute("RESET max_parallel_workers_per_gather")
    yield "| list | ms | of the admin's | processor ms | of the admin's |"
    yield "|---|---:|---:|---:|---:|"
    for name, ms, taken in zip(pages, clock, processor, strict=True):
        peer = list(peers.values()).index(of_rows[name])
        yield (
            f"| {name} | {ms:.1f} | {ms / clock[peer]:.2f} "
            f"| {taken:.1f} | {taken / processor[peer]:.2f} |"
        )


def _processor_milliseconds(page: Callable[[], object]) -> float:
    """What a page takes of the processor, here and in the process of the connection."""
    until_now = _taken()
    page()
    return (_taken() - until_now) * 1000


def _taken() -> float:
    """Seconds. Raises Abort where PostgreSQL runs on another computer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not backend.exists():
        raise Abort("The processor time of PostgreSQL on another computer can't be read.")
    return time.process_time() + int(backend.read_text().split()[0]) / 1e9


def _changelist(user: Any, rows: int) -> Callable[[], object]:
    view: Any = AssessmentAdmin(Assessment, admin.site)
    view.list_per_page = rows

    def page() -> None:
        request: HttpRequest = RequestFactory().get("/peer/scoring/assessment/")
        request.user = user
        # Instead of a right for each model, which only the admin needs.
        user.is_superuser = True
        with override_settings(ROOT_URLCONF=__name__):
            response = view.changelist_view(request)
            if response.status_code != 200:
                raise Abort("The admin's list does not answer.")
            response.render()

    return page
