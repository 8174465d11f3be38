"""What a password may not be, besides Django's own rules."""

import re

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

# What somebody at this site thinks of first; docs/accounts.md lists them.
SITE_WORDS = (
    "administrator", "back", "clinician", "fracture", "hospital", "kyphoplasty", "nomogram",
    "osteoporosis", "pain", "rbp", "residual", "reviewer", "risk", "spine", "vertebra", "ward",
)  # fmt: skip
_OWN_CHARACTERS = 6
# On zxcvbn's scale from 0 to 4: 3 means that a hundred million guesses do not suffice.
_LEAST_SCORE = 3
# It takes no longer ones, and their beginning decides.
_LONGEST_JUDGED = 72


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


class GuessedSoonValidator:
    """Refuses what is guessed soon: common passwords, words, names, keys in a row, and their joins.

    Django's list of common passwords has 190 of 12 characters and more, so that it refuses next to
    nothing here. Estimated by zxcvbn (Wheeler, USENIX Security 2016).
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError where a hundred million guesses would find it."""
        judged = zxcvbn(password[:_LONGEST_JUDGED], user_inputs=sorted(_known_words(user)))
        if judged["score"] < _LEAST_SCORE:
            raise ValidationError(self.get_help_text(), code="password_guessed_soon")

    def get_help_text(self) -> str:
        """For Django's own commands; the site has words of its own."""
        return _("The password is guessed soon.")


def _known_words(user: AbstractBaseUser | None) -> set[str]:
    """In lower case: the user name, the words of the site, of its host names and of the ward's."""
    named = " ".join([*settings.ALLOWED_HOSTS, settings.WARD_NAME]).casefold()
    name = user.get_username().casefold() if user else ""
    return {*SITE_WORDS, *re.findall(r"[^\W\d_]{3,}", named), *([name] if name else [])}
