"""Reasons that nobody typed, in words; typed ones are shown as they are."""

from django.utils.translation import gettext_lazy as _

from scoring.words.types import Words

_REASONS: dict[str, Words] = {
    "undone_within_ten_minutes": _("undone within ten minutes"),
    "recorded_after_undo": _("recorded after it was undone"),
    # Why a session ended.
    "idle": _("no activity"),
    "session hours": _("the longest time of a session is over"),
    "from another session": _("ended from another session"),
    # Why somebody was not signed in, where the hospital can do something about it.
    "too soon after a failure": _("too soon after a failure"),
    "signature counter went back": _("the signature counter went back: perhaps a copy"),
    "no account that may sign in": _("no account that may sign in"),
    "the account is bound to another person there": _(
        "the account is bound to another person at the sign-in service"
    ),
    "no username among the claims": _("the sign-in service gave no username"),
    "user name or printed name holds what it may not": _(
        "the username or printed name has characters that are not allowed"
    ),
    "the name is taken": _("somebody else has this username or printed name"),
    "nobody could manage users any more": _("nobody could manage users any more"),
    "too many wait for the service": _("too many wait for the sign-in service"),
}


def reason_text(reason: str) -> str:
    """The words for a code, or the reason as typed."""
    return str(_REASONS.get(reason, reason))


def reason_clause(reason: str) -> str:
    """The same without a stop at its end, where the mark of a sentence follows."""
    return reason_text(reason).rstrip(".。 ")
