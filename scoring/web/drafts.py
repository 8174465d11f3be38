"""Unfinished forms: what is typed into a form is kept on the server until it is saved.

The forms of an assessment are kept while they are filled in, every form when its session ends.
Only the user who typed gets it back. The form itself says whose it is and where it belongs,
signed, so that this is known even when its session is gone.
"""

from collections.abc import Callable
from typing import NamedTuple
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
from scoring.entry.ids import uuid_in
from scoring.models import Assessment, Draft, Outcome, Patient, PatientCorrection, User
from scoring.models.draft import KEPT_FOR
from scoring.web.resent import form_token, token_of
from scoring.words.marks import sentences

# The hidden field by which a form says whose it is.
OWNER_FIELD = "kept_for"
_SALT = "scoring.drafts"
# Other forms of the page that are filled in, each as a form is sent (static/scoring/session.js).
OTHERS_FIELD = "other_form"
_NOT_KEPT = {OWNER_FIELD, OTHERS_FIELD, "csrfmiddlewaretoken", "signed_in", "sent", "save"}
# What a form holds before anything is typed into it.
_NOT_TYPED = {"form_token", "pdw_unit", "board", "in_row", "expected"}

# Pages on which one thing is done once: when it is done, nothing there is unfinished.
_DONE_ONCE = {
    "assessment-complete",
    "assessment-void",
    "assessment-reinstate",
    "assessment-no-radiograph",
    "assessment-cancel",
    "assessment-resume",
    "assessment-postpone",
    "outcome-day-3",
    "outcome-day-30",
}


def owner_mark(user: User, address: str) -> str:
    """What a form carries: its user and its address, signed."""
    return signing.dumps([user.pk, address], salt=_SALT)


class Kept(NamedTuple):
    """What became of a form that was to be kept.

    ``address`` is the page to go on at, "" where the form is nobody's. ``has_draft``: something
    was typed, and it is kept. ``was_saved``: the form had made its record before, so that nothing
    is kept; the address is that of the record.
    """

    address: str = ""
    has_draft: bool = False
    was_saved: bool = False


