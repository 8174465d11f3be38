"""Unfinished forms: what is typed into a form is kept on the server until it is saved.

The forms of an assessment are kept while they are filled in, every form when its session ends.
Only the user who typed gets it back. The form itself says whose it is and where it belongs,
signed, so that this is known even when its session is gone.
"""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.models import Draft, Patient, User
from scoring.models.draft import KEPT_FOR
from scoring.web.resent import form_token
from scoring.words.marks import sentences

# The hidden field by which a form says whose it is.
OWNER_FIELD = "kept_for"
_SALT = "scoring.drafts"
_NOT_KEPT = {OWNER_FIELD, "csrfmiddlewaretoken", "signed_in", "sent", "save"}
# What a form holds before anything is typed into it.
_NOT_TYPED = {"form_token", "pdw_unit", "board", "in_row"}


def owner_mark(user: User, address: str) -> str:
    """What a form carries: its user and its address, signed."""
    return signing.dumps([user.pk, address], salt=_SALT)


def _owner(request: HttpRequest) -> tuple[int, str] | None:
    """Whose form was sent and where it belongs; None where that isn't known for certain.

    The mark lasts longer than a session: a computer may wake up with a form of days ago.
    """
    try:
        pk, address = signing.loads(request.POST.get(OWNER_FIELD, ""), salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return pk, address


def keep(request: HttpRequest) -> str:
    """Keep the form that was sent; the address it is opened at, "" where it is nobody's."""
    # Whatever comes of it: nothing is done with the form, so that a draft of it stays.
    request.form_is_kept = True  # type: ignore[attr-defined]
    owner, token = _owner(request), form_token(request)
    if owner is None or token is None:
        return ""
    pk, address = owner
    user = request.user if request.user.pk == pk else queries.user_by_id(pk)
    if not isinstance(user, User):
        return ""
    # PostgreSQL takes no null character.
    fields = {
        name.replace("\x00", ""): [value.replace("\x00", "") for value in values]
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
    }
    if any("".join(values).strip() for name, values in fields.items() if name not in _NOT_TYPED):
        patient = _patient_of(address, request.POST.get("known_patient", ""))
        actions.keep_draft(owner=user, token=token, address=address, fields=fields, patient=patient)
    else:
        actions.forget_draft(owner=user, token=token)
    return address_of(address, token)


def way_back(request: HttpRequest) -> str:
    """Where a request wanted to go that is led elsewhere first, "" where a form is nobody's.

    A form that was sent is kept and given back there; nothing is done yet.
    """
    return request.get_full_path() if request.method in {"GET", "HEAD"} else keep(request)


def _patient_of(address: str, known_patient: str) -> Patient | None:
    """The patient on record that a form is about: the one it shows, or the one of its page."""
    if known_patient:
        return queries.patient_by_id(known_patient)
    try:
        key = resolve(address).kwargs.get("pk")
    except Resolver404:
        return None
    return None if key is None else queries.patient_of(key)


def address_of(address: str, token: UUID) -> str:
    """Where a draft is opened."""
    return f"{address}?{urlencode({'draft': token.hex})}"


class DraftsMiddleware:
    """Deletes the draft of a form that was taken: the answer leads to what it made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """After a form was sent that was not kept."""
        response = self.get_response(request)
        is_taken = request.method == "POST" and response.status_code == 302
        if is_taken and not hasattr(request, "form_is_kept"):
            user, token = request.user, form_token(request)
            if isinstance(user, User) and token is not None:
                actions.forget_draft(owner=user, token=token)
        return response


def is_left(request: HttpRequest) -> bool:
    """Whether "Save unfinished" was pressed."""
    return request.method == "POST" and request.POST.get("save") == "unfinished"


def left(request: HttpRequest) -> HttpResponse:
    """Keep the form and lead to the worklist, which offers it."""
    keep(request)
    user = request.user
    if isinstance(user, User) and queries.draft(user, form_token(request)) is not None:
        messages.success(request, _("Kept as unfinished. It is not assessed yet."))
    return redirect("worklist")


def is_of_somebody(request: HttpRequest) -> bool:
    """Whether what was sent is a form that can be kept."""
    return _owner(request) is not None


def is_of_another(request: HttpRequest) -> bool:
    """Whether another user opened the form than the one who sends it."""
    owner = _owner(request)
    return owner is not None and owner[0] != request.user.pk


def keep_for_sign_in(request: HttpRequest, signed_out: str = "") -> str:
    """Keep the form that was sent; the sign-in page that leads back to it.

    ``signed_out`` says why the session ended; the page shows both sentences in one message.
    """
    kept_at = keep(request)
    if not kept_at:
        if signed_out:
            messages.info(request, signed_out)
        return reverse("sign-in")
    kept = _("What you typed is kept. Sign in as the same user to continue.")
    messages.warning(request, sentences(signed_out, kept))
    return f"{reverse('sign-in')}?{urlencode({'next': kept_at})}"


def opened(request: HttpRequest) -> Draft | None:
    """The draft of this page that the user goes on with."""
    user, wanted = request.user, request.GET.get("draft", "")
    if request.method not in {"GET", "HEAD"} or not wanted or not isinstance(user, User):
        return None
    try:
        draft = queries.draft(user, UUID(wanted))
    except ValueError:
        return None
    return draft if draft is not None and draft.address == request.path else None


def taken_back(request: HttpRequest) -> QueryDict | None:
    """What the user typed into this form before; the page says that it is not saved."""
    draft = opened(request)
    if draft is None:
        return None
    messages.warning(
        request, _("What you typed is restored. It is not saved yet: check it and save.")
    )
    typed = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        typed.setlist(name, values)
    return typed


def fill_in(request: HttpRequest, form: Form) -> None:
    """Show in an empty form what was typed into it before; nothing is judged before it is sent."""
    typed = taken_back(request)
    if typed is not None:
        # Whole, not beside what stood there: a box without a tick is not sent.
        form.initial = typed.dict()
