"""Who signs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff; accounts are personal and never deleted, only made inactive."""

    display_name = models.CharField(
        _("name as printed on reports"), max_length=100, help_text=_("For example Dr Chen Lei")
    )

    REQUIRED_FIELDS = ["display_name"]

    def __str__(self) -> str:
        """The name as pages and reports print it."""
        return self.display_name or self.username
