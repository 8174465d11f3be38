"""What a password may not be, besides Django's own rules."""

import re

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What somebody at this site thinks of first; docs/accounts.md lists them.
SITE_WORDS = (
    "administrator", "back", "clinician", "fracture", "hospital", "kyphoplasty", "nomogram",
    "osteoporosis", "pain", "rbp", "residual", "reviewer", "risk", "spine", "vertebra", "ward",
)  # fmt: skip
_OWN_CHARACTERS = 6


class KnownWordsValidator:
    """Refuses a password of the user name and words of the site, and of next to nothing else."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError where fewer than six characters are of neither."""
        own = password.casefold()
        for word in sorted(_known_words(user), key=len, reverse=True):
            own = own.replace(word, "")
        if len(own) < _OWN_CHARACTERS:
            raise ValidationError(self.get_help_text(), code="password_of_known_words")

    def get_help_text(self) -> str:
        """For Django's own commands; the site has words of its own."""
        return _("The password is little more than the user name and words of the site.")


def _known_words(user: AbstractBaseUser | None) -> set[str]:
    """In lower case: the user name, the words of the site, of its host names and of the ward's."""
    named = " ".join([*settings.ALLOWED_HOSTS, settings.WARD_NAME]).casefold()
    name = user.get_username().casefold() if user else ""
    return {*SITE_WORDS, *re.findall(r"[^\W\d_]{3,}", named), *([name] if name else [])}
