"""Before every view: is signing in complete, and may this user open the page?

Each view says who may open it, by one of the decorators here; one that says nothing is refused to
everybody. ``SignInFirstMiddleware`` has sent whoever is not signed in to the sign-in page before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from scoring import queries
from scoring.models import Right, User
from scoring.web import drafts
from scoring.web.sessions import signed_in_elsewhere

_V = TypeVar("_V", bound=Callable[..., HttpResponseBase])
# Open also before signing in is complete.
ALWAYS = {"session-extend"}
# The pages of a step that has more than its own.
_PAGES = {"second-factor-set-up": {"authenticator-set-up", "passkey-add"}}


@dataclass(frozen=True)
class Access:
    """Who may open a view."""

    rights: frozenset[Right] = frozenset()
    public: bool = False
    # Where somebody without the right is led, who only opened the site.
    leads_home: bool = False


class _Declared(Protocol):
    access: Access


def needs(*rights: Right, leads_home: bool = False) -> Callable[[_V], _V]:
    """A view for those who have all these rights; 403 for everybody else."""
    return _declaring(Access(frozenset(rights), leads_home=leads_home))


def for_everybody(view: _V) -> _V:
    """A view for every signed-in user, whatever the role."""
    return _declaring(Access())(view)


def public(view: _V) -> _V:
    """A view that needs no sign-in. It shows nothing about anybody."""
    return login_not_required(_declaring(Access(public=True))(view))


def access_of(view: Callable[..., object]) -> Access | None:
    """What a view declares."""
    return getattr(view, "access", None)


def _declaring(access: Access) -> Callable[[_V], _V]:
    def declare(view: _V) -> _V:
        cast(_Declared, view).access = access
        return view

    return declare


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Leads whoever is not signed in to the sign-in page, and from there to where they were."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        """A form leads to the page it stood on."""
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(page_of_form(request))


def page_of_form(request: HttpRequest) -> str:
    """The page on which a form stood: many addresses take forms alone. "" where it is not told."""
    page = request.headers.get("Referer", "")
    return page if is_ours(request, page) else ""


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address that came with a request is one of this site."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


class GateMiddleware:
    """Keeps the declarations."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None lets the request pass."""
        access = access_of(view)
        if access is None:
            raise PermissionDenied("the view declares no access")
        if access.public or not isinstance(user := request.user, User):
            return None
        here = request.resolver_match.url_name if request.resolver_match else None
        step = pending_sign_in_step(request)
        if step is not None and here not in {step, *_PAGES.get(step, ()), *ALWAYS}:
            return redirect(_leading_on(request, step))
        if not user.has_perms(sorted(access.rights)):
            if access.leads_home and request.method in {"GET", "HEAD"}:
                return redirect(home(user))
            raise PermissionDenied
        return None


def _leading_on(request: HttpRequest, step: str) -> str:
    """The page of a step, which leads on to where the request wanted to go."""
    after = drafts.way_back(request)
    return f"{reverse(step)}?{urlencode({'next': after})}" if after else reverse(step)


def home(user: User) -> str:
    """The name of the page where this user's work begins."""
    if user.has_perm(Right.SEE_PATIENTS):
        return "worklist"
    return "users" if user.has_perm(Right.MANAGE_USERS) else "account"


def pending_sign_in_step(request: HttpRequest) -> str | None:
    """What is left to do before signing in is complete, as the name of its page."""
    user = request.user
    if not isinstance(user, User):
        return None
    # Kept for the request: templates ask, too.
    if not hasattr(request, "_pending_step"):
        request._pending_step = _pending_sign_in_step(request, user)  # type: ignore[attr-defined]
    return cast(str | None, request._pending_step)  # type: ignore[attr-defined]


def _pending_sign_in_step(request: HttpRequest, user: User) -> str | None:
    elsewhere = signed_in_elsewhere(request)
    trusted = elsewhere and settings.OIDC_TRUST_SECOND_FACTOR
    verified: bool = user.is_verified()  # type: ignore[attr-defined]  # by OTPMiddleware
    has_one = verified or queries.has_second_factor(user)
    if has_one and not (verified or trusted):
        return "second-factor"
    if user.temporary_password_until is not None and not elsewhere:
        return "password-change"
    if not has_one and not trusted and second_factor_is_compulsory(user):
        return "second-factor-set-up"
    return None


def second_factor_is_compulsory(user: User) -> bool:
    """Whether one of the user's roles needs it."""
    wanted: list[str] = settings.SECOND_FACTOR_ROLES
    return bool(wanted) and not set(wanted).isdisjoint(user.roles)
