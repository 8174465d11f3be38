"""The peer of the lists: Django's own admin over the same record, with the same columns and rows.

It runs without the site's middleware, session and access log: what it takes is a lower bound.
"""

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from rbpsite.urls import urlpatterns as site_urlpatterns
from scoring.models import Assessment
from script.lib.abort import Abort
from script.lib.bench.measuring import milliseconds

_ROWS = 15


class AssessmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # none at run time
    """A list as Django makes it: related rows with the same statement, and a search."""

    list_display = (
        *("created_at", "patient", "hospital_number", "birth_date", "state"),
        *("restored_total_points", "not_restored_total_points"),
        *("restored_risk", "not_restored_risk"),
        *("vas_day_3", "vas_day_30", "rbp", "created_by_name"),
    )
    list_select_related = ("patient", "chain")
    list_per_page = _ROWS
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


def measure_against_admin(client: Client, user: Any, repeat: int) -> Iterator[str]:
    """The worklist and the history in turns with the admin's list: a table's lines in Markdown."""
    pages: dict[str, Callable[[], object]] = {
        "Django's admin": _changelist(user),
        "worklist": lambda: client.get("/"),
        "history, first page": lambda: client.get("/history"),
    }
    for page in pages.values():
        page()
    turns = [[milliseconds(page) for page in pages.values()] for _ in range(repeat)]
    medians = [statistics.median(column) for column in zip(*turns, strict=True)]
    yield "| list | ms | of the admin's time |"
    yield "|---|---:|---:|"
    for name, median in zip(pages, medians, strict=True):
        yield f"| {name} | {median:.1f} | {median / medians[0]:.2f} |"


def _changelist(user: Any) -> Callable[[], object]:
    view: Any = AssessmentAdmin(Assessment, admin.site)

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
