"""The page "Connections": other programs that send to the site or use it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scoring import actions, queries
from scoring.forms.links import error_links
from scoring.forms.tokens import TokenForm
from scoring.http.actor import actor, origin
from scoring.models import ApplicationToken, Right
from scoring.web.ehr_connections import client_rows, server_rows
from scoring.web.gate import needs
from scoring.web.laboratory import laboratory_state


@require_safe
@needs(Right.MANAGE_USERS)
def connections(request: HttpRequest) -> HttpResponse:
    """Which programs may use the site, and a form for another."""
    return _page(request, TokenForm())


@require_POST
@needs(Right.MANAGE_USERS)
def token_create(request: HttpRequest) -> HttpResponse:
    """A token for another program, shown this once: no redirect, no message in the session."""
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            token, text = actions.create_token(
                by=actor(request), origin=origin(request), **form.facts()
            )
        except actions.PersonHasAccountError as error:
            form.refuse_name(error)
        else:
            return render(request, "scoring/token_create.html", {"token": token, "text": text})
    return _page(request, form)


@require_POST
@needs(Right.MANAGE_USERS)
def token_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The program is refused from its next request on."""
    token = get_object_or_404(ApplicationToken, pk=pk)
    actions.revoke_token(by=actor(request), token=token, origin=origin(request))
    said = _("The token of %(name)s is revoked: it can't be used any more.")
    messages.success(request, said % {"name": token.user})
    return redirect("connections")


def _page(request: HttpRequest, form: TokenForm) -> HttpResponse:
    context = {
        "laboratory": laboratory_state(),
        "servers": server_rows(),
        "clients": client_rows(),
        "tokens": queries.application_tokens(),
        "form": form,
        "errors": error_links(form),
        "reads_days": True,
    }
    return render(request, "scoring/connections.html", context, status=422 if form.errors else 200)
