"""The page "Ward settings", and putting the first steps away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from scoring import actions, queries
from scoring.models import Right
from scoring.web.access import origin, signed_in_user
from scoring.web.forms.links import error_links
from scoring.web.forms.ward import NewWardForm, WardSettingsForm
from scoring.web.gate import home, needs
from scoring.web.ward import ward_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_WARD)
def ward_settings(request: HttpRequest) -> HttpResponse:
    """What holds for the whole ward, and who changed it last."""
    form = WardSettingsForm(request.POST or None, ward=ward_of(request))
    if form.is_valid():
        try:
            actions.change_ward_settings(
                by=signed_in_user(request),
                facts=form.facts(),
                opened=form.cleaned_data["revision"],
                origin=origin(request),
            )
        except actions.WardConflictError as conflict:
            form = form.on_top_of(conflict)
        else:
            messages.success(request, _("Saved."))
            return redirect("ward-settings")
    return _page(request, form, NewWardForm())


@require_POST
@needs(Right.MANAGE_WARD)
def ward_add(request: HttpRequest) -> HttpResponse:
    """Another ward for users and patients."""
    new = NewWardForm(request.POST)
    if new.is_valid():
        name = new.cleaned_data["name"]
        try:
            actions.add_ward(by=signed_in_user(request), name=name, origin=origin(request))
        except actions.WardNameTakenError:
            new.refuse_taken()
        else:
            messages.success(request, _("Saved."))
            return redirect("ward-settings")
    return _page(request, WardSettingsForm(None, ward=ward_of(request)), new)


def _page(request: HttpRequest, form: WardSettingsForm, new: NewWardForm) -> HttpResponse:
    context = {
        "form": form,
        "errors": error_links(form, new),
        "now": timezone.now(),
        "new_ward": new,
        "wards": queries.wards(),
        "users_without_ward": queries.users_without_ward(),
        "patients_without_ward": queries.patients_without_ward(),
    }
    status = 422 if form.errors or new.errors else 200
    return render(request, "scoring/ward_settings.html", context, status=status)


@require_POST
@needs(Right.MANAGE_WARD)
def first_steps_hide(request: HttpRequest) -> HttpResponse:
    """Put the card away for every administrator of this installation."""
    actions.hide_first_steps(by=signed_in_user(request), origin=origin(request))
    messages.success(
        request, _("“First steps” is hidden. You can show it again under “Ward settings”.")
    )
    return redirect(home(signed_in_user(request)))
