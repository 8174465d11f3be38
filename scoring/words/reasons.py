"""Reasons that nobody typed, in words; typed ones are shown as they are."""

from django.utils.translation import gettext_lazy as _

from scoring.words.types import Words

_REASONS: dict[str, Words] = {
    "undone_within_ten_minutes": _("undone within ten minutes"),
    "recorded_after_undo": _("recorded after it was undone"),
}


def reason_text(reason: str) -> str:
    """The words for a code, or the reason as typed."""
    return str(_REASONS.get(reason, reason))


def reason_clause(reason: str) -> str:
    """The same without a stop at its end, where the mark of a sentence follows."""
    return reason_text(reason).rstrip(".。 ")
