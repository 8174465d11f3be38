"""Validators of what a person types, the same for forms, commands and accounts from elsewhere."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.entry.characters import Kind, has_letter, refused_character
from scoring.words.types import Words

# So much of the text before a refused character is said, to find the place.
_BEFORE = 12
_KINDS: dict[Kind, Words] = {
    Kind.CONTROL: gettext_lazy("an invisible control character"),
    Kind.DIRECTION: gettext_lazy("an invisible character that reverses the direction of writing"),
    Kind.INVISIBLE: gettext_lazy("an invisible character"),
    Kind.LINE: gettext_lazy("an invisible line separator"),
    Kind.PRIVATE: gettext_lazy("a character of a private font, which others can't read"),
    Kind.UNASSIGNED: gettext_lazy("a code that is no character"),
}


def refuse_unreadable(text: str) -> None:
    """Raise ValidationError for the first character that others would not see, or not as meant."""
    refused = refused_character(text)
    if refused is None:
        return
    words = {
        "what": _KINDS[refused.kind],
        "code": f"U+{ord(refused.character):04X}",
        "before": text[max(0, refused.place - _BEFORE) : refused.place].strip(),
    }
    message = (
        _("after “%(before)s” stands %(what)s (%(code)s). Delete it there, or type the text again.")
        if words["before"]
        else _("it begins with %(what)s (%(code)s). Delete it, or type the text again.")
    )
    raise ValidationError(message % words, code="unreadable")


def need_letter(name: str) -> None:
    """Raise ValidationError for a name in which no letter is seen."""
    if not has_letter(name):
        raise ValidationError(
            _("you entered “%(entered)s”, which has no letter. A name needs at least one.")
            % {"entered": name[:_BEFORE]},
            code="no_letter",
        )


def readable_name(name: str) -> None:
    """Raise ValidationError for a name that others can't read as it is meant."""
    refuse_unreadable(name)
    need_letter(name)