def _owner(sent: QueryDict) -> tuple[int, str] | None:
    """Whose form was sent and where it belongs; None where that isn't known for certain.

    The mark lasts longer than a session: a computer may wake up with a form of days ago.
    """
    try:
        pk, address = signing.loads(sent.get(OWNER_FIELD, ""), salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return pk, address


def keep(request: HttpRequest) -> str:
    """Keep the form that was sent; the page to go on at, "" where it is nobody's."""
    kept = autosave(request)
    if kept.was_saved:
        messages.warning(request, _was_saved())
    return kept.address


def autosave(request: HttpRequest) -> Kept:
    """Keep the form that was sent without a word to its user."""
    # Whatever comes of it: nothing is done with the form, so that a draft of it stays.
    request.form_is_kept = True  # type: ignore[attr-defined]
    return _keep(request, request.POST)


def keep_all(request: HttpRequest) -> list[Kept]:
    """Keep the form that was sent and the others of its page, without a word to their user."""
    return [autosave(request), *keep_others(request)]


def keep_others(request: HttpRequest) -> list[Kept]:
    """Keep the other forms of the page from which a form was sent."""
    return [_keep(request, QueryDict(sent)) for sent in request.POST.getlist(OTHERS_FIELD)]


def _was_saved() -> str:
    return _("This form was already saved. Changes you made after that are not kept.")


def _keep(request: HttpRequest, sent: QueryDict) -> Kept:
    owner, token = _owner(sent), token_of(sent)
    if owner is None or token is None:
        return Kept()
    pk, address = owner
    user = request.user if request.user.pk == pk else queries.user_by_id(pk)
    if not isinstance(user, User):
        return Kept()
    # PostgreSQL takes no null character.
    fields = {
        name.replace("\x00", ""): [value.replace("\x00", "") for value in values]
        for name, values in sent.lists()
        if name not in _NOT_KEPT
    }
    if not any(
        "".join(values).strip() for name, values in fields.items() if name not in _NOT_TYPED
    ):
        actions.forget_draft(owner=user, token=token)
        return Kept(address)
    patient = _patient_of(address, sent.get("known_patient", ""))
    if actions.keep_draft(owner=user, token=token, address=address, fields=fields, patient=patient):
        return Kept(address_of(address, token), has_draft=True)
    return Kept(_page_of_record(token) or address, was_saved=True)


def _page_of_record(token: UUID) -> str:
    """The page of what the form with this token has made, "" where it has none of its own."""
    made = queries.saved_with(token)
    if isinstance(made, Assessment):
        return reverse("assessment-result", args=[made.pk])
    if isinstance(made, Outcome):
        return reverse("assessment-result", args=[made.chain.current_id])
    if isinstance(made, PatientCorrection):
        return reverse("patient-detail", args=[made.patient_id])
    return ""


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
    """Deletes the draft of a form that was taken: the answer leads to what it made.

    With it what the same user typed there before: into a row of the worklist, say.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """After a form was sent that was not kept."""
        response = self.get_response(request)
        is_taken = request.method == "POST" and response.status_code == 302
        if is_taken and not hasattr(request, "form_is_kept"):
            user, token = request.user, form_token(request)
            if isinstance(user, User) and token is not None:
                match = request.resolver_match
                is_done = match is not None and match.url_name in _DONE_ONCE
                address = request.path if is_done else ""
                actions.forget_draft(owner=user, token=token, address=address)
        return response


def is_left(request: HttpRequest) -> bool:
    """Whether "Save unfinished" was pressed."""
    return request.method == "POST" and request.POST.get("save") == "unfinished"


def left(request: HttpRequest) -> HttpResponse:
    """Keep the form and lead to the worklist, which offers it."""
    kept = autosave(request)
    if kept.has_draft:
        messages.success(request, _("Kept as unfinished. It is not assessed yet."))
    elif kept.was_saved:
        messages.warning(request, _was_saved())
        return redirect(kept.address)
    return redirect("worklist")


def is_of_somebody(request: HttpRequest) -> bool:
    """Whether what was sent is a form that can be kept."""
    return _owner(request.POST) is not None


def is_of_another(request: HttpRequest) -> bool:
    """Whether another user opened the form than the one who sends it."""
    owner = _owner(request.POST)
    return owner is not None and owner[0] != request.user.pk


def keep_for_sign_in(request: HttpRequest, signed_out: str = "") -> str:
    """Keep the forms that were sent; the sign-in page that leads back to what was typed.

    ``signed_out`` says why the session ended; the page shows all sentences in one message.
    """
    kept = keep_all(request)
    drafts = [one for one in kept if one.has_draft]
    said = [signed_out]
    if len(drafts) == 1:
        said.append(_("What you typed is kept. Sign in as the same user to continue."))
    elif drafts:
        said.append(
            _(
                "What you typed is kept, %(count)s forms. Sign in as the same user: the worklist "
                "shows them."
            )
            % {"count": len(drafts)}
        )
    if any(one.was_saved for one in kept):
        said.append(_was_saved())
    if any(said):
        messages.add_message(
            request, messages.WARNING if any(said[1:]) else messages.INFO, sentences(*said)
        )
    after = reverse("worklist") if len(drafts) > 1 else (drafts or kept)[0].address
    return f"{reverse('sign-in')}?{urlencode({'next': after})}" if after else reverse("sign-in")


def opened(request: HttpRequest) -> Draft | None:
    """The draft of this page that the user goes on with."""
    user, wanted = request.user, request.GET.get("draft", "")
    if request.method not in {"GET", "HEAD"} or not wanted or not isinstance(user, User):
        return None
    draft = queries.draft(user, uuid_in(wanted))
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
