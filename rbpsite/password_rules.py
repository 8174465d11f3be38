"""What a password may not be, besides Django's own rules."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_OWN_CHARACTERS = 4


class RepeatedNameValidator:
    """Refuses a password that is the user name once or several times, and next to nothing else."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError where fewer than four characters are not of the user name."""
        name = user.get_username().casefold() if user else ""
        if name and len(password.casefold().replace(name, "")) < _OWN_CHARACTERS:
            raise ValidationError(self.get_help_text(), code="password_too_similar")

    def get_help_text(self) -> str:
        """For Django's own commands; the site has words of its own."""
        return _("The password is little more than the user name.")
