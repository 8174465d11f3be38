"""Users, for the administrator: created, changed, disabled, unlocked, reset; never deleted."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scoring import actions, queries
from scoring.forms.links import error_links
from scoring.forms.users import ChangeUserForm, NewUserForm, UserForm
from scoring.http.actor import actor, origin
from scoring.http.methods import get_or_post
from scoring.models import Right, Role, User
from scoring.models.roles import in_order
from scoring.web.access import View
from scoring.web.first_steps import first_steps
from scoring.web.gate import home, needs, second_factor_is_compulsory
from scoring.words.marks import listed


def of_user(view: View) -> View:
    """A view of one account, for administrators: 404 where there is none."""

    @needs(Right.MANAGE_USERS)
    @wraps(view)
    def loaded(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
        user = get_object_or_404(queries.people().prefetch_related("groups"), uuid=pk)
        return view(request, user, **more)

    return loaded


def _button(press: Callable[[HttpRequest, User], HttpResponse]) -> View:
    """A button on the page of an account; what is refused is said there."""

    @require_POST
    @of_user
    @wraps(press)
    def pressed(request: HttpRequest, user: User) -> HttpResponse:
        try:
            return press(request, user)
        except actions.OwnAccountError:
            messages.error(
                request,
                _(
                    "Nothing was changed: this is your own account. Change its password and second "
                    "factor under “Your account”, or ask another administrator."
                ),
            )
        except actions.LastAdministratorError:
            messages.error(
                request,
                _(
                    "This is the last active administrator. Make somebody else an "
                    "administrator first."
                ),
            )
        return redirect("user-change", pk=user.uuid)

    return pressed


def _changing(change: Callable[[HttpRequest, User], str]) -> View:
    """A button that does something, says so, and leads back to the page."""

    @_button
    @wraps(change)
    def changed(request: HttpRequest, user: User) -> HttpResponse:
        messages.success(request, change(request, user))
        return redirect("user-change", pk=user.uuid)

    return changed


@require_safe
@needs(Right.MANAGE_USERS)
def users(request: HttpRequest) -> HttpResponse:
    """Who has an account, with which roles, and whether it can be used."""
    context = {"accounts": queries.accounts(), "first_steps": first_steps(request)}
    return render(request, "scoring/users.html", context)


@get_or_post
@needs(Right.MANAGE_USERS)
def user_new(request: HttpRequest) -> HttpResponse:
    """A new account with a temporary password, shown this once."""
    form = NewUserForm(request.POST or None)
    if form.is_valid():
        password = actions.given_password()
        try:
            made = actions.create_user(
                by=actor(request),
                username=form.cleaned_data["username"],
                display_name=form.cleaned_data["display_name"],
                roles=form.cleaned_data["roles"],
                ward=form.cleaned_data["ward"],
                password=password,
                temporary=True,
                origin=origin(request),
            )
        except (actions.UsernameTakenError, actions.PersonHasAccountError) as error:
            form.refuse(error)
        else:
            return _password_page(request, made, password)
    return _form_page(request, "scoring/user_new.html", form)


@get_or_post
@of_user
def user_change(request: HttpRequest, user: User) -> HttpResponse:
    """Name and roles; the buttons for everything else stand beside."""
    form = ChangeUserForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            user = actions.change_user(
                by=actor(request), user=user, origin=origin(request), **form.cleaned_data
            )
        except actions.StaleUserError:
            return _overtaken(request, user)
        except (actions.PersonHasAccountError, actions.LastAdministratorError) as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            gave_up = not user.has_perm(Right.MANAGE_USERS) and user == actor(request)
            return redirect(home(user)) if gave_up else redirect("user-change", pk=user.uuid)
    return _form_page(
        request,
        "scoring/user_change.html",
        form,
        account=queries.account(user),
        is_compulsory=second_factor_is_compulsory(user),
        is_me=user.pk == actor(request).pk,
        roles_from_service=_roles_from_service(user),
    )


def _roles_from_service(user: User) -> str:
    """The roles that each sign-in at the hospital's service sets anew; "" where it sets none."""
    if not (settings.OIDC_ROLES_CLAIM and user.service_subject):
        return ""
    return listed(Role(role).label for role in in_order(settings.OIDC_ROLES_MAP.values()))


def _overtaken(request: HttpRequest, user: User) -> HttpResponse:
    """To the page anew: it would give back a role that somebody has taken away meanwhile."""
    said = _(
        "Nothing was saved: the account was changed after you opened its page. Check what is on "
        "record now, and make your change again."
    )
    messages.warning(request, said)
    return redirect("user-change", pk=user.uuid)


@_changing
def user_disable(request: HttpRequest, user: User) -> str:
    """No sign-in any more; what the person did stays on record under the name."""
    actions.disable_user(by=actor(request), user=user, origin=origin(request))
    return _("%(user)s can no longer sign in, and is signed out everywhere.") % {"user": user}


@_changing
def user_enable(request: HttpRequest, user: User) -> str:
    """Sign-in works again."""
    actions.enable_user(by=actor(request), user=user, origin=origin(request))
    return _("%(user)s can sign in again.") % {"user": user}


@_changing
def user_unlock(request: HttpRequest, user: User) -> str:
    """Failed sign-ins are forgotten, from whichever address they came."""
    actions.unlock_user(by=actor(request), username=user.username, origin=origin(request))
    return _("%(user)s can try to sign in again.") % {"user": user}


@_changing
def user_second_factor_reset(request: HttpRequest, user: User) -> str:
    """For a lost telephone."""
    actions.reset_second_factor(by=actor(request), user=user, origin=origin(request))
    return _("%(user)s can now sign in without a code, until a new second factor is set up.") % {
        "user": user
    }


@_changing
def user_release(request: HttpRequest, user: User) -> str:
    """Another hospital account of the same person, or a name that was given to another."""
    actions.release_user(by=actor(request), user=user, origin=origin(request))
    return _("The next hospital account that signs in as %(name)s is bound to %(user)s.") % {
        "name": user.username,
        "user": user,
    }


@_button
def user_password_reset(request: HttpRequest, user: User) -> HttpResponse:
    """A temporary password, shown this once."""
    password = actions.given_password()
    actions.reset_password(by=actor(request), user=user, password=password, origin=origin(request))
    return _password_page(request, user, password)


def _password_page(request: HttpRequest, user: User, password: str) -> HttpResponse:
    """Shown once and kept nowhere: no redirect, no message in the session."""
    hours = settings.TEMPORARY_PASSWORD_HOURS
    context = {"account_user": user, "password": password, "hours": hours}
    return render(request, "scoring/user_password.html", context)


def _form_page(request: HttpRequest, template: str, form: UserForm, **more: object) -> HttpResponse:
    context = {"form": form, "errors": error_links(form), **more}
    return render(request, template, context, status=422 if form.errors else 200)
