"""Forms sent again: a double click, the back button, a retry after a lost connection.

They lead to what they made the first time. Where something was changed in them since, the user is
told that it is not saved: otherwise the page would look as if it were.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from scoring import queries
from scoring.entry.ids import uuid_in
from scoring.models import Assessment
from scoring.web import after_saving


def form_token(request: HttpRequest) -> UUID | None:
    """The one-time token of the form that was sent; None where there is none to be read."""
    return token_of(request.POST)


def token_of(sent: QueryDict) -> UUID | None:
    """The one-time token among what a form sent; None where there is none to be read."""
    return uuid_in(sent.get("form_token", ""))


def version_made_before(request: HttpRequest) -> Assessment | None:
    """The version that this very form has made already."""
    return queries.made_by_form(Assessment, form_token(request))


def warn_of_changes(request: HttpRequest) -> None:
    """Say that what the form holds now is not what it made."""
    messages.warning(
        request,
        _(
            "This form was already saved, as you see it here. Changes you made after that are "
            "not saved. To correct it, start from this page."
        ),
    )


def to_version(request: HttpRequest, existing: Assessment, *, same: bool) -> HttpResponse:
    """Lead to the version that the form made."""
    if not same:
        warn_of_changes(request)
    return after_saving.to_result(request, existing)
