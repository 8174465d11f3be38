"""The page "Ward settings", and putting the first steps away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from scoring import actions, queries
from scoring.display import count_text
from scoring.forms.links import error_links
from scoring.forms.ward import GiveForm, NewWardForm, WardSettingsForm
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import Right
from scoring.web.gate import home, needs
from scoring.web.ward import ward_of


@get_or_post
@needs(Right.MANAGE_WARD)
def ward_settings(request: HttpRequest) -> HttpResponse:
    """What holds for the whole ward, and who changed it last."""
    form = WardSettingsForm(request.POST or None, ward=ward_of(request))
    if form.is_valid():
        try:
            actions.change_ward_settings(
                by=actor(request),
                facts=form.facts(),
                opened=form.cleaned_data["revision"],
                origin=origin(request),
            )
        except actions.WardConflictError as conflict:
            form = form.on_top_of(conflict)
        else:
            messages.success(request, _("Saved."))
            return redirect("ward-settings")
    return _page(request, form)


@require_POST
@needs(Right.MANAGE_WARD)
def ward_add(request: HttpRequest) -> HttpResponse:
    """Another ward for users and patients."""
    new = NewWardForm(request.POST)
    if new.is_valid():
        name = new.cleaned_data["name"]
        try:
            actions.add_ward(by=actor(request), name=name, origin=origin(request))
        except actions.WardNameTakenError:
            new.refuse_taken()
        else:
            messages.success(request, _("Saved."))
            return redirect("ward-settings")
    return _page(request, new=new)


@require_POST
@needs(Right.MANAGE_WARD)
def ward_give(request: HttpRequest) -> HttpResponse:
    """Every patient without a ward becomes one of this ward."""
    give = GiveForm(request.POST)
    if not give.is_valid():
        return _page(request, give=give)
    ward = give.cleaned_data["to"]
    count = actions.move_patients_without_ward(by=actor(request), ward=ward, origin=origin(request))
    said = ngettext(
        "%(count)s patient was given to %(ward)s.",
        "%(count)s patients were given to %(ward)s.",
        count,
    )
    messages.success(request, said % {"count": count_text(count), "ward": ward})
    return redirect("ward-settings")


def _page(
    request: HttpRequest,
    form: WardSettingsForm | None = None,
    new: NewWardForm | None = None,
    give: GiveForm | None = None,
) -> HttpResponse:
    """The page with its three forms; those that were not sent are as on record."""
    form = form or WardSettingsForm(None, ward=ward_of(request))
    new, give = new or NewWardForm(), give or GiveForm()
    errors = error_links(form, new, give)
    context = {
        "form": form,
        "errors": errors,
        "give": give,
        "now": timezone.now(),
        "new_ward": new,
        "wards": queries.wards(),
        "users_without_ward": queries.users_without_ward(),
        "patients_without_ward": queries.patients_without_ward(),
    }
    status = 422 if errors else 200
    return render(request, "scoring/ward_settings.html", context, status=status)


@require_POST
@needs(Right.MANAGE_WARD)
def first_steps_hide(request: HttpRequest) -> HttpResponse:
    """Put the card away for every administrator of this installation."""
    actions.hide_first_steps(by=actor(request), origin=origin(request))
    messages.success(
        request, _("“First steps” is hidden. You can show it again under “Ward settings”.")
    )
    return redirect(home(actor(request)))
